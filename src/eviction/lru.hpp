#pragma once

#include "eviction/slot_list.hpp"

/// Least recently used.
///
/// What: one list; a use moves the entry to the front, the back leaves.
/// Why: exact, predictable, and close to the best where recent use foretells the next.
/// Cost: 0 bytes beyond the links; a hit relinks three entries.
/// Paper: Mattson et al., "Evaluation techniques for storage hierarchies", IBM Systems Journal,
/// 1970.
/// Unsuitable for: scans and loops longer than the cache, which push out everything and never hit.
namespace semantrix::eviction {

template <NodeStore Nodes>
class Lru {
 public:
  explicit Lru(Nodes& nodes) : list_(nodes) {}

  void insert(Slot slot) { list_.push_front(slot); }
  void hit(Slot slot, EntryState&) { list_.move_to_front(slot); }
  Slot victim() { return list_.back(); }
  void erase(Slot slot) { list_.remove(slot); }
  void evict(Slot slot) { list_.remove(slot); }
  void prepare(std::size_t) {}

  template <class Visit>
  void coldest_first(Visit&& visit) const {
    list_.back_to_front(visit);
  }
  [[nodiscard]] std::uint32_t rank(Slot) const { return 0; }
  void restore(Slot slot, std::uint32_t) { insert(slot); }
  [[nodiscard]] std::size_t size() const { return list_.size(); }

 private:
  SlotList<Nodes> list_;
};

}  // namespace semantrix::eviction
