#include "protocol/resp/line.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace semantrix::resp {

namespace {

constexpr std::string_view no_crlf = "a line does not end in CR LF";
constexpr std::string_view no_number = "a number is not written as one";
constexpr std::string_view too_large = "a number is too large";

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Takes digits off the front; how many there were.
std::size_t skip_digits(std::string_view& text) noexcept {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(count);
  return count;
}

void skip_sign(std::string_view& text) noexcept {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
}

NumberLine malformed(std::string_view fault) noexcept {
  return {{Line::State::malformed, 0, fault}, 0};
}

NumberLine unfinished(std::size_t begin) noexcept {
  return {{Line::State::unfinished, begin, {}}, 0};
}

/// The line's end, of which `at` is the first byte.
NumberLine end_number(std::string_view input, std::size_t begin, std::size_t at,
                      std::int64_t number) noexcept {
  if (at == input.size()) return unfinished(begin);
  if (input[at] != '\r') return malformed(no_number);
  if (at + 1 == input.size()) return unfinished(begin);
  if (input[at + 1] != '\n') return malformed(no_crlf);
  return {{Line::State::whole, at + 2, {}}, number};
}

}  // namespace

NumberLine read_number(std::string_view input, std::size_t begin) noexcept {
  constexpr std::size_t most_digits = 19;  // So many cannot overflow 64 bits without a sign.
  std::size_t at = begin;
  if (at == input.size()) return unfinished(begin);
  const bool negative = input[at] == '-';
  if (negative || input[at] == '+') ++at;
  const std::size_t first = at;
  std::uint64_t magnitude = 0;
  for (; at < input.size() && is_digit(input[at]); ++at) {
    if (at - first == most_digits) return malformed(input[first] == '0' ? no_number : too_large);
    magnitude = magnitude * 10 + static_cast<std::uint64_t>(input[at] - '0');
  }
  if (at == first) return at == input.size() ? unfinished(begin) : malformed(no_number);
  if (input[first] == '0' && (at - first > 1 || negative)) return malformed(no_number);
  constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
  if (magnitude > largest + (negative ? 1 : 0)) return malformed(too_large);
  // Two's complement: the smallest number has no positive twin.
  const auto number = static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
  return end_number(input, begin, at, number);
}

Line find_line(std::string_view input, std::size_t begin, std::size_t from,
               std::size_t longest) noexcept {
  using State = Line::State;
  const std::size_t room = input.size() - begin;
  const std::size_t end = room > longest ? begin + longest + 1 : input.size();
  const auto* cr = static_cast<const char*>(std::memchr(input.data() + from, '\r', end - from));
  const std::size_t at = cr != nullptr ? static_cast<std::size_t>(cr - input.data()) : end;
  // A line feed alone is no end: whoever took it for one would read another reply than we do.
  if (std::memchr(input.data() + from, '\n', at - from) != nullptr) {
    return {State::malformed, 0, no_crlf};
  }
  if (cr == nullptr && room > longest) return {State::malformed, 0, "a line is too long"};
  if (at + 1 >= input.size()) return {State::unfinished, at, {}};
  if (input[at + 1] != '\n') return {State::malformed, 0, no_crlf};
  return {State::whole, at + 2, {}};
}

bool is_real(std::string_view text) noexcept {
  skip_sign(text);
  if (text == "inf" || text == "nan") return true;
  std::size_t digits = skip_digits(text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    digits += skip_digits(text);
  }
  if (digits == 0) return false;
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    skip_sign(text);
    if (skip_digits(text) == 0) return false;
  }
  return text.empty();
}

bool is_whole_number(std::string_view text) noexcept {
  skip_sign(text);
  return skip_digits(text) > 0 && text.empty();
}

}  // namespace semantrix::resp
