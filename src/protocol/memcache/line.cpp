#include "protocol/memcache/line.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace semantrix::memcache {

namespace {

constexpr std::string_view no_crlf = "a line does not end in CR LF";
constexpr std::string_view too_long = "a line is too long";

Line malformed(std::string_view fault) noexcept { return {Line::State::malformed, 0, 0, fault}; }

}  // namespace

Line find_line(std::string_view input, std::size_t begin, std::size_t from, std::size_t longest,
               Ending ending) noexcept {
  const std::size_t room = input.size() - begin;
  const bool enough = room >= longest + 2;  // No line that may be has its end behind these bytes.
  const std::size_t last = enough ? begin + longest + 2 : input.size();
  const auto* lf =
      from == last ? nullptr
                   : static_cast<const char*>(std::memchr(input.data() + from, '\n', last - from));
  if (lf == nullptr) {
    return enough ? malformed(too_long) : Line{Line::State::unfinished, 0, last, {}};
  }
  const auto at = static_cast<std::size_t>(lf - input.data());
  const bool has_cr = at > begin && input[at - 1] == '\r';
  const std::size_t size = at - begin - (has_cr ? 1 : 0);
  if (size > longest) return malformed(too_long);
  // Whoever took another end for one would read another reply than we do.
  const bool stray = std::memchr(input.data() + begin, '\r', size) != nullptr;
  if (stray || (!has_cr && ending == Ending::cr_lf)) return malformed(no_crlf);
  return {Line::State::whole, size, at + 1, {}};
}

std::string_view take_word(std::string_view& text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

std::optional<std::uint64_t> parse_number(std::string_view text) noexcept {
  if (text.empty() || (text.front() == '0' && text.size() > 1)) return std::nullopt;
  std::uint64_t number = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (error != std::errc() || end != last) return std::nullopt;
  return number;
}

}  // namespace semantrix::memcache
