#pragma once

#include <cstdint>
#include <string_view>

/// Where a cluster keeps a key. Source: redis.io/docs/latest/operate/oss_and_stack/reference/
/// cluster-spec, "Key distribution model".
namespace semantrix::resp {

inline constexpr std::uint16_t slots = 16'384;

/// CRC-16/XMODEM: polynomial 0x1021, from 0, nothing reflected.
[[nodiscard]] std::uint16_t crc16(std::string_view bytes) noexcept;

/// The part of a key that decides its slot: what the first `{` and the next `}` hold, unless there
/// is nothing between them; else the whole key.
[[nodiscard]] std::string_view hash_tag(std::string_view key) noexcept;

/// The slot of a key, below `slots`.
[[nodiscard]] inline std::uint16_t slot_of(std::string_view key) noexcept {
  return crc16(hash_tag(key)) % slots;
}

}  // namespace semantrix::resp
