#pragma once

#include "eviction/slot_list.hpp"

/// First in, first out.
///
/// What: one list in the order of insertion; the oldest leaves, however much it is used.
/// Why: a hit costs nothing at all, and what leaves depends on the insertions alone.
/// Cost: 0 bytes beyond the links; a hit touches nothing. Replacing a value keeps the position.
/// Paper: Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems
/// Journal, 1966.
/// Unsuitable for: anything with popular keys, which leave as soon as the rest.
namespace semantrix::eviction {

template <NodeStore Nodes>
class Fifo {
 public:
  explicit Fifo(Nodes& nodes) : list_(nodes) {}

  void insert(Slot slot) { list_.push_front(slot); }
  void hit(Slot, EntryState&) {}
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
