#pragma once

#include "base/hash.hpp"
#include "memory/engine.hpp"
#include "memory/shard.hpp"
#include "memory/sweeper.hpp"

#include <algorithm>
#include <bit>
#include <mutex>
#include <thread>
#include <utility>

namespace semantrix::memory {

/// An engine whose entries are spread over shards by the upper bits of their keys' hashes.
template <template <class> class PolicyOf>
class ShardedEngine final : public Engine {
 public:
  ShardedEngine(MemoryOptions options, std::size_t shards)
      : Engine(std::move(options)), shard_bits_(static_cast<unsigned>(std::countr_zero(shards))) {
    // Room for the bound at once, where that is cheap: a table that never grows never stalls.
    constexpr std::size_t most_at_once = std::size_t{1} << 22;
    const std::size_t share = this->options().max_size / shards;
    const std::size_t expected = std::min(share + share / 64 + 64, most_at_once / shards);
    const std::int64_t idle = this->options().time_to_idle.value_or(Milliseconds(0)).count();
    for (std::size_t i = 0; i < shards; ++i) {
      shards_.push_back(
          std::make_unique<OneShard>(ShardContext{arena_, budget_, time_, idle, shards}, expected));
    }
  }

  std::optional<Value> get(std::string_view key) override {
    const Place place = place_of(key);
    place.shard->prefetch(place.hash);
    Record* record = nullptr;
    bool stale = false;
    {
      const std::lock_guard guard(place.shard->lock);
      record = place.shard->look(place.hash, key);
      if (record == nullptr) {
        place.shard->count_miss();
        return std::nullopt;
      }
      stale = place.shard->expired(*record);
      if (!stale) [[likely]]
        hit(*place.shard, *record);
    }
    if (stale) [[unlikely]]
      return get_expired(place, key);
    if (record->compressed()) return value_of(record);
    return record->into_value();
  }

  void batch_get(std::span<const std::string_view> keys,
                 std::span<std::optional<Value>> values) override {
    std::vector<Record*> records(keys.size(), nullptr);
    for_each_place(keys, [&](const Place& place, std::size_t i, Removed& removed) {
      records[i] = place.shard->find(place.hash, keys[i], removed);
      if (records[i] != nullptr) {
        hit(*place.shard, *records[i]);
      } else {
        place.shard->count_miss();
      }
    });
    for (std::size_t i = 0; i < keys.size(); ++i) {
      values[i] = records[i] != nullptr ? value_of(records[i]) : std::nullopt;
    }
  }

  bool erase(std::string_view key) override {
    const Place place = place_of(key);
    Removed removed;
    bool erased = false;
    {
      const std::lock_guard guard(place.shard->lock);
      erased = erase_locked(place, key, removed);
    }
    tell(removed);
    return erased;
  }

  std::size_t batch_erase(std::span<const std::string_view> keys) override {
    std::size_t erased = 0;
    for_each_place(keys, [&](const Place& place, std::size_t i, Removed& removed) {
      erased += erase_locked(place, keys[i], removed) ? 1 : 0;
    });
    return erased;
  }

  Record* peek(std::string_view key) override {
    const Place place = place_of(key);
    Removed removed;
    Record* record = nullptr;
    {
      const std::lock_guard guard(place.shard->lock);
      record = place.shard->find(place.hash, key, removed);
      if (record != nullptr) record->retain();
    }
    tell(removed);
    return record;
  }

  void add_record(Record* record) override {
    add_one(record, [] {});
  }
  void add_unfilled(Record* record, std::string_view value) override {
    add_one(record, [record, value] { record->fill(value); });
  }

  void batch_add(std::span<Record* const> records) override {
    std::vector<std::string_view> keys;
    keys.reserve(records.size());
    bool timed = false;
    for (const Record* record : records) {
      keys.push_back(record->key());
      timed = timed || is_timed(*record);
    }
    std::vector<Record*> waiting;  // for room in other shards
    const OneShard* held_up = nullptr;
    for_each_place(keys, [&](const Place& place, std::size_t i, Removed& removed) {
      // Behind one that waits the others of its shard wait too: the last of a key is to win.
      if (place.shard != held_up && add_locked(place, records[i], removed)) return;
      held_up = place.shard;
      waiting.push_back(records[i]);
    });
    for (Record* record : waiting) add_when_there_is_room(record);
    after_adding(timed);
  }

  bool restore(Record* record, std::optional<std::uint32_t> rank) override {
    const Place place = place_of(record->key());
    bool restored = false;
    const bool timed = is_timed(*record);
    {
      const std::lock_guard guard(place.shard->lock);
      restored = place.shard->restore(place.hash, record, rank);
    }
    if (restored) count_change(1);
    if (!restored) record->release();
    after_adding(timed);
    return restored;
  }

  void collect(std::size_t shard, std::vector<Collected>& into) override {
    OneShard& from = *shards_[shard];
    const std::lock_guard guard(from.lock);
    into.reserve(into.size() + from.entries());
    from.coldest_first([&into](Record& record, std::uint32_t rank) {
      record.retain();
      into.push_back({&record, rank});
    });
  }

  std::size_t remove_if(const Predicate& matches, RemovalCause cause) override {
    std::size_t count = 0;
    for (const auto& shard : shards_) {
      Removed removed;
      {
        const std::lock_guard guard(shard->lock);
        shard->remove_if(matches, cause, removed);
      }
      for (const Removed::Item& item : removed) count += item.cause == cause ? 1 : 0;
      tell(removed);
    }
    if (cause == RemovalCause::cleared) count_change(count);
    return count;
  }

  std::size_t expire() override {
    std::size_t count = 0;
    for (const auto& shard : shards_) {
      for (bool more = true; more;) {
        Removed removed;
        {
          const std::lock_guard guard(shard->lock);
          more = shard->has_timed_entries() && !shard->expire(OneShard::entries_a_pass, removed);
        }
        count += removed.size();
        tell(removed);
      }
    }
    return count;
  }

  void resize(std::size_t max_size, std::size_t max_bytes) override {
    lock_all();
    Budget::Amount held;
    for (const auto& shard : shards_) {
      held.entries += shard->entries();
      held.bytes += shard->bytes();
      shard->forget_capacity();
    }
    budget_.reset(max_size, max_bytes, held);
    unlock_all();
    if (budget_.exceeded()) expire();  // before what is alive
    while (budget_.exceeded() && evict_somewhere()) {
    }
  }

  std::size_t size() override {
    expire();
    std::size_t sum = 0;
    for (const auto& shard : shards_) sum += shard->counters.entries.read();
    return sum;
  }

  std::size_t shard_count() const noexcept override { return shards_.size(); }

  void add_counts(Stats& stats) const override {
    for (const auto& shard : shards_) {
      const ShardCounters& counters = shard->counters;
      stats.hits += counters.hits.read();
      stats.misses += counters.misses.read();
      stats.adds += counters.adds.read();
      stats.deletes += counters.deletes.read();
      stats.evictions += counters.evictions.read();
      stats.expirations += counters.expirations.read();
      stats.size += counters.entries.read();
      stats.bytes += counters.bytes.read();
      stats.value_bytes_in += counters.value_bytes_in.read();
      stats.value_bytes_out += counters.value_bytes_out.read();
    }
  }

  void lock_all() override {
    for (const auto& shard : shards_) shard->lock.lock();
    arena_.lock();  // last: a shard that is locked asks it for memory
  }
  void unlock_all() override {
    arena_.unlock();
    for (const auto& shard : shards_) shard->lock.unlock();
  }

 private:
  using OneShard = Shard<PolicyOf>;
  using Milliseconds = std::chrono::milliseconds;
  static constexpr std::size_t expiries_an_add = 32;  ///< What an add does for its shard.

  struct Place {
    OneShard* shard;
    std::uint32_t hash;
  };

  [[nodiscard]] std::size_t shard_of(std::uint64_t hash) const noexcept {
    return shard_bits_ == 0 ? 0 : static_cast<std::size_t>(hash >> (64 - shard_bits_));
  }
  [[nodiscard]] Place place_of(std::string_view key) const noexcept {
    const std::uint64_t hash = hash_key(key);
    return {shards_[shard_of(hash)].get(), static_cast<std::uint32_t>(hash)};
  }
  [[nodiscard]] bool is_timed(const Record& record) const noexcept {
    return record.deadline() != 0 || options().time_to_idle.has_value();
  }

  // Counts a hit and takes a reference for the caller. REQUIRES the shard's lock.
  static void hit(OneShard& shard, Record& record) {
    shard.count_hit(record);
    record.retain();
  }

  // The record that was found has expired: it is removed, unless a newer one is there by now.
  [[gnu::noinline]] std::optional<Value> get_expired(const Place& place, std::string_view key) {
    Removed removed;
    Record* record = nullptr;
    {
      const std::lock_guard guard(place.shard->lock);
      record = place.shard->find(place.hash, key, removed);
      if (record != nullptr) {
        hit(*place.shard, *record);
      } else {
        place.shard->count_miss();
      }
    }
    tell(removed);
    return record != nullptr ? value_of(record) : std::nullopt;
  }

  static bool erase_locked(const Place& place, std::string_view key, Removed& removed) {
    Record* record = place.shard->find(place.hash, key, removed);
    if (record != nullptr) place.shard->remove(record, RemovalCause::erased, removed);
    return record != nullptr;
  }

  // `finish` completes the record before any other thread can see it.
  template <class Finish>
  void add_one(Record* record, Finish finish) {
    const bool timed = is_timed(*record);
    const Place place = place_of(record->key());
    bool added = false;
    {
      Removed removed;
      {
        const std::lock_guard guard(place.shard->lock);
        added = add_locked(place, record, removed);
        finish();
      }
      tell(removed);
    }
    if (!added) [[unlikely]]
      add_when_there_is_room(record);
    after_adding(timed);
  }

  void after_adding(bool timed) {
    if (timed) Sweeper::watch();
    if (shards_.size() > 1 && !settled_.load(std::memory_order_relaxed) && budget_.half_full()) {
      if (!settled_.exchange(true)) arena_.prefer_huge_pages();
    }
  }

  // Adds, and does a little of the shard's expiry. REQUIRES the shard's lock.
  static bool add_locked(const Place& place, Record* record, Removed& removed) {
    const bool added = place.shard->add(place.hash, record, removed);
    if (place.shard->expiry_due()) place.shard->expire(expiries_an_add, removed);
    return added;
  }

  // Calls `visit(place, position, removed)` for every key under its shard's lock, each shard locked
  // once, the keys of a shard in their order.
  template <class Visit>
  void for_each_place(std::span<const std::string_view> keys, Visit visit) {
    struct Entry {
      Place place;
      std::size_t position;
    };
    std::vector<Entry> entries;
    entries.reserve(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) entries.push_back({place_of(keys[i]), i});
    if (shards_.size() > 1 && entries.size() > 1) {
      std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return a.place.shard < b.place.shard;
      });
    }
    for (auto at = entries.begin(); at != entries.end();) {
      OneShard* shard = at->place.shard;
      Removed removed;
      {
        const std::lock_guard guard(shard->lock);
        for (; at != entries.end() && at->place.shard == shard; ++at) {
          visit(at->place, at->position, removed);
        }
      }
      tell(removed);
    }
  }

  // The record's own shard holds too little to make room: others give. Every round either evicts or
  // waits for a call that holds a reservation to finish, so this ends.
  void add_when_there_is_room(Record* record) {
    const Place place = place_of(record->key());
    for (bool added = false; !added;) {
      Removed removed;
      if (record->charge() > budget_.max_bytes()) {  // the bounds were lowered meanwhile
        removed.add(record, RemovalCause::evicted);
        tell(removed);
        return;
      }
      if (!evict_somewhere()) std::this_thread::yield();
      {
        const std::lock_guard guard(place.shard->lock);
        added = place.shard->add(place.hash, record, removed);
      }
      tell(removed);
    }
  }

  // Evicts one entry of the next shard in turn that has any; whether there was one.
  bool evict_somewhere() {
    for (std::size_t turn = 0; turn < shards_.size(); ++turn) {
      OneShard& shard = *shards_[next_to_give_.fetch_add(1) % shards_.size()];
      Removed removed;
      {
        const std::lock_guard guard(shard.lock);
        const std::optional<std::size_t> charge = shard.evict(removed);
        if (charge) budget_.give_back({1, *charge});
      }
      if (removed.empty()) continue;
      tell(removed);
      return true;
    }
    return false;
  }

  PageArena arena_;
  std::vector<std::unique_ptr<OneShard>> shards_;
  unsigned shard_bits_;
  std::atomic<std::size_t> next_to_give_{0};
  std::atomic<bool> settled_{false};  ///< Half full once: a large cache, and used.
};

}  // namespace semantrix::memory
