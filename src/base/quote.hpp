#pragma once

#include <string>
#include <string_view>

namespace semantrix {

/// The text in single quotes for a message: on one line, control and non-ASCII bytes as \xNN, cut
/// after 80 bytes.
[[nodiscard]] std::string quote(std::string_view text);

/// "a, b and c".
template <class Range>
[[nodiscard]] std::string enumerate(const Range& names) {
  std::string text;
  std::size_t left = std::size(names);
  for (const auto& name : names) {
    text += name;
    --left;
    if (left > 1) text += ", ";
    if (left == 1) text += " and ";
  }
  return text;
}

}  // namespace semantrix
