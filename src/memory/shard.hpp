#pragma once

#include "eviction/policy.hpp"
#include "memory/budget.hpp"
#include "memory/counters.hpp"
#include "memory/expiry_schedule.hpp"
#include "memory/index.hpp"
#include "memory/nodes.hpp"
#include "memory/removed.hpp"
#include "memory/spin_lock.hpp"
#include "memory/time_source.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace semantrix::memory {

/// What all shards of one engine share.
struct ShardContext {
  PageArena& arena;
  Budget& budget;
  const TimeSource& time;
  std::int64_t idle_ms;  ///< Time to idle; 0: off.
  std::size_t shard_count;
};

/// One independently locked part of a cache: index, nodes, policy, wheel and counters.
///
/// Every member but `lock`, `counters` and `prefetch` REQUIRES the lock. Nothing here calls user
/// code, frees a record or waits: what leaves goes to a `Removed`.
template <template <class> class PolicyOf>
class alignas(128) Shard {
 public:
  using Policy = PolicyOf<Nodes>;
  static_assert(eviction::Policy<Policy, Nodes>);

  Shard(ShardContext context, std::size_t expected_entries)
      : context_(context),
        index_(context.arena, expected_entries),
        nodes_(context.arena),
        policy_(nodes_),
        expiry_(context.time.steady_ms()) {}
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;
  ~Shard() {
    for (eviction::Slot slot = 0; slot < nodes_.end(); ++slot) {
      if (Record* record = nodes_.record(slot)) record->release();
    }
  }

  /// What a pass of expiry looks at, at most, under one hold of the lock.
  static constexpr std::size_t entries_a_pass = 256;

  SpinLock lock;
  ShardCounters counters;

  [[gnu::always_inline]] void prefetch(std::uint32_t hash) const noexcept { index_.prefetch(hash); }

  /// The live record; an expired one is removed on the way.
  Record* find(std::uint32_t hash, std::string_view key, Removed& removed) {
    Record* record = index_.find(hash, key);
    if (record != nullptr && expired(*record)) [[unlikely]] {
      remove(record, RemovalCause::expired, removed);
      return nullptr;
    }
    return record;
  }

  /// The record, expired or not.
  [[nodiscard]] Record* look(std::uint32_t hash, std::string_view key) const noexcept {
    return index_.find(hash, key);
  }
  [[nodiscard]] bool expired(const Record& record) const noexcept {
    const std::int64_t deadline = deadline_of(record);
    return deadline != never && context_.time.passed(deadline);
  }
  void count_hit(Record& record) {
    policy_.hit(record.slot(), record.state());
    if (context_.idle_ms != 0) last_used_[record.slot()] = context_.time.steady_ms();
    counters.hits.add(1);
    if (!record.compressed()) counters.value_bytes_out.add(record.stored().size());
  }
  void count_miss() noexcept { counters.misses.add(1); }

  /// Stores the record in place of what its key had. False: room must be made in other shards
  /// first; nothing is held meanwhile, and the key's old entry may be gone.
  bool add(std::uint32_t hash, Record* record, Removed& removed) {
    reserve();
    if constexpr (requires { policy_.prefetch(hash); }) policy_.prefetch(hash);
    const Budget::Amount wanted{1, record->charge()};
    while (Record* old = find(hash, record->key(), removed)) {
      if (replace(hash, old, record, removed)) return true;
      if (expire_some(removed)) continue;  // what has expired goes first
      remove(old, RemovalCause::replaced, removed);
    }
    Budget::Amount held;
    while (!context_.budget.take(wanted, held)) {
      if (expire_some(removed)) continue;
      const std::optional<std::size_t> freed = owes_room() ? evict(removed) : std::nullopt;
      if (!freed) {
        context_.budget.give_back(held);
        return false;
      }
      held.entries += 1;
      held.bytes += *freed;
    }
    insert(hash, record);
    count_add(*record);
    prepare_policy();
    return true;
  }

  /// Evicts one entry whose budget stays reserved for the caller; its charge, or nothing if the
  /// shard is empty.
  std::optional<std::size_t> evict(Removed& removed) {
    const eviction::Slot slot = policy_.victim();
    if (slot == eviction::no_slot) return std::nullopt;
    Record* record = nodes_.record(slot);
    const std::size_t charge = record->charge();
    if (const eviction::Slot next = nodes_.links(slot).previous; next < nodes_.end()) {
      index_.prefetch(nodes_.hash(next));  // for its eviction
    }
    policy_.evict(slot);
    unlink(record, removed, expired(*record) ? RemovalCause::expired : RemovalCause::evicted);
    return charge;
  }

  /// Removes a record and gives its budget back.
  void remove(Record* record, RemovalCause cause, Removed& removed) {
    policy_.erase(record->slot());
    const std::size_t charge = record->charge();
    unlink(record, removed, cause);
    context_.budget.give_back({1, charge});
  }

  /// Removes up to about `limit` entries whose time has come; whether none is left.
  bool expire(std::size_t limit, Removed& removed) {
    const std::int64_t now = context_.time.steady_ms();
    return expiry_.advance(now, limit, [&](eviction::Slot slot) {
      Record* record = slot < nodes_.end() ? nodes_.record(slot) : nullptr;
      if (record == nullptr) return never;
      const std::int64_t deadline = deadline_of(*record);
      if (deadline > now) return deadline;
      remove(record, RemovalCause::expired, removed);
      return never;
    });
  }
  [[nodiscard]] bool has_timed_entries() const noexcept { return !expiry_.empty(); }
  [[nodiscard]] bool expiry_due() const noexcept {
    return has_timed_entries() && expiry_.due(context_.time.steady_ms());
  }

  /// Removes the entries that `matches(record)`; the number removed goes up by each.
  template <class Matches>
  void remove_if(Matches matches, RemovalCause cause, Removed& removed) {
    for (eviction::Slot slot = 0; slot < nodes_.end(); ++slot) {
      Record* record = nodes_.record(slot);
      if (record == nullptr || !matches(*record)) continue;
      remove(record, expired(*record) ? RemovalCause::expired : cause, removed);
    }
  }

  /// Calls `visit(record, rank)` for the live records, the next to leave first.
  template <class Visit>
  void coldest_first(Visit visit) const {
    policy_.coldest_first([&](eviction::Slot slot) {
      Record* record = nodes_.record(slot);
      if (!expired(*record)) visit(*record, policy_.rank(slot));
    });
  }

  /// Puts a snapshot's record back, hotter than all so far. False: there is no room, or the key is
  /// here already.
  bool restore(std::uint32_t hash, Record* record, std::optional<std::uint32_t> rank) {
    if (index_.find(hash, record->key()) != nullptr) return false;
    reserve();
    Budget::Amount held;
    if (!context_.budget.take({1, record->charge()}, held)) {
      context_.budget.give_back(held);
      return false;
    }
    prepare_policy();
    insert(hash, record, rank);
    return true;
  }

  /// Bytes of this shard, to be given to a budget that did not count them.
  [[nodiscard]] std::size_t bytes() const noexcept { return counters.bytes.read(); }
  [[nodiscard]] std::size_t entries() const noexcept { return index_.size(); }

  /// Forces the policy to size itself anew (the bounds changed).
  void forget_capacity() noexcept { prepared_ = 0; }

 private:
  [[nodiscard]] std::int64_t deadline_of(const Record& record) const noexcept {
    const std::int64_t own = record.deadline() != 0 ? record.deadline() : never;
    if (context_.idle_ms == 0) return own;
    return std::min(own, last_used_[record.slot()] + context_.idle_ms);
  }

  // Looks for something that has expired, no longer than a pass may take: where most deadlines were
  // put off meanwhile, what is left waits for the next.
  bool expire_some(Removed& removed) {
    constexpr std::size_t a_few = 32;
    if (!has_timed_entries()) return false;
    const std::size_t before = removed.size();
    for (std::size_t looked = 0; looked < entries_a_pass; looked += a_few) {
      if (expire(a_few, removed) || removed.size() != before) break;
    }
    return removed.size() != before;
  }

  // Whether this shard should evict, rather than another: it holds at least half its share.
  [[nodiscard]] bool owes_room() const noexcept {
    const Budget& budget = context_.budget;
    if (context_.shard_count == 1) return true;
    const std::size_t shards = 2 * context_.shard_count;
    return entries() > budget.max_entries() / shards ||
           (budget.counts_bytes() && bytes() > budget.max_bytes() / shards);
  }

  // False: the new record does not fit beside what there is; nothing is changed.
  bool replace(std::uint32_t hash, Record* old, Record* record, Removed& removed) {
    Budget::Amount held{1, old->charge()};
    if (!context_.budget.take({1, record->charge()}, held)) return false;
    const eviction::Slot slot = old->slot();
    index_.replace(hash, old, record);
    record->state() = old->state();
    nodes_.set_record(slot, record);
    policy_.hit(slot, record->state());
    account_add(*record);
    account_remove(*old);
    count_add(*record);
    removed.add(old, RemovalCause::replaced);
    schedule(*record);
    return true;
  }

  void insert(std::uint32_t hash, Record* record, std::optional<std::uint32_t> rank = {}) {
    const eviction::Slot slot = nodes_.take(record, hash);
    index_.insert(hash, record);
    if (rank) {
      policy_.restore(slot, *rank);
    } else {
      policy_.insert(slot);
    }
    account_add(*record);
    schedule(*record);
  }

  void unlink(Record* record, Removed& removed, RemovalCause cause) {
    const eviction::Slot slot = record->slot();
    index_.erase(nodes_.hash(slot), record);
    nodes_.give_back(slot);
    account_remove(*record);
    if (cause == RemovalCause::evicted) counters.evictions.add(1);
    if (cause == RemovalCause::expired) counters.expirations.add(1);
    if (cause == RemovalCause::erased) counters.deletes.add(1);
    removed.add(record, cause);
  }

  void schedule(const Record& record) {
    if (context_.idle_ms != 0) last_used_[record.slot()] = context_.time.steady_ms();
    const std::int64_t deadline = deadline_of(record);
    if (deadline != never) expiry_.watch(record.slot(), deadline);
  }

  void count_add(const Record& record) noexcept {
    counters.adds.add(1);
    counters.value_bytes_in.add(record.stored().size());
  }
  void account_add(const Record& record) noexcept {
    counters.entries.add(1);
    counters.bytes.add(record.charge());
  }
  void account_remove(const Record& record) noexcept {
    counters.entries.subtract(1);
    counters.bytes.subtract(record.charge());
  }

  // All memory that storing one more entry needs, taken before anything is changed.
  void reserve() {
    nodes_.reserve();
    expiry_.reserve(nodes_.capacity());
    if (context_.idle_ms != 0 && last_used_.size() < nodes_.capacity()) {
      last_used_.resize(nodes_.capacity());
    }
    if (!index_.full()) return;
    Index larger(context_.arena, index_.limit() * 2);
    for (eviction::Slot slot = 0; slot < nodes_.end(); ++slot) {
      if (Record* record = nodes_.record(slot)) larger.insert(nodes_.hash(slot), record);
    }
    index_ = larger;
  }

  // The policy's memory of keys is sized by the entries expected: this shard's share of `max_size`,
  // or, where bytes bind first, twice what there is at half full.
  void prepare_policy() {
    if (entries() < prepared_ * 2 && prepared_ != 0) return;
    const Budget& budget = context_.budget;
    if (prepared_ == 0 && !budget.half_full()) return;
    std::size_t expected = budget.max_entries() / context_.shard_count;
    if (budget.counts_bytes()) expected = std::min(expected, entries() * 2);
    prepared_ = std::max<std::size_t>({expected, entries(), 16});
    policy_.prepare(prepared_);
  }

  static constexpr std::int64_t never = ExpirySchedule::never;

  ShardContext context_;
  Index index_;
  Nodes nodes_;
  Policy policy_;
  ExpirySchedule expiry_;
  std::vector<std::int64_t> last_used_;  ///< By slot; empty unless there is a time to idle.
  std::size_t prepared_ = 0;             ///< Entries the policy is prepared for.
};

}  // namespace semantrix::memory
