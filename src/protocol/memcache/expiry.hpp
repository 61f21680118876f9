#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>

/// What the server is told of a ttl.
namespace semantrix::memcache {

/// More is taken for a point of time, in seconds since 1970.
inline constexpr std::chrono::seconds longest_relative = std::chrono::days(30);
/// Points of time are read as 32 bits with a sign.
inline constexpr std::chrono::seconds last_point{std::numeric_limits<std::int32_t>::max()};

/// The number on the wire for an entry that may go after `ttl` from `now` and not before: the
/// ceiling of its seconds plus one, since the server's clock ticks in whole ones; a point of time
/// beyond 30 days, where the server's clock must not be far from ours. Never 0 (for ever) and never
/// negative (gone at once). What would end after January 2038 ends earlier.
///
/// REQUIRES: `ttl` is positive. The exact end travels in the record.
[[nodiscard]] constexpr std::int64_t wire_seconds(
    std::chrono::milliseconds ttl, std::chrono::system_clock::time_point now) noexcept {
  using std::chrono::seconds;
  const seconds relative = std::chrono::ceil<seconds>(ttl) + seconds(1);
  if (relative <= longest_relative) return std::max<std::int64_t>(relative.count(), 2);
  const seconds today = std::chrono::ceil<seconds>(now.time_since_epoch());
  if (today + longest_relative >= last_point) return longest_relative.count();
  return std::min(relative, last_point - today).count() + today.count();
}

}  // namespace semantrix::memcache
