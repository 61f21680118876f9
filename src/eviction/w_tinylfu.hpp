#pragma once

#include "eviction/frequency_sketch.hpp"
#include "eviction/ghost.hpp"
#include "eviction/slot_list.hpp"

#include <algorithm>
#include <utility>

/// Window-TinyLFU, with a window that adapts and hits that only count.
///
/// What: new entries enter a window. What falls out of the window stays only if a sketch of past
/// frequencies says that it is asked for more often than the entry the main part would lose. The
/// main part has two queues: entries on probation, and those used again, protected, at most four
/// fifths. All three queues are first in, first out; an entry that was used since it entered its
/// queue is moved on when it comes to the end, and not before, so that a hit is one byte written.
/// Why: frequency resists scans and loops, the window catches bursts. How much of each a workload
/// needs shows in what returns: keys the window lost a moment ago ask for a larger window; keys the
/// main part lost, and uses at the main part's end, for a smaller one (hill climbing on shadow
/// queues).
/// Cost: 6.1 bytes an entry of capacity for the sketch and the shadows, from half full on.
/// Papers: Einziger, Friedman and Manes, "TinyLFU: a highly efficient cache admission policy", ACM
/// Transactions on Storage, 2017; Cidon, Eisenman, Alizadeh and Katti, "Cliffhanger: scaling
/// performance cliffs in web memory caches", NSDI, 2016; Yang et al., "FIFO can be better than LRU:
/// the power of lazy promotion and quick demotion", HotOS, 2023.
/// Unsuitable for: pure recency from the first request on, where it is up to a point below LRU.
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
    newest_ = slot;
    shorten_window();
  }

  /// Starts loading what `insert` of a key with this hash will ask.
  [[gnu::always_inline]] void prefetch(std::uint32_t hash) const {
    sketch_.prefetch(hash);
    lost_by_window_.prefetch(hash);
    lost_by_main_.prefetch(hash);
  }

  void hit(Slot, EntryState& state) {
    if (state.frequency < FrequencySketch::most) ++state.frequency;
  }

  /// Entries beyond the window's share compete for a place in the main part; the loser leaves.
  /// Never the entry inserted last, unless it is alone.
  Slot victim() {
    if (!sketch_.allocated() && size() != 0) prepare(size());
    shorten_window();
    const Slot loser = contest();
    return loser == newest_ && size() > 1 ? other_than(loser) : loser;
  }

  void erase(Slot slot) {
    list_of(nodes_->state(slot).queue).remove(slot);
    if (slot == newest_) newest_ = no_slot;
  }

  void evict(Slot slot) {
    const bool from_window = (nodes_->state(slot).queue & which_queue) == in_window;
    (from_window ? lost_by_window_ : lost_by_main_).remember(nodes_->hash(slot));
    erase(slot);
  }

  void prepare(std::size_t capacity) {
    if (sketch_.suits(capacity)) return;
    const FrequencySketch past = std::exchange(sketch_, FrequencySketch());
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
  [[nodiscard]] std::uint32_t rank(Slot slot) const {
    const EntryState state = nodes_->state(slot);
    const std::uint32_t past = state.queue & unsettled ? 0 : sketch_.estimate(nodes_->hash(slot));
    const std::uint32_t queue = state.queue & which_queue;
    return queue << 8 | std::min(past + state.frequency, FrequencySketch::most);
  }

  void restore(Slot slot, std::uint32_t rank) {
    const auto queue = static_cast<std::uint8_t>(std::min(rank >> 8, std::uint32_t{in_protected}));
    const std::uint32_t uses = std::clamp(rank & 0xff, 1U, FrequencySketch::most);
    nodes_->state(slot).frequency = static_cast<std::uint8_t>(uses);
    place(slot, queue | unsettled);
    if (sketch_.allocated()) settle(slot);
  }

  [[nodiscard]] std::size_t size() const {
    return window_.size() + probation_.size() + protected_.size();
  }

 private:
  // EntryState::queue. The frequency is the entry's uses since it entered its queue or was last
  // looked at; of an unsettled entry, which came before there was a sketch, all its uses.
  static constexpr std::uint8_t in_window = 0;
  static constexpr std::uint8_t in_probation = 1;
  static constexpr std::uint8_t in_protected = 2;
  static constexpr std::uint8_t which_queue = 3;
  static constexpr std::uint8_t unsettled = 4;

  // Measured with bench/hit_ratio on its traces and on Zipf; each may vary by a third at little
  // loss.
  static constexpr double least_share = 0.0025;
  static constexpr double most_share = 0.95;
  static constexpr double most_step = 0.1;
  static constexpr std::size_t shadow_part = 10;
  static constexpr std::size_t adaptations_a_turnover = 8;
  static constexpr double entries_a_recall = 3;
  static constexpr double weight_of_probation = 0.1;
  static constexpr std::uint32_t uses_to_be_protected = 3;  // of an unsettled entry
  static constexpr std::uint32_t uses_to_stand_back = 3;
  static constexpr std::uint32_t warm = 6;
  static constexpr int most_looks = 32;
  static constexpr int most_looks_at_protected = 16;
  static constexpr int most_moves = 4;

  SlotList<Nodes>& list_of(std::uint8_t queue) {
    const auto list = queue & which_queue;
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

  [[nodiscard]] std::size_t window_share() const {
    return std::max<std::size_t>(static_cast<std::size_t>(share_ * static_cast<double>(size())), 1);
  }

  Slot contest() {
    const Slot incumbent = last(probation_.empty() ? protected_ : probation_);
    if (incumbent == no_slot) return last(window_);
    if (window_.size() <= window_share()) return incumbent;
    sketch_.prefetch(nodes_->hash(incumbent));
    const Slot candidate = last(window_);
    ++left_unused_;
    if (!admits(candidate, incumbent)) return candidate;
    move(candidate, in_probation);
    return incumbent;
  }

  Slot other_than(Slot slot) {
    for (const SlotList<Nodes>* list : {&probation_, &window_, &protected_}) {
      Slot other = list->back();
      if (other == slot) other = nodes_->links(slot).previous;
      if (other != no_slot) return other;
    }
    return no_slot;
  }

  /// What is beyond the share while nothing has to leave (a cache that fills, a share that shrank)
  /// goes to the main part without a contest, a few at a time. One more than the share stays: the
  /// next candidate.
  void shorten_window() {
    for (int moves = 0; moves < most_moves && window_.size() > window_share() + 1; ++moves) {
      const Slot slot = window_.back();
      if (nodes_->state(slot).queue & unsettled) {
        move(slot, settle(slot) < uses_to_be_protected ? in_probation : in_protected);
        limit_protected();
      } else if (nodes_->state(slot).frequency != 0) {
        settle(slot);
        window_.move_to_front(slot);
      } else {
        move(slot, in_probation);
      }
    }
  }

  /// Hands an entry's uses to the sketch.
  std::uint32_t settle(Slot slot) {
    EntryState& state = nodes_->state(slot);
    const std::uint8_t uses = std::exchange(state.frequency, std::uint8_t{0});
    state.queue &= which_queue;
    if (uses != 0) sketch_.add(nodes_->hash(slot), uses);
    return uses;
  }

  /// The entry at the end of a queue, once those used since have been moved on. Not all of them, if
  /// they are many: a long time of hits must not be paid for by one insertion.
  Slot last(SlotList<Nodes>& list) {
    for (int looks = 0;; ++looks) {
      const Slot slot = list.back();
      if (slot == no_slot) return no_slot;
      look_ahead(*nodes_, slot);
      const EntryState& state = nodes_->state(slot);
      if (state.frequency == 0) return slot;
      if (looks == most_looks || (state.queue & unsettled) != 0) {
        settle(slot);
        return slot;
      }
      const bool promoted = state.queue == in_probation;
      adapt(settle(slot));
      if (promoted) {
        promote(slot);
      } else {
        list.move_to_front(slot);
        if (&list == &window_) left_unused_ = 0;
      }
    }
  }

  void promote(Slot slot) {
    // In a main part shorter by the shadows' length its use would have been a miss.
    pressure_ -= weight_of_probation * static_cast<double>(size()) /
                 static_cast<double>(shadow_part * probation_.size());
    move(slot, in_protected);
    limit_protected();
  }

  void limit_protected() {
    if (protected_.size() * 5 <= (size() - window_.size()) * 4) return;
    for (int looks = 0; looks < most_looks_at_protected; ++looks) {
      const Slot slot = protected_.back();
      look_ahead(*nodes_, slot);
      const EntryState& state = nodes_->state(slot);
      if (state.frequency == 0 || (state.queue & unsettled) != 0) break;
      adapt(settle(slot));
      protected_.move_to_front(slot);
    }
    const std::uint8_t flags = nodes_->state(protected_.back()).queue & unsettled;
    move(protected_.back(), in_probation | flags);
  }

  /// A key came back, or came for the first time.
  void learn(std::uint32_t hash) {
    sketch_.prefetch(hash);
    lost_by_main_.prefetch(hash);
    std::uint32_t uses = 1;
    if (lost_by_window_.recall(hash)) {
      pressure_ += 1;
      ++uses;  // in a slightly larger window it would have been used once more
    }
    if (lost_by_main_.recall(hash)) pressure_ -= 1;
    sketch_.add(hash, uses);
    adapt(1);
  }

  /// Several times a turnover of the cache the window's share follows the pressure; in between it
  /// is summed up, for a loop's lost keys come back all together. A window that has passed on all
  /// it held without a use is too large for whatever returns soon after: each loop longer than the
  /// cache looks so, however large the window grows.
  void adapt(std::uint32_t requests) {
    requests_ += requests;
    if (requests_ * adaptations_a_turnover < size()) return;
    double step = pressure_ * entries_a_recall / static_cast<double>(size() + 1);
    if (left_unused_ > window_.size() && window_.size() > size() / 20) {
      step = -most_step;
      left_unused_ = 0;
    }
    share_ = std::clamp(share_ + std::clamp(step, -most_step, most_step), least_share, most_share);
    pressure_ = 0;
    requests_ = 0;
  }

  /// An incumbent asked for often must be beaten clearly: in a loop every candidate is one use
  /// ahead of the entry that comes next. It then stands back, so that the next candidate meets
  /// another.
  bool admits(Slot candidate, Slot incumbent) {
    const std::uint32_t uses = sketch_.estimate(nodes_->hash(candidate));
    const std::uint32_t to_beat = sketch_.estimate(nodes_->hash(incumbent));
    if (uses > to_beat + to_beat / 4 || (uses >= warm && lucky())) return true;
    if (to_beat >= uses_to_stand_back && nodes_->state(incumbent).queue == in_probation) {
      probation_.move_to_front(incumbent);
    }
    return false;
  }

  /// A rejected candidate that is asked for often gets in now and then: otherwise an attacker who
  /// knows a collision keeps it out for good.
  bool lucky() {
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
  double share_ = least_share;   // of all entries, the window's
  double pressure_ = 0;          // towards a larger window, in recalls
  std::size_t requests_ = 0;     // since the share was adapted
  std::size_t left_unused_ = 0;  // candidates since an entry of the window was used again
  Slot newest_ = no_slot;
  std::uint32_t random_ = 0x9e3779b9;
};

}  // namespace semantrix::eviction
