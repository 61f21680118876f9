#include "protocol/resp/glob_escape.hpp"

namespace semantrix::resp {

std::string glob_escape(std::string_view text) {
  constexpr std::string_view marks = "*?[]\\^-";
  std::string pattern;
  pattern.reserve(text.size());
  for (const char c : text) {
    if (marks.find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

}  // namespace semantrix::resp
