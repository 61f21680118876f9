#include "protocol/resp/command.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace semantrix::resp {

namespace {

constexpr std::size_t most_digits = 20;

/// The mark, the number and CR LF.
void append_header(std::string& out, char mark, std::uint64_t number) {
  std::array<char, most_digits + 3> header = {};
  header[0] = mark;
  char* end = std::to_chars(&header[1], &header[1] + most_digits, number).ptr;
  *end++ = '\r';
  *end++ = '\n';
  out.append(header.data(), end);
}

}  // namespace

void append_array_header(std::string& out, std::size_t elements) {
  append_header(out, '*', elements);
}

void append_bulk_header(std::string& out, std::size_t bytes) { append_header(out, '$', bytes); }

void append_bulk(std::string& out, std::string_view text) {
  append_bulk_header(out, text.size());
  out.append(text);
  out.append("\r\n", 2);
}

void append_bulk_number(std::string& out, std::int64_t number) {
  std::array<char, most_digits> digits = {};
  const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  append_bulk(out, std::string_view(digits.data(), end));
}

void append_command(std::string& out, std::span<const std::string_view> words) {
  append_array_header(out, words.size());
  for (const std::string_view word : words) append_bulk(out, word);
}

}  // namespace semantrix::resp
