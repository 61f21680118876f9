#pragma once

#include "eviction/frequency_sketch.hpp"
#include "eviction/ghost.hpp"
#include "eviction/slot_list.hpp"

#include <algorithm>
#include <array>
#include <utility>

/// Window-TinyLFU, with a window that adapts.
///
/// What: new entries enter a window, least recently used first out. What falls out of the window
/// stays only if a sketch of past frequencies says that it is asked for more often than the entry
/// the main part would lose. The main part is a segmented list: entries on probation, and those
/// used again, protected, at most four fifths.
/// Why: frequency resists scans and loops, the window catches bursts. How much of each a workload
/// needs shows in what returns: keys the window lost a moment ago ask for a larger window, keys the
/// main part lost, and uses near the main part's end, for a smaller one (hill climbing on shadow
/// queues).
/// Cost: 5.1 bytes an entry for the sketch and the shadows; a hit counts in the entry's state and
/// notes its slot, and a full pad of notes is worked off in one pass that overlaps its cache
/// misses. Papers: Einziger, Friedman and Manes, "TinyLFU: a highly efficient cache admission
/// policy", ACM Transactions on Storage, 2017; Cidon, Eisenman, Alizadeh and Katti, "Cliffhanger:
/// scaling performance cliffs in web memory caches", NSDI, 2016. Unsuitable for: pure recency from
/// the first request on, where it is up to a point below LRU.
namespace semantrix::eviction {

template <NodeStore Nodes>
class WTinyLfu {
 public:
  explicit WTinyLfu(Nodes& nodes)
      : nodes_(&nodes), window_(nodes), probation_(nodes), protected_(nodes) {}

  void insert(Slot slot) {
    if (!sketch_.allocated()) {
      nodes_->state(slot).frequency = 1;
      place(slot, in_window | unsettled);
      return;
    }
    learn(nodes_->hash(slot));
    place(slot, in_window);
    // What is beyond the share while nothing has to leave (a cache that fills, a share that shrank)
    // moves on without a contest. One more than the share stays: the next victim()'s candidate.
    for (int moves = 0; moves < 4 && window_.size() > window_share() + 1; ++moves) overflow();
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
    const Slot incumbent = cold(probation_.empty() ? in_protected : in_probation);
    if (incumbent == no_slot) return cold(in_window);
    if (window_.size() <= window_share()) return incumbent;
    const Slot candidate = cold(in_window);
    if (window_.size() <= window_share()) return incumbent;  // cold() may have emptied it
    if (!admits(nodes_->hash(candidate), nodes_->hash(incumbent))) return candidate;
    move(candidate, in_probation);
    return incumbent;
  }

  void erase(Slot slot) {
    const EntryState& state = nodes_->state(slot);
    if (state.frequency != 0 && (state.queue & unsettled) == 0) forget_note(slot);
    list_of(state.queue).remove(slot);
  }

  void evict(Slot slot) {
    Ghost& ghosts =
        (nodes_->state(slot).queue & ~unsettled) == in_window ? lost_by_window_ : lost_by_main_;
    ghosts.remember(nodes_->hash(slot));
    erase(slot);
  }

  void prepare(std::size_t capacity) {
    if (sketch_.suits(capacity)) return;
    FrequencySketch past;
    std::swap(past, sketch_);
    sketch_.resize(capacity);
    lost_by_window_.resize(capacity / shadow_part);
    lost_by_main_.resize(capacity / shadow_part);
    const auto carry_over = [&](Slot slot) {
      if (nodes_->state(slot).queue & unsettled) {
        settle(slot);
      } else {
        sketch_.add(nodes_->hash(slot), past.estimate(nodes_->hash(slot)));
      }
    };
    probation_.back_to_front(carry_over);
    protected_.back_to_front(carry_over);
    // A window that has never seen a sketch is as long as the cache: its entries settle as they
    // leave it, not all at once.
    if (past.allocated()) window_.back_to_front(carry_over);
  }

  template <class Visit>
  void coldest_first(Visit&& visit) const {
    probation_.back_to_front(visit);
    window_.back_to_front(visit);
    protected_.back_to_front(visit);
  }

  /// The queue and the frequency.
  std::uint32_t rank(Slot slot) const {
    const EntryState state = nodes_->state(slot);
    const std::uint32_t past = state.queue & unsettled ? 0 : sketch_.estimate(nodes_->hash(slot));
    const std::uint32_t queue = state.queue & ~unsettled;
    return queue << 8 | std::min(past + state.frequency, FrequencySketch::most);
  }

  void restore(Slot slot, std::uint32_t rank) {
    const auto queue = static_cast<std::uint8_t>(std::min(rank >> 8, std::uint32_t{in_protected}));
    const std::uint32_t uses = std::clamp(rank & 0xff, 1U, FrequencySketch::most);
    nodes_->state(slot).frequency = static_cast<std::uint8_t>(uses);
    place(slot, queue | unsettled);
    if (sketch_.allocated()) settle(slot);
  }

  std::size_t size() const { return window_.size() + probation_.size() + protected_.size(); }

 private:
  // Which list an entry is in, and whether its frequency is all its uses, not yet in the sketch
  // (it came before there was one), rather than its uses since the pad was drained.
  static constexpr std::uint8_t in_window = 0;
  static constexpr std::uint8_t in_probation = 1;
  static constexpr std::uint8_t in_protected = 2;
  static constexpr std::uint8_t unsettled = 4;

  static constexpr std::size_t pad_length = 64;
  static constexpr std::uint32_t warm = 6;

  // Measured with bench/hit_ratio on its traces and on Zipf; see `adapt`.
  static constexpr double first_share = 0.005;
  static constexpr double least_share = 0.0025;
  static constexpr double most_share = 0.8;
  static constexpr std::size_t shadow_part = 10;
  static constexpr std::size_t adaptations_a_turnover = 8;
  static constexpr double entries_a_recall = 3;
  static constexpr double weight_of_probation = 0.25;

  SlotList<Nodes>& list_of(std::uint8_t queue) {
    const auto list = queue & ~unsettled;
    return list == in_window ? window_ : list == in_probation ? probation_ : protected_;
  }

  void place(Slot slot, std::uint8_t queue) {
    nodes_->state(slot).queue = queue;
    list_of(queue).push_front(slot);
  }

  void move(Slot slot, std::uint8_t queue) {
    list_of(nodes_->state(slot).queue).remove(slot);
    place(slot, queue);
  }

  /// At least one, so that the entry inserted last is not the next to leave.
  std::size_t window_share() const {
    return std::max<std::size_t>(static_cast<std::size_t>(share_ * static_cast<double>(size())), 1);
  }

  /// The entry at the back of a list, once those with pending uses have gone to the front.
  Slot cold(std::uint8_t queue) {
    SlotList<Nodes>& list = list_of(queue);
    for (Slot slot = list.back(); slot != no_slot; slot = list.back()) {
      const EntryState& state = nodes_->state(slot);
      if (state.frequency == 0) return slot;
      if ((state.queue & unsettled) == 0) {
        forget_note(slot);
        use(slot);
      } else if (queue == in_window && list.size() > 1) {
        overflow();
      } else {
        settle(slot);
        return slot;
      }
    }
    return no_slot;
  }

  /// The window's oldest goes to the main part without a contest.
  void overflow() {
    const Slot slot = window_.back();
    const bool used_again = (nodes_->state(slot).queue & unsettled) != 0 && settle(slot) > 1;
    move(slot, used_again ? in_protected : in_probation);
    limit_protected();
  }

  /// Hands an entry's uses to the sketch.
  std::uint32_t settle(Slot slot) {
    EntryState& state = nodes_->state(slot);
    const std::uint8_t uses = std::exchange(state.frequency, std::uint8_t{0});
    state.queue &= static_cast<std::uint8_t>(~unsettled);
    sketch_.add(nodes_->hash(slot), uses);
    return uses;
  }

  /// Applies an entry's pending uses.
  void use(Slot slot) {
    EntryState& state = nodes_->state(slot);
    const std::uint8_t uses = std::exchange(state.frequency, std::uint8_t{0});
    sketch_.add(nodes_->hash(slot), uses);
    if (state.queue == in_probation) {
      // Of a main part shorter by the shadow's length this use would have been a miss, if the
      // probation's end is where uses fall.
      pressure_ -= weight_of_probation * static_cast<double>(size()) /
                   static_cast<double>(shadow_part * probation_.size());
      move(slot, in_protected);
      limit_protected();
    } else {
      list_of(state.queue).move_to_front(slot);
    }
    adapt(uses);
  }

  void limit_protected() {
    if (protected_.size() * 5 > (size() - window_.size()) * 4) {
      move(protected_.back(), in_probation);
    }
  }

  /// A key came back, or came for the first time.
  void learn(std::uint32_t hash) {
    std::uint32_t uses = 1;
    if (lost_by_window_.recall(hash)) {
      pressure_ += 1;
      ++uses;  // it would have been a hit in a slightly larger window
    }
    if (lost_by_main_.recall(hash)) pressure_ -= 1;
    sketch_.add(hash, uses);
    adapt(1);
  }

  /// Several times a turnover of the cache the window's share follows the pressure; in between it
  /// is summed up, for a loop's lost keys come back all together.
  void adapt(std::uint32_t requests) {
    requests_ += requests;
    if (requests_ * adaptations_a_turnover < size()) return;
    const double step =
        pressure_ * entries_a_recall / static_cast<double>(std::max<std::size_t>(size(), 1));
    share_ = std::clamp(share_ + step, least_share, most_share);
    pressure_ = 0;
    requests_ = 0;
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

  /// The pad holds exactly the settled entries with pending uses: a slot may be gone when the pad
  /// is drained.
  void forget_note(Slot slot) {
    const auto end = pad_.begin() + static_cast<std::ptrdiff_t>(noted_);
    *std::find(pad_.begin(), end, slot) = pad_[noted_ - 1];
    --noted_;
  }

  /// An incumbent asked for often must be beaten clearly: in a loop every candidate is one use
  /// ahead of the entry that comes next. And a rejected candidate that is asked for often gets in
  /// now and then: otherwise an attacker who knows a collision keeps it out for good.
  bool admits(std::uint32_t candidate, std::uint32_t incumbent) {
    if (!sketch_.allocated()) return true;
    const std::uint32_t uses = sketch_.estimate(candidate);
    const std::uint32_t to_beat = sketch_.estimate(incumbent);
    if (uses > to_beat + to_beat / 4) return true;
    if (uses < warm) return false;
    random_ ^= random_ << 13;
    random_ ^= random_ >> 17;
    random_ ^= random_ << 5;
    return (random_ & 127) == 0;
  }

  Nodes* nodes_;
  SlotList<Nodes> window_;
  SlotList<Nodes> probation_;
  SlotList<Nodes> protected_;
  FrequencySketch sketch_;
  Ghost lost_by_window_;
  Ghost lost_by_main_;
  double share_ = first_share;  // of all entries, the window's
  double pressure_ = 0;         // towards a larger window, in recalls
  std::size_t requests_ = 0;    // since the share was adapted
  std::size_t noted_ = 0;
  std::uint32_t random_ = 0x9e3779b9;
  std::array<Slot, pad_length> pad_{};
};

}  // namespace semantrix::eviction
