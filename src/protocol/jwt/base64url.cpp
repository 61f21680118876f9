#include "protocol/jwt/base64url.hpp"

#include <cstddef>
#include <cstdint>

namespace semantrix::jwt {
namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

std::string base64url(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char byte : bytes) {
    bits = bits << 8U | static_cast<unsigned char>(byte);
    held += 8;
    while (held >= 6) {
      held -= 6;
      text += digits[bits >> held & 63U];
    }
  }
  if (held != 0) text += digits[bits << (6 - held) & 63U];
  return text;
}

}  // namespace semantrix::jwt
