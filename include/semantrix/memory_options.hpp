#pragma once

#include <semantrix/clock.hpp>
#include <semantrix/error.hpp>
#include <semantrix/eviction_policy.hpp>
#include <semantrix/stats.hpp>
#include <semantrix/value.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace semantrix {

/// Called once for each entry that leaves, with why. Called after all locks are released, on the
/// thread whose call (or whose expiry pass) removed the entry; it may call the cache. It must not
/// throw. The value is as `get` would have returned it.
using RemovalListener = std::function<void(std::string_view key, const Value& value, RemovalCause)>;

/// How a `MemoryCache` or an `InMemoryStore` behaves. Checked once, in the constructor, which
/// throws `CacheError(invalid_argument)` with the option's name.
struct MemoryOptions {
  // -- Behaviour --

  /// Most entries held, at least 1. Default 10,000. Strict: never exceeded when a call returns.
  std::size_t max_size = 10'000;

  /// Most bytes held: keys, values as stored (compressed, if they are) and each entry's overhead.
  /// Default: no limit. An entry larger than it is refused with `too_large`.
  std::size_t max_bytes = static_cast<std::size_t>(-1);

  /// Which entry leaves first. Default `w_tinylfu`.
  EvictionPolicy eviction_policy = EvictionPolicy::w_tinylfu;

  /// Ttl of an `add` that names none. Positive. Default: entries do not expire.
  std::optional<std::chrono::milliseconds> default_ttl = std::nullopt;

  /// Entries neither read nor written for so long expire. Positive. Default: off. Costs a clock
  /// reading a hit.
  std::optional<std::chrono::milliseconds> time_to_idle = std::nullopt;

  /// Values of at least so many bytes are compressed (zstd, level 1), kept only if at least 12.5 %
  /// smaller. 1,024 suits prose. Default: off. A hit on a compressed value decompresses it.
  std::optional<std::size_t> compress_threshold = std::nullopt;

  /// Bytes of a zstd dictionary trained, once, from the first compressible values; it helps values
  /// under 4 KiB most. 16,384 is a good size. 0 (the default): no dictionary. The add that brings
  /// the samples together pays for the training (tens of milliseconds).
  std::size_t compress_dictionary = 0;

  /// File that the cache is loaded from and, on `close`, written to. Default: none.
  /// `InMemoryStore` only; `MemoryCache` has `save_snapshot` and `load_snapshot`.
  std::string snapshot = {};

  // -- Performance --

  /// Independently locked parts, a power of two; 0 (the default) chooses: one below 65,536 entries
  /// and for the exact policies, else eight a core. More than one makes eviction order approximate.
  std::size_t shards = 0;

  // -- Hooks --

  RemovalListener on_removal = {};

  /// Null (the default): the machine's clocks.
  std::shared_ptr<const Clock> clock = nullptr;
};

}  // namespace semantrix
