#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix {

/// Why an entry left.
enum class RemovalCause : std::uint8_t {
  erased,    ///< By `erase`, or by `invalidate_*`.
  replaced,  ///< By an `add` of the same key.
  expired,   ///< Its ttl or its time to idle passed.
  evicted,   ///< To keep `max_size` or `max_bytes`.
  cleared,   ///< By `clear`.
};
inline constexpr std::size_t removal_cause_count = 5;
[[nodiscard]] std::string_view to_string(RemovalCause cause) noexcept;

/// A key that is asked for more than others.
struct HotKey {
  std::uint64_t digest = 0;  ///< As errors show it: the same in every process.
  double share = 0;      ///< Of the last gets, about half a million; estimated, never too large.
  std::string key = "";  ///< Its text, or the first 256 bytes; empty where it is not asked for.
};

/// What a store counted since it was made. Plain numbers: a copy taken at one moment, in which
/// counters of calls under way may be one apart from each other.
struct Stats {
  std::string store;  ///< The store's name.
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t adds = 0;             ///< Entries stored, replacements included.
  std::uint64_t deletes = 0;          ///< Entries erased by the caller.
  std::uint64_t evictions = 0;        ///< Entries removed to stay in bounds.
  std::uint64_t expirations = 0;      ///< Entries whose time passed.
  std::uint64_t retries = 0;          ///< Repeated network attempts.
  std::uint64_t rejected = 0;         ///< Adds refused because the entry alone exceeds the bounds.
  std::uint64_t corrupt = 0;          ///< Stored records that could not be read (misses).
  std::uint64_t size = 0;             ///< Entries now.
  std::uint64_t bytes = 0;            ///< Bytes held now: keys, values, records' own overhead.
  std::uint64_t value_bytes_in = 0;   ///< Bytes of the values given to `add`.
  std::uint64_t value_bytes_out = 0;  ///< Bytes of the values handed out by hits.
  std::uint64_t raw_bytes = 0;        ///< Of compressed adds: bytes before compression,
  std::uint64_t stored_bytes = 0;     ///< and after it.
  std::map<std::string, std::uint64_t> errors;  ///< Failures by error code's name.
  std::vector<HotKey> hot_keys;  ///< At most ten, the hottest first, without their texts.

  /// hits / (hits + misses); 0 when nothing was asked.
  [[nodiscard]] double hit_ratio() const noexcept;
  /// Sum over `errors`.
  [[nodiscard]] std::uint64_t error_count() const noexcept;
  /// One JSON object on one line: {store, hits, misses, adds, deletes, evictions, expirations,
  /// errors, retries, size, …}.
  [[nodiscard]] std::string to_json() const;
};

}  // namespace semantrix
