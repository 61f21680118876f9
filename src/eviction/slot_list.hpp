#pragma once

#include "eviction/policy.hpp"

#include <cassert>
#include <cstddef>
#include <utility>

/// A doubly linked list of slots, threaded through the links of a `NodeStore`.
///
/// What: front is the newest, back the next to leave. Why: a policy then costs an entry no
/// allocation and eight bytes, whichever of its lists the entry is in. Cost: each verb is O(1) and
/// touches the slot and at most two neighbours. A slot may be in one list at a time.
namespace semantrix::eviction {

template <NodeStore Nodes>
class SlotList {
 public:
  explicit SlotList(Nodes& nodes) : nodes_(&nodes) {}

  [[nodiscard]] Slot front() const { return front_; }
  [[nodiscard]] Slot back() const { return back_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  void push_front(Slot slot) {
    nodes_->links(slot) = {no_slot, front_};
    (front_ == no_slot ? back_ : nodes_->links(front_).previous) = slot;
    front_ = slot;
    ++size_;
  }

  void push_back(Slot slot) {
    nodes_->links(slot) = {back_, no_slot};
    (back_ == no_slot ? front_ : nodes_->links(back_).next) = slot;
    back_ = slot;
    ++size_;
  }

  void remove(Slot slot) {
    assert(size_ > 0);
    const Links at = nodes_->links(slot);
    (at.previous == no_slot ? front_ : nodes_->links(at.previous).next) = at.next;
    (at.next == no_slot ? back_ : nodes_->links(at.next).previous) = at.previous;
    --size_;
  }

  void move_to_front(Slot slot) {
    if (slot == front_) return;
    remove(slot);
    push_front(slot);
  }

  /// Visits from the back, the order of leaving.
  template <class Visit>
  void back_to_front(Visit&& visit) const {
    for (Slot slot = back_; slot != no_slot; slot = nodes_->links(slot).previous) visit(slot);
  }

 private:
  Nodes* nodes_;
  Slot front_ = no_slot;
  Slot back_ = no_slot;
  std::size_t size_ = 0;
};

}  // namespace semantrix::eviction
