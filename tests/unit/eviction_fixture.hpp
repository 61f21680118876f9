// A policy as its tests want to see it: keys are letters, queues are strings.
#pragma once

#include "eviction/policy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::eviction::testing {

/// A NodeStore that fails the test if a policy asks for a slot whose entry is gone.
class StrictNodes {
 public:
  explicit StrictNodes(std::size_t count) : entries_(count) {}

  Links& links(Slot slot) { return at(slot).links; }
  EntryState& state(Slot slot) { return at(slot).state; }
  [[nodiscard]] std::uint32_t hash(Slot slot) const {
    return const_cast<StrictNodes*>(this)->at(slot).hash;
  }

  /// A slot is born as an engine hands it over: state zeroed, links arbitrary.
  void open(Slot slot, std::uint32_t hash) {
    EXPECT_FALSE(resident(slot)) << slot;
    entries_[slot] = {{0xdead, 0xbeef}, {}, hash, true};
  }
  void close(Slot slot) { at(slot).resident = false; }
  [[nodiscard]] bool resident(Slot slot) const {
    return slot < entries_.size() && entries_[slot].resident;
  }

 private:
  struct Entry {
    Links links{};
    EntryState state{};
    std::uint32_t hash = 0;
    bool resident = false;
  };
  Entry& at(Slot slot) {
    EXPECT_TRUE(resident(slot)) << "slot " << slot << " is not resident";
    return entries_.at(slot);
  }

  std::vector<Entry> entries_;
};

/// Chance that repeats: the same seed, the same throws.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : random_(seed) {}
  /// Below `sides`.
  std::uint32_t operator()(std::size_t sides) {
    return static_cast<std::uint32_t>(random_() % sides);
  }

 private:
  std::mt19937 random_;
};

inline std::uint32_t hash_of(std::uint32_t key) {
  std::uint64_t word = (key + 1) * 0x9E3779B97F4A7C15U;
  word = (word ^ (word >> 29U)) * 0xBF58476D1CE4E5B9U;
  return static_cast<std::uint32_t>(word >> 32U);
}

/// Entries named by letters; a letter is its own slot.
template <template <class> class Policy>
class Letters {
 public:
  void put(std::string_view letters) {
    for (const char letter : letters) {
      nodes.open(slot_of(letter), hash_of(slot_of(letter)));
      policy.insert(slot_of(letter));
    }
  }
  void use(std::string_view letters) {
    for (const char letter : letters) {
      policy.hit(slot_of(letter), nodes.state(slot_of(letter)));
    }
  }
  void drop(std::string_view letters) {
    for (const char letter : letters) {
      policy.erase(slot_of(letter));
      nodes.close(slot_of(letter));
    }
  }
  void restore(char letter, std::uint32_t rank) {
    nodes.open(slot_of(letter), hash_of(slot_of(letter)));
    policy.restore(slot_of(letter), rank);
  }
  /// Evicts one entry; which.
  char leave() {
    const Slot slot = policy.victim();
    if (slot == no_slot) return '-';
    policy.evict(slot);
    nodes.close(slot);
    return letter_of(slot);
  }
  std::string leave(int count) {
    std::string letters;
    for (int i = 0; i < count; ++i) letters += leave();
    return letters;
  }
  /// All entries, the next to leave first.
  [[nodiscard]] std::string queue() const {
    std::string letters;
    policy.coldest_first([&](Slot slot) { letters += letter_of(slot); });
    return letters;
  }
  [[nodiscard]] std::uint32_t rank(char letter) const { return policy.rank(slot_of(letter)); }

  StrictNodes nodes{128};
  Policy<StrictNodes> policy{nodes};

 private:
  static Slot slot_of(char letter) { return static_cast<Slot>(letter); }
  static char letter_of(Slot slot) { return static_cast<char>(slot); }
};

/// Random traffic on a full cache, with a word for each rule a policy has to keep.
template <template <class> class Policy>
class Traffic {
 public:
  Traffic(std::uint32_t seed, Slot slots) : dice_(seed), nodes_(slots), policy_(nodes_) {
    for (Slot slot = slots; slot-- > 0;) free_.push_back(slot);
  }

  void run(int steps, bool prepared) {
    if (prepared) policy_.prepare(free_.size());
    for (int step = 0; step < steps && !::testing::Test::HasFailure(); ++step) {
      const std::uint32_t verb = dice_(100);
      if (verb < 50) {
        hit();
      } else if (verb < 58) {
        erase();
      } else if (verb < 59 && prepared) {
        policy_.prepare(1 + dice_(300));
      } else {
        insert();
      }
      if (step % 64 == 0) expect_all_reachable();
    }
    empty();
  }

 private:
  void hit() {
    if (used_.empty()) return;
    // Half of the hits on a few slots, some of them many times.
    const std::size_t few = dice_(2) == 0 ? used_.size() : used_.size() / 8 + 1;
    const Slot slot = used_[dice_(few)];
    for (std::uint32_t times = dice_(5); times-- > 0;) policy_.hit(slot, nodes_.state(slot));
  }
  void erase() {
    if (used_.empty()) return;
    const std::size_t at = dice_(used_.size());
    policy_.erase(used_[at]);
    leave(at);
  }
  void insert() {
    if (free_.empty()) evict();
    const Slot slot = free_.back();
    free_.pop_back();
    used_.push_back(slot);
    nodes_.open(slot, hash_of(dice_(1000)));
    policy_.insert(slot);
  }
  void evict() {
    const Slot victim = policy_.victim();
    const auto at = std::find(used_.begin(), used_.end(), victim);
    ASSERT_NE(at, used_.end()) << "the victim " << victim << " is not resident";
    policy_.evict(victim);
    leave(static_cast<std::size_t>(at - used_.begin()));
  }
  void leave(std::size_t at) {
    nodes_.close(used_[at]);
    free_.push_back(used_[at]);
    used_[at] = used_.back();
    used_.pop_back();
  }
  void expect_all_reachable() {
    EXPECT_EQ(policy_.size(), used_.size());
    std::vector<Slot> seen;
    policy_.coldest_first([&](Slot slot) { seen.push_back(slot); });
    std::vector<Slot> expected = used_;
    std::sort(seen.begin(), seen.end());
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(seen, expected);
  }
  void empty() {
    while (!used_.empty() && !::testing::Test::HasFailure()) evict();
    EXPECT_EQ(policy_.size(), 0U);
    EXPECT_EQ(policy_.victim(), no_slot);
  }

  Dice dice_;
  StrictNodes nodes_;
  Policy<StrictNodes> policy_;
  std::vector<Slot> free_;
  std::vector<Slot> used_;
};

/// Every rule of policy.hpp, on caches of many sizes.
template <template <class> class Policy>
void expect_rules_kept() {
  for (const Slot slots : {1U, 2U, 3U, 5U, 16U, 100U, 257U}) {
    for (std::uint32_t seed = 0; seed < 6; ++seed) {
      SCOPED_TRACE("slots " + std::to_string(slots) + ", seed " + std::to_string(seed));
      Traffic<Policy>(seed, slots).run(6000, seed % 2 == 0);
      if (::testing::Test::HasFailure()) return;
    }
  }
}

/// The entry just put is not the next to leave while there is another, whatever was used before.
template <template <class> class Policy>
void expect_newest_stays() {
  Dice dice(7);
  for (int round = 0; round < 200; ++round) {
    Letters<Policy> cache;
    const int size = 2 + static_cast<int>(dice(20));
    if (round % 3 != 0) cache.policy.prepare(static_cast<std::size_t>(size));
    std::string resident;
    for (char letter = 'A'; letter < 'A' + 50; ++letter) {
      if (static_cast<int>(resident.size()) == size) {
        const char left = cache.leave();
        ASSERT_NE(left, resident.back()) << "round " << round;
        resident.erase(resident.find(left), 1);
      }
      cache.put(std::string(1, letter));
      resident += letter;
      for (std::uint32_t uses = dice(6); uses-- > 0;) {
        cache.use(std::string(1, resident[dice(resident.size())]));
      }
    }
  }
}

}  // namespace semantrix::eviction::testing
