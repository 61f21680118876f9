#include "base/quote.hpp"

#include <fmt/format.h>

namespace semantrix {

std::string quote(std::string_view text) {
  constexpr std::size_t longest = 80;
  std::string quoted = "'";
  for (const char c : text.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f) {
      quoted += fmt::format("\\x{:02x}", byte);
    } else {
      quoted += c;
    }
  }
  quoted += text.size() > longest ? "...'" : "'";
  return quoted;
}

}  // namespace semantrix
