#pragma once

#include <semantrix/error.hpp>
#include <semantrix/memory_options.hpp>
#include <semantrix/stats.hpp>
#include <semantrix/value.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix {

namespace memory {
class Engine;
}

/// Options of one `MemoryCache::add`. Trivially destructible; the views are read before `add`
/// returns.
struct MemoryAddOptions {
  std::optional<std::chrono::milliseconds> ttl =
      std::nullopt;                             ///< Positive; absent: `default_ttl`.
  std::span<const std::string_view> tags = {};  ///< For `invalidate_tag`.
};

/// An entry as `entry()` and snapshots see it.
struct MemoryEntry {
  Value value;
  std::optional<std::chrono::milliseconds> ttl;  ///< What remains; absent: does not expire.
  std::vector<std::string> tags;
};

/// One entry to be added. The views are read before the call returns.
struct MemoryItem {
  std::string_view key;
  std::string_view value;
  bool binary = false;  ///< See `Value::binary`.
  MemoryAddOptions options = {};
};

/// What `load_snapshot` did.
struct SnapshotReport {
  std::size_t loaded = 0;   ///< Entries now in the cache.
  std::size_t expired = 0;  ///< Left out: their time has passed.
  std::size_t dropped = 0;  ///< Left out: the cache is smaller than the snapshot.
};

/// The synchronous in-memory engine: a bounded, concurrent map from bytes to bytes with expiry,
/// eviction and statistics, and no I/O but the snapshot calls.
///
/// All members are thread-safe unless they say otherwise. A hit takes one short lock of one shard,
/// allocates nothing and copies no bytes. Keys and values are arbitrary bytes (at most 4 GiB - 1
/// each); an empty key is an error, an empty value is a value. Bounds are strict: when a call
/// returns, no more than `max_size` entries and `max_bytes` bytes are held, and an accepted `add`
/// is readable. An expired entry is never returned, listed or counted.
class MemoryCache {
 public:
  /// Throws `CacheError(invalid_argument)` when an option is out of range. Allocates little; memory
  /// grows with the entries.
  explicit MemoryCache(MemoryOptions options = {});
  ~MemoryCache();
  MemoryCache(MemoryCache&&) noexcept;
  MemoryCache& operator=(MemoryCache&&) noexcept;

  // -- One key --

  /// The value, or nothing. Counts a hit or a miss.
  [[nodiscard]] std::optional<Value> get(std::string_view key);

  /// As `get`, but neither counts nor tells the policy.
  [[nodiscard]] std::optional<Value> peek(std::string_view key) const;

  /// Stores a copy of `value`, replacing what the key had. Errors: `invalid_argument` (empty key, a
  /// ttl not positive or beyond 1,000 years), `too_large` (the entry alone exceeds `max_bytes`, or
  /// its key, value or tags 4 GiB; an older value of the key is removed, for it would contradict).
  Result<void> add(std::string_view key, std::string_view value, MemoryAddOptions options = {});
  Result<void> add(const MemoryItem& item);

  /// Whether there was a (live) entry.
  bool erase(std::string_view key);

  /// Value, remaining ttl and tags; does not count, nor tell the policy.
  [[nodiscard]] std::optional<MemoryEntry> entry(std::string_view key) const;

  /// The value, computed by `compute` on a miss and stored. Callers for the same key wait for the
  /// one computation under way; an exception reaches them all and leaves nothing behind. `compute`
  /// runs without locks. A `compute` that asks for its own key throws `CacheError(busy)` instead of
  /// waiting for itself. A result that the cache refuses (too large) is still returned.
  Value get_or_compute(std::string_view key, const std::function<Value()>& compute,
                       MemoryAddOptions options = {});

  // -- Many keys: each shard is locked once --

  [[nodiscard]] std::vector<std::optional<Value>> batch_get(std::span<const std::string_view> keys);
  /// One result an item, in order: as if they were added one after the other.
  std::vector<Result<void>> batch_add(std::span<const MemoryItem> items);
  /// How many there were.
  std::size_t batch_erase(std::span<const std::string_view> keys);

  // -- Everything --

  /// Calls `visit(key, entry)` for each live entry, each key once, outside all locks. Entries added
  /// or removed meanwhile may or may not be seen. `visit` returns whether to go on.
  void for_each(const std::function<bool(std::string_view key, const MemoryEntry&)>& visit) const;

  /// Keys that match a glob (`*`, `?`, `[a-z]`, `[!a-z]`, `\` escapes), each once; all by default.
  [[nodiscard]] std::vector<std::string> keys(std::string_view match = "*") const;

  /// Live entries. Cost: removes what has expired first.
  [[nodiscard]] std::size_t size() const;
  /// Bytes held, as `max_bytes` counts them.
  [[nodiscard]] std::size_t bytes() const;

  /// Removes everything; how many there were.
  std::size_t clear();
  /// Removes the entries that carry the tag; looks at every entry. How many there were.
  std::size_t invalidate_tag(std::string_view tag);
  /// Removes the entries whose key begins with `prefix`; looks at every entry.
  std::size_t invalidate_prefix(std::string_view prefix);

  /// Changes the bounds and evicts down to them. `invalid_argument` when `max_size` is 0 or
  /// `max_bytes` smaller than any entry.
  Result<void> resize(std::size_t max_size, std::size_t max_bytes = static_cast<std::size_t>(-1));

  /// Removes what has expired now and tells the listener; how many. Expiry needs no such call:
  /// expired entries are invisible at once, and removed by writes, by `size`, and by a background
  /// pass once a second.
  std::size_t expire();

  // -- Statistics, snapshot --

  [[nodiscard]] Stats stats() const;
  [[nodiscard]] const MemoryOptions& options() const noexcept;
  [[nodiscard]] std::size_t shard_count() const noexcept;

  /// Another number whenever what a snapshot would hold has changed: an entry was added, restored,
  /// erased, cleared, evicted, or gone by its time to idle. Not for a hit, which changes the order
  /// alone, nor for an expired ttl, which the snapshot knows itself.
  [[nodiscard]] std::uint64_t revision() const;

  /// Writes all live entries, in the policy's order, to `path`: beside it first, synced, renamed.
  /// The file format is docs/design/stored_format.md. Returns the entries written.
  [[nodiscard]] Result<std::size_t> save_snapshot(const std::string& path) const;

  /// Adds the entries of a snapshot in their order; what has expired meanwhile is left out, and of
  /// a snapshot larger than the cache the hottest entries are kept. A missing file loads nothing. A
  /// cut or altered file is renamed to `path + ".corrupt"`, named in the error (`corrupt`), and
  /// nothing is loaded. A file of a newer version (`unsupported_version`) or an unreadable one
  /// (`io_error`) is left alone.
  Result<SnapshotReport> load_snapshot(const std::string& path);

 private:
  std::shared_ptr<memory::Engine> engine_;
};

}  // namespace semantrix
