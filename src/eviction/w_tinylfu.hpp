#pragma once

#include <algorithm>
#include <array>

#include "eviction/frequency_sketch.hpp"
#include "eviction/slot_list.hpp"

/// Window-TinyLFU, with a window that adapts.
///
/// What: new entries enter a window, least recently used first out. What falls out of the window
/// stays only if a sketch of past frequencies says that it is asked for more often than the entry
/// the main part would lose. The main part is a segmented list: entries on probation, and those
/// used again, protected, at most four fifths.
/// Why: frequency resists scans and loops, the window catches bursts; the window's share follows
/// the hit ratio (hill climbing).
/// Cost: the sketch (`FrequencySketch::bytes_per_entry`); a hit counts in the entry's state and
/// notes its slot, and a full note pad is worked off in one pass that overlaps its cache misses.
/// Papers: Einziger, Friedman and Manes, "TinyLFU: a highly efficient cache admission policy", ACM
/// Transactions on Storage, 2017; Einziger, Eytan, Friedman and Manes, "Adaptive software cache
/// management", Middleware, 2018.
/// Unsuitable for: keys that are asked for a few times in a row and never again, with gaps longer
/// than the window.
namespace semantrix::eviction {

template <NodeStore Nodes>
class WTinyLfu {
 public:
  explicit WTinyLfu(Nodes& nodes)
      : nodes_(&nodes), window_(nodes), probation_(nodes), protected_(nodes) {}

  void insert(Slot slot) {
    ++misses_;
    sketch_.add(nodes_->hash(slot));
    place(slot, in_window);
    // What is beyond the share while nothing has to leave (a cache that fills, a share that shrank)
    // moves on without a contest. One more than the share stays: the next victim()'s candidate.
    for (int moves = 0; moves < 4 && window_.size() > window_share() + 1; ++moves) {
      move(window_.back(), in_probation);
    }
  }

  void hit(Slot slot, EntryState& state) {
    if (state.frequency != 0) {
      state.frequency = static_cast<std::uint8_t>(state.frequency + (state.frequency != 255));
      return;
    }
    state.frequency = 1;
    pad_[noted_++] = slot;
    if (noted_ == pad_.size()) drain();
  }

  /// Entries beyond the window's share compete for a place in the main part; the loser leaves.
  Slot victim() {
    if (size() == 0) return no_slot;
    adapt();
    const Slot main_victim = cold(probation_.empty() ? in_protected : in_probation);
    if (main_victim == no_slot) return cold(in_window);
    if (window_.size() <= window_share()) return main_victim;
    const Slot candidate = cold(in_window);
    if (!admits(nodes_->hash(candidate), nodes_->hash(main_victim))) return candidate;
    move(candidate, in_probation);
    return main_victim;
  }

  void erase(Slot slot) {
    const EntryState& state = nodes_->state(slot);
    if (state.frequency != 0) forget_note(slot);
    list_of(state.queue).remove(slot);
  }
  void evict(Slot slot) { erase(slot); }

  void prepare(std::size_t capacity) { sketch_.resize(capacity); }

  template <class Visit>
  void coldest_first(Visit&& visit) const {
    probation_.back_to_front(visit);
    window_.back_to_front(visit);
    protected_.back_to_front(visit);
  }

  /// The queue and the frequency.
  std::uint32_t rank(Slot slot) const {
    const EntryState state = nodes_->state(slot);
    const std::uint32_t uses = sketch_.estimate(nodes_->hash(slot)) + state.frequency;
    return static_cast<std::uint32_t>(state.queue << 8) |
           std::min(uses, FrequencySketch::most);
  }

  void restore(Slot slot, std::uint32_t rank) {
    const std::uint32_t queue = rank >> 8;
    sketch_.add(nodes_->hash(slot), rank & 0xff);
    place(slot, queue > in_protected ? in_window : static_cast<Queue>(queue));
  }

  std::size_t size() const { return window_.size() + probation_.size() + protected_.size(); }

 private:
  enum Queue : std::uint8_t { in_window, in_probation, in_protected };
  static constexpr std::size_t pad_length = 64;

  SlotList<Nodes>& list_of(std::uint8_t queue) {
    return queue == in_window ? window_ : queue == in_probation ? probation_ : protected_;
  }

  void place(Slot slot, Queue queue) {
    nodes_->state(slot).queue = queue;
    list_of(queue).push_front(slot);
  }

  void move(Slot slot, Queue queue) {
    list_of(nodes_->state(slot).queue).remove(slot);
    place(slot, queue);
  }

  /// At least one, so that the entry inserted last is not the next to leave.
  std::size_t window_share() const {
    return std::max<std::size_t>(static_cast<std::size_t>(share_ * static_cast<double>(size())), 1);
  }

  /// The entry at the back of a list, once those with pending uses have gone to the front.
  Slot cold(Queue queue) {
    SlotList<Nodes>& list = list_of(queue);
    for (Slot slot = list.back(); slot != no_slot; slot = list.back()) {
      if (nodes_->state(slot).frequency == 0) return slot;
      forget_note(slot);
      use(slot);
    }
    return no_slot;
  }

  /// Applies an entry's pending uses.
  void use(Slot slot) {
    EntryState& state = nodes_->state(slot);
    sketch_.add(nodes_->hash(slot), state.frequency);
    hits_ += state.frequency;
    state.frequency = 0;
    if (state.queue != in_probation) {
      list_of(state.queue).move_to_front(slot);
      return;
    }
    move(slot, in_protected);
    if (protected_.size() * 5 > (size() - window_.size()) * 4) {
      move(protected_.back(), in_probation);
    }
  }

  void drain() {
    for (std::size_t i = 0; i < noted_; ++i) {
      __builtin_prefetch(&nodes_->links(pad_[i]), 1);
      sketch_.prefetch(nodes_->hash(pad_[i]));
    }
    for (std::size_t i = 0; i < noted_; ++i) {
      const Links at = nodes_->links(pad_[i]);
      if (at.previous != no_slot) __builtin_prefetch(&nodes_->links(at.previous), 1);
      if (at.next != no_slot) __builtin_prefetch(&nodes_->links(at.next), 1);
    }
    for (std::size_t i = 0; i < noted_; ++i) use(pad_[i]);
    noted_ = 0;
  }

  void forget_note(Slot slot) {
    const auto end = pad_.begin() + static_cast<std::ptrdiff_t>(noted_);
    *std::find(pad_.begin(), end, slot) = pad_[noted_ - 1];
    --noted_;
  }

  /// A rejected candidate that is asked for often gets in now and then: otherwise an attacker who
  /// knows a collision keeps it out for good.
  bool admits(std::uint32_t candidate, std::uint32_t incumbent) {
    if (!sketch_.allocated()) return true;
    const std::uint32_t uses = sketch_.estimate(candidate);
    if (uses > sketch_.estimate(incumbent)) return true;
    if (uses < warm) return false;
    random_ ^= random_ << 13;
    random_ ^= random_ >> 17;
    random_ ^= random_ << 5;
    return (random_ & 127) == 0;
  }

  /// Once each ten requests for every entry: on in the same direction if the hit ratio rose, else
  /// back, in steps that shrink until the hit ratio jumps.
  void adapt() {
    const std::uint64_t requests = hits_ + misses_;
    if (requests < 10 * size()) return;
    const double ratio = static_cast<double>(hits_) / static_cast<double>(requests);
    const double change = ratio - last_ratio_;
    if (last_ratio_ >= 0) {
      if (change < 0) step_ = -step_;
      share_ = std::clamp(share_ + step_, 0.005, 0.8);
      step_ = std::abs(change) >= 0.05 ? (step_ < 0 ? -0.0625 : 0.0625) : step_ * 0.98;
    }
    last_ratio_ = ratio;
    hits_ = misses_ = 0;
  }

  static constexpr std::uint32_t warm = 6;

  Nodes* nodes_;
  SlotList<Nodes> window_;
  SlotList<Nodes> probation_;
  SlotList<Nodes> protected_;
  FrequencySketch sketch_;
  std::array<Slot, pad_length> pad_{};
  std::size_t noted_ = 0;
  double share_ = 0.05;
  double step_ = 0.0625;
  double last_ratio_ = -1;
  std::uint64_t hits_ = 0;
  std::uint64_t misses_ = 0;
  std::uint32_t random_ = 0x9e3779b9;
};

}  // namespace semantrix::eviction
