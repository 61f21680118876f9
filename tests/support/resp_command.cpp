#include "support/resp_command.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <stdexcept>

namespace semantrix::testing {
namespace {

/// The count of the line "<kind>N\r\n" at `from`, which moves behind it.
std::optional<std::size_t> take_count(std::string_view bytes, char kind, std::size_t& from) {
  if (from >= bytes.size()) return std::nullopt;
  const std::size_t end = bytes.find("\r\n", from);
  if (bytes[from] != kind) throw std::runtime_error("what arrived is no RESP command");
  if (end == std::string_view::npos) return std::nullopt;
  std::size_t count = 0;
  const auto read = std::from_chars(bytes.data() + from + 1, bytes.data() + end, count);
  if (read.ec != std::errc{} || read.ptr != bytes.data() + end) {
    throw std::runtime_error("what arrived is no RESP command");
  }
  from = end + 2;
  return count;
}

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

std::optional<RespCommand> take_command(std::string& bytes) {
  std::size_t at = 0;
  const auto count = take_count(bytes, '*', at);
  if (!count) return std::nullopt;
  RespCommand words;
  for (std::size_t i = 0; i < *count; ++i) {
    const auto size = take_count(bytes, '$', at);
    if (!size || bytes.size() - at < *size + 2) return std::nullopt;
    words.push_back(bytes.substr(at, *size));
    at += *size + 2;
  }
  bytes.erase(0, at);
  return words;
}

std::string resp_command(const RespCommand& words) {
  std::string bytes = "*" + std::to_string(words.size()) + "\r\n";
  for (const auto& word : words)
    bytes += "$" + std::to_string(word.size()) + "\r\n" + word + "\r\n";
  return bytes;
}

bool same_name(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace semantrix::testing
