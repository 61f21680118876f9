#pragma once

#include "memory/budget.hpp"
#include "memory/record.hpp"
#include "memory/removed.hpp"
#include "memory/single_flight.hpp"
#include "memory/time_source.hpp"
#include "memory/value_codec.hpp"
#include <semantrix/memory_cache.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace semantrix::memory {

/// Behind `MemoryCache`: what does not depend on the policy, over the few virtual verbs that do.
class Engine : public std::enable_shared_from_this<Engine> {
 public:
  /// A record out of its shard, with a reference held, and what a snapshot keeps of its standing.
  struct Collected {
    Record* record;
    std::uint32_t rank;
  };
  class Collection;

  virtual ~Engine() = default;

  /// Checks the options (throws `CacheError(invalid_argument)`) and makes the engine of the policy.
  [[nodiscard]] static std::shared_ptr<Engine> create(MemoryOptions options);

  // -- Verbs that depend on the policy; each is its `MemoryCache` namesake --

  virtual std::optional<Value> get(std::string_view key) = 0;
  virtual void batch_get(std::span<const std::string_view> keys,
                         std::span<std::optional<Value>> values) = 0;
  virtual bool erase(std::string_view key) = 0;
  virtual std::size_t batch_erase(std::span<const std::string_view> keys) = 0;
  /// The live record with a reference for the caller, or null. Neither counts nor tells the policy.
  [[nodiscard]] virtual Record* peek(std::string_view key) = 0;
  /// Stores a record, taking over the reference, in place of what its key had.
  virtual void add_record(Record* record) = 0;
  /// The same for a record that was created unfilled: the value is copied while the shard is
  /// locked.
  virtual void add_unfilled(Record* record, std::string_view value) = 0;
  virtual void batch_add(std::span<Record* const> records) = 0;
  /// Puts a snapshot's record back (taking over the reference), hotter than all so far. False, and
  /// the record is released: no room, or the key is there already.
  virtual bool restore(Record* record, std::optional<std::uint32_t> rank) = 0;
  /// Live records of a shard, the next to leave first, appended with a reference each.
  virtual void collect(std::size_t shard, std::vector<Collected>& into) = 0;
  using Predicate = std::function<bool(const Record&)>;
  virtual std::size_t remove_if(const Predicate& matches, RemovalCause cause) = 0;
  virtual std::size_t expire() = 0;
  /// REQUIRES: bounds that were checked.
  virtual void resize(std::size_t max_size, std::size_t max_bytes) = 0;
  [[nodiscard]] virtual std::size_t size() = 0;
  [[nodiscard]] virtual std::size_t shard_count() const noexcept = 0;
  virtual void add_counts(Stats& stats) const = 0;
  /// Holds every shard still: around `fork`.
  virtual void lock_all() = 0;
  virtual void unlock_all() = 0;

  // -- The rest --

  /// Values up to here that are stored as they are given are copied under the shard's lock. The
  /// writes to cold memory then go on while the thread does other things; a lock taken after them
  /// would wait for them all. `make_record` leaves such values to `add_unfilled`.
  static constexpr std::size_t most_copied_under_lock = 4096;

  /// `make_record` and `add_record`.
  Result<void> add(const MemoryItem& item);

  /// Checks and encodes; the record that `add_record` takes, or why not.
  [[nodiscard]] Result<Record*> make_record(std::string_view key, std::string_view value,
                                            bool binary, const MemoryAddOptions& options);
  /// The value as it was added. Takes over a reference. Nothing if a compressed value cannot be
  /// read (memory was overwritten: counted as corrupt).
  [[nodiscard]] std::optional<Value> value_of(Record* record);
  /// The same with remaining ttl and tags.
  [[nodiscard]] std::optional<MemoryEntry> entry_of(Record* record);

  /// The background pass; does nothing once retired.
  void sweep();
  /// The cache is gone: its listener is not called any more. Waits for a pass under way.
  void retire();
  /// In the child of a `fork`, where the parent's other threads and their passes are not. REQUIRES:
  /// `flights` is locked.
  void forget_other_threads();

  [[nodiscard]] const MemoryOptions& options() const noexcept { return options_; }
  [[nodiscard]] const TimeSource& time() const noexcept { return time_; }
  [[nodiscard]] SingleFlight& flights() noexcept { return flights_; }
  [[nodiscard]] ValueCodec& codec() noexcept { return codec_; }
  [[nodiscard]] const Budget& budget() const noexcept { return budget_; }
  [[nodiscard]] Stats stats() const;
  /// See `MemoryCache::revision`.
  [[nodiscard]] std::uint64_t revision() const;

 protected:
  explicit Engine(MemoryOptions options);

  /// Tells the listener of what was removed, outside all locks.
  void tell(const Removed& removed) noexcept {
    if (!removed.empty() && options_.on_removal) [[unlikely]]
      tell_listener(removed);
  }

  /// A change that no statistic counts: entries cleared, or restored.
  void count_change(std::size_t entries) noexcept {
    changes_.fetch_add(entries, std::memory_order_relaxed);
  }

  Budget budget_;
  TimeSource time_;

 private:
  void tell_listener(const Removed& removed) noexcept;
  /// A record for stored bytes, if the bounds allow it. Unfilled if the value is not to be copied.
  [[nodiscard]] Result<Record*> record_of(const Record::Content& content, bool filled,
                                          const MemoryAddOptions& options);
  /// Counts a refusal.
  [[nodiscard]] Error refuse(std::size_t bytes, std::size_t most);

  MemoryOptions options_;
  ValueCodec codec_;
  SingleFlight flights_;
  std::atomic<std::uint64_t> rejected_{0};
  std::atomic<std::uint64_t> corrupt_{0};
  std::atomic<std::uint64_t> changes_{0};
  std::atomic<std::uint64_t> decompressed_bytes_{0};
  std::recursive_mutex sweep_mutex_;  // recursive: a listener may end the cache
  bool retired_ = false;              // guarded by sweep_mutex_
};

/// Records collected from shards; gives their references back.
class Engine::Collection {
 public:
  Collection() = default;
  Collection(const Collection&) = delete;
  Collection& operator=(const Collection&) = delete;
  ~Collection() {
    for (const Collected& item : items) item.record->release();
  }
  std::vector<Collected> items;
};

}  // namespace semantrix::memory
