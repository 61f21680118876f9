#include "protocol/dynamodb/json_text.hpp"

namespace semantrix::dynamodb {
namespace {

bool is_plain(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out.push_back('"');
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain != text.size() && is_plain(text[plain])) ++plain;
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto byte = static_cast<unsigned char>(text.front());
    if (byte >= 0x20) {
      out.append({'\\', text.front()});
    } else {
      out.append("\\u00").append({digits[byte >> 4U], digits[byte & 15U]});
    }
    text.remove_prefix(1);
  }
  out.push_back('"');
}

}  // namespace semantrix::dynamodb
