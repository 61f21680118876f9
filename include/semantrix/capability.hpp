#pragma once

#include <cstddef>
#include <limits>
#include <string_view>

namespace semantrix {

/// What a store can do, as data: the conformance suite chooses its cases by it, layers adapt to it,
/// the documentation's table and `semantrix stores` are printed from it.
///
/// Names: `can_*` says a verb or option works; `keeps_*` says what outlives what; `max_*` is a
/// limit in bytes or items (`unlimited` when there is none). Limits are what the store accepts,
/// after it has made large values and long keys fit.
struct Capability {
  static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

  std::string_view store = "";          ///< The store's name: "memory", "redis", …
  bool networked = false;               ///< A call may cross a network.
  bool keeps_across_processes = false;  ///< Other processes see what this one adds.
  bool can_ttl = true;                  ///< `add` takes a ttl.
  bool can_list_keys = true;            ///< `keys()` works.
  bool can_size = true;                 ///< `size()` works.
  bool can_clear = true;                ///< `clear()` works.
  bool can_tag = false;                 ///< `add` takes tags, `invalidate_tag` works.
  /// Invalidated entries are misses at once, yet in `keys` and `size` until they expire, and
  /// `invalidate_tag` does not know how many they are.
  bool invalidates_lazily = false;
  bool can_invalidate_prefix = false;  ///< `invalidate_prefix` works without listing keys.
  bool can_evict = false;              ///< The store itself removes entries to stay in bounds.
  bool can_subscribe_invalidations = false;  ///< The store can tell that an entry changed.
  bool refreshes_ahead = false;  ///< One caller may be told of a miss, and others of a value.
  bool synchronous = false;      ///< Every verb is answered by `probe_*` alone.
  std::size_t max_key_bytes = unlimited;
  std::size_t max_value_bytes = unlimited;
};

}  // namespace semantrix
