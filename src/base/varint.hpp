#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Whole numbers of stored formats: LEB128 (seven bits a byte, the lowest first, the high bit says
/// that more follow), at most ten bytes, never longer than needed; and fixed 8 bytes, low byte
/// first.
namespace semantrix {

inline void append_varint(std::string& to, std::uint64_t number) {
  while (number >= 0x80U) {
    to += static_cast<char>(number | 0x80U);
    number >>= 7U;
  }
  to += static_cast<char>(number);
}

/// Takes a number off the front; nothing (and `from` in an unspecified state) if there is none.
[[nodiscard]] inline std::optional<std::uint64_t> take_varint(std::string_view& from) noexcept {
  std::uint64_t number = 0;
  for (unsigned int shift = 0; shift < 64 && !from.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(from.front());
    from.remove_prefix(1);
    if (shift == 63 && byte > 1) return std::nullopt;
    number |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if (byte >= 0x80U) continue;
    if (byte == 0 && shift != 0) return std::nullopt;
    return number;
  }
  return std::nullopt;
}

/// Takes a length and so many bytes off the front; nothing if they are not there.
[[nodiscard]] inline std::optional<std::string_view> take_bytes(std::string_view& from) noexcept {
  const std::optional<std::uint64_t> length = take_varint(from);
  if (!length || *length > from.size()) return std::nullopt;
  const std::string_view bytes = from.substr(0, *length);
  from.remove_prefix(*length);
  return bytes;
}

inline void append_bytes(std::string& to, std::string_view bytes) {
  append_varint(to, bytes.size());
  to += bytes;
}

inline void append_fixed64(std::string& to, std::uint64_t number) {
  for (int i = 0; i < 8; ++i, number >>= 8U) to += static_cast<char>(number & 0xFFU);
}

/// REQUIRES: at least eight bytes.
[[nodiscard]] inline std::uint64_t read_fixed64(std::string_view bytes) noexcept {
  std::uint64_t number = 0;
  for (std::size_t i = 8; i-- > 0;) number = number << 8U | static_cast<unsigned char>(bytes[i]);
  return number;
}

}  // namespace semantrix
