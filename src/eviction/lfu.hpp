#pragma once

#include "eviction/slot_list.hpp"

#include <limits>
#include <vector>

/// Least frequently used, the least recent among equals.
///
/// What: one list for each number of uses that some entry has, the lists in ascending order; a use
/// moves the entry to the front of the next list, the back of the first list leaves.
/// Why: exact counts, for keys whose popularity does not change.
/// Cost: 4 bytes an entry beyond the links (the number of its list); O(1) a verb.
/// Paper: Ketan Shah, Anirban Mitra and Dhruv Matani, "An O(1) algorithm for implementing the LFU
/// cache eviction scheme", 2010.
/// Unsuitable for: popularity that moves on: old favourites stay for ever, new ones leave at once.
namespace semantrix::eviction {

template <NodeStore Nodes>
class Lfu {
 public:
  explicit Lfu(Nodes& nodes) : nodes_(&nodes) {}

  void insert(Slot slot) { restore(slot, 1); }

  void hit(Slot slot, EntryState&) {
    const Index from = bucket_of_[slot];
    const std::uint32_t uses = buckets_[from].uses;
    if (uses == std::numeric_limits<std::uint32_t>::max()) {
      buckets_[from].slots.move_to_front(slot);
      return;
    }
    const Index above = buckets_[from].above;
    const bool shared_above = above != none && buckets_[above].uses == uses + 1;
    if (!shared_above && buckets_[from].slots.size() == 1) {
      ++buckets_[from].uses;
      return;
    }
    const Index to = shared_above ? above : open(uses + 1, from);
    buckets_[from].slots.remove(slot);
    add(slot, to);
    if (buckets_[from].slots.empty()) close(from);
  }

  Slot victim() { return lowest_ == none ? no_slot : buckets_[lowest_].slots.back(); }

  void erase(Slot slot) {
    const Index from = bucket_of_[slot];
    buckets_[from].slots.remove(slot);
    if (buckets_[from].slots.empty()) close(from);
    --size_;
  }
  void evict(Slot slot) { erase(slot); }
  void prepare(std::size_t capacity) { bucket_of_.reserve(capacity); }

  template <class Visit>
  void coldest_first(Visit&& visit) const {
    for (Index at = lowest_; at != none; at = buckets_[at].above) {
      buckets_[at].slots.back_to_front(visit);
    }
  }

  /// Uses so far, the insertion included.
  [[nodiscard]] std::uint32_t rank(Slot slot) const { return buckets_[bucket_of_[slot]].uses; }

  /// O(1) in the order of `coldest_first`, and for a new entry.
  void restore(Slot slot, std::uint32_t uses) {
    if (uses == 0) uses = 1;
    Index below = none;
    if (lowest_ != none && buckets_[lowest_].uses <= uses) {
      below = uses == 1 ? lowest_ : highest_;
      while (buckets_[below].uses > uses) below = buckets_[below].below;
    }
    const bool shared = below != none && buckets_[below].uses == uses;
    if (slot >= bucket_of_.size()) bucket_of_.resize(slot + 1, none);
    add(slot, shared ? below : open(uses, below));
    ++size_;
  }

  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  using Index = std::uint32_t;
  static constexpr Index none = ~Index{0};

  struct Bucket {
    std::uint32_t uses;
    Index below;
    Index above;
    SlotList<Nodes> slots;
  };

  void add(Slot slot, Index to) {
    buckets_[to].slots.push_front(slot);
    bucket_of_[slot] = to;
  }

  /// A new bucket above `below` (`none`: the lowest).
  Index open(std::uint32_t uses, Index below) {
    const Index above = below == none ? lowest_ : buckets_[below].above;
    const Bucket bucket{uses, below, above, SlotList<Nodes>(*nodes_)};
    Index at = free_;
    if (at == none) {
      at = static_cast<Index>(buckets_.size());
      buckets_.push_back(bucket);
    } else {
      free_ = buckets_[at].above;
      buckets_[at] = bucket;
    }
    (below == none ? lowest_ : buckets_[below].above) = at;
    (above == none ? highest_ : buckets_[above].below) = at;
    return at;
  }

  void close(Index at) {
    const auto [below, above] = std::pair(buckets_[at].below, buckets_[at].above);
    (below == none ? lowest_ : buckets_[below].above) = above;
    (above == none ? highest_ : buckets_[above].below) = below;
    buckets_[at].above = free_;
    free_ = at;
  }

  Nodes* nodes_;
  std::vector<Index> bucket_of_;  // by slot
  std::vector<Bucket> buckets_;
  Index lowest_ = none;
  Index highest_ = none;
  Index free_ = none;
  std::size_t size_ = 0;
};

}  // namespace semantrix::eviction
