// A cache of nothing but a policy: keys are numbers, values are not there. What a policy keeps is
// measured without what an engine costs.
#pragma once

#include "eviction/policy.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace semantrix::hit_ratio {

using Key = std::uint32_t;
using Trace = std::vector<Key>;

/// The plainest NodeStore: a vector for each thing a policy asks for.
class Slots {
 public:
  explicit Slots(std::size_t count) : links_(count), states_(count), hashes_(count) {}

  eviction::Links& links(eviction::Slot slot) { return links_[slot]; }
  eviction::EntryState& state(eviction::Slot slot) { return states_[slot]; }
  [[nodiscard]] std::uint32_t hash(eviction::Slot slot) const { return hashes_[slot]; }

  /// A new entry's slot, as an engine hands it to a policy.
  void reset(eviction::Slot slot, std::uint32_t hash) {
    links_[slot] = {eviction::no_slot, eviction::no_slot};
    states_[slot] = {};
    hashes_[slot] = hash;
  }

 private:
  std::vector<eviction::Links> links_;
  std::vector<eviction::EntryState> states_;
  std::vector<std::uint32_t> hashes_;
};

/// Scatters keys as an engine's hash function does; `seed` stands for the process's.
inline std::uint64_t scatter(Key key, std::uint64_t seed) {
  std::uint64_t word = (key + 1 + seed * 0x9E3779B97F4A7C15U) * 0xD6E8FEB86659FD93U;
  word = (word ^ (word >> 32U)) * 0xD6E8FEB86659FD93U;
  return word ^ (word >> 32U);
}

/// At most `capacity` keys below `key_limit`, in `shards` parts with a policy each and one budget,
/// evicting as an engine does: where the new key goes, unless that part holds less than half its
/// share. Get, and put on a miss.
template <template <class> class Policy>
class Replay {
 public:
  Replay(std::size_t capacity, Key key_limit, std::uint64_t seed = 0, std::size_t shards = 1)
      : capacity_(capacity), seed_(seed), slot_of_(key_limit, eviction::no_slot) {
    shards_.reserve(shards);
    const std::size_t slots =
        shards == 1 ? capacity : std::min(capacity, capacity / shards * 4 + 1);
    for (std::size_t i = 0; i < shards; ++i) shards_.push_back(std::make_unique<Shard>(slots));
  }

  /// Whether it was a hit.
  bool request(Key key) {
    const std::uint64_t hash = scatter(key, seed_);
    Shard& shard = *shards_[(hash >> 32U) % shards_.size()];
    const eviction::Slot slot = slot_of_[key];
    if (slot != eviction::no_slot) {
      shard.policy.hit(slot, shard.slots.state(slot));
      return true;
    }
    if (size_ == capacity_) {
      evict(owes_room(shard) ? shard : next_to_give());
    } else {
      ++size_;
    }
    insert(shard, key, static_cast<std::uint32_t>(hash));
    return false;
  }

  std::size_t hits(std::span<const Key> trace) {
    std::size_t hits = 0;
    for (const Key key : trace) hits += request(key) ? 1 : 0;
    return hits;
  }

 private:
  struct Shard {
    explicit Shard(std::size_t count) : slots(count), keys(count), policy(slots) {}
    Slots slots;
    std::vector<Key> keys;
    std::vector<eviction::Slot> free;
    eviction::Slot used = 0;
    bool prepared = false;
    Policy<Slots> policy;
  };
  [[nodiscard]] bool owes_room(const Shard& shard) const {
    return shard.policy.size() > capacity_ / (2 * shards_.size()) || shards_.size() == 1;
  }
  Shard& next_to_give() {
    do {
      turn_ = (turn_ + 1) % shards_.size();
    } while (!owes_room(*shards_[turn_]));
    return *shards_[turn_];
  }

  void evict(Shard& shard) {
    const eviction::Slot slot = shard.policy.victim();
    shard.policy.evict(slot);
    slot_of_[shard.keys[slot]] = eviction::no_slot;
    shard.free.push_back(slot);
  }

  void insert(Shard& shard, Key key, std::uint32_t hash) {
    eviction::Slot slot = shard.used;
    if (shard.free.empty()) {
      ++shard.used;
    } else {
      slot = shard.free.back();
      shard.free.pop_back();
    }
    shard.slots.reset(slot, hash);
    shard.keys[slot] = key;
    slot_of_[key] = slot;
    shard.policy.insert(slot);
    if (!shard.prepared && size_ * 2 >= capacity_) {
      shard.policy.prepare(capacity_ / shards_.size());
      shard.prepared = true;
    }
  }

  std::size_t capacity_;
  std::uint64_t seed_;
  std::vector<eviction::Slot> slot_of_;
  std::vector<std::unique_ptr<Shard>> shards_;  // a policy refers to its slots
  std::size_t size_ = 0;
  std::size_t turn_ = 0;
};

}  // namespace semantrix::hit_ratio
