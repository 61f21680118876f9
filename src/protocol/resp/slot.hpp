#pragma once

#include <cstdint>
#include <string_view>

/// Where a cluster keeps a key. Source: redis.io/docs/latest/operate/oss_and_stack/reference/
/// cluster-spec, "Key distribution model".
namespace semantrix::resp {

inline constexpr std::uint16_t slots = 16'384;

/// CRC-16/XMODEM: polynomial 0x1021, nothing reflected. `sum` is that of the bytes before.
[[nodiscard]] std::uint16_t crc16(std::string_view bytes, std::uint16_t sum = 0) noexcept;

/// The part of a key that decides its slot: what the first `{` and the next `}` hold, unless there
/// is nothing between them; else the whole key.
[[nodiscard]] std::string_view hash_tag(std::string_view key) noexcept;

/// The slot of a key, below `slots`.
[[nodiscard]] inline std::uint16_t slot_of(std::string_view key) noexcept {
  return crc16(hash_tag(key)) % slots;
}

/// The slot of `prefix` + `key`, which are not put together. The prefix holds no brace.
[[nodiscard]] inline std::uint16_t slot_of(std::string_view prefix, std::string_view key) noexcept {
  const std::string_view tag = hash_tag(key);
  const bool whole = tag.size() == key.size();
  return crc16(tag, whole ? crc16(prefix) : 0) % slots;
}

}  // namespace semantrix::resp
