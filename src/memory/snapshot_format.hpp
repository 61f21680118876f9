#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// The bytes of a snapshot; docs/design/stored_format.md describes them.
namespace semantrix::memory::snapshot_format {

inline constexpr std::string_view magic = "\xF5SMXSNAP";
inline constexpr std::uint8_t newest_version = 1;
inline constexpr std::size_t head_bytes = magic.size() + 1;  ///< Magic and version.
inline constexpr std::size_t checksum_bytes = 8;

// Flags of an entry.
inline constexpr std::uint64_t compressed = 1;
inline constexpr std::uint64_t binary = 2;
inline constexpr std::uint64_t expires = 4;
inline constexpr std::uint64_t tagged = 8;
inline constexpr std::uint64_t all_flags = compressed | binary | expires | tagged;

}  // namespace semantrix::memory::snapshot_format
