#pragma once

#include "eviction/policy.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace semantrix::memory {

/// Which entries expire when: a hierarchical timing wheel (Varghese and Lauck, "Hashed and
/// Hierarchical Timing Wheels", 1987). Scheduling and unscheduling are O(1) and allocate nothing.
///
/// A tick is 16 ms; five levels of 64 buckets reach 198 days, later deadlines are looked at again
/// then. Buckets whose time has come are moved to a list of pending entries in O(1), and each pass
/// takes a bounded number from it, so that a million entries of one deadline stall nobody. Guarded
/// by the shard's lock.
class ExpiryWheel {
 public:
  using Slot = eviction::Slot;

  explicit ExpiryWheel(std::int64_t now_ms) noexcept
      : tick_(tick_of(now_ms)), collected_ms_(now_ms - 1) {
    buckets_.fill({no_link, no_link});
  }

  /// Memory for slots below `count`. Throws `std::bad_alloc`.
  void reserve(std::size_t count) {
    if (links_.size() < count) links_.resize(count, {no_link, no_link});
  }

  /// REQUIRES: memory is reserved for the slot and it is not scheduled.
  void schedule(Slot slot, std::int64_t deadline_ms) noexcept;
  /// Does nothing to a slot that is not scheduled.
  void unschedule(Slot slot) noexcept;

  /// Entries scheduled.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Whether `advance` would have work: a tick has passed, or entries are pending.
  [[nodiscard]] bool due(std::int64_t now_ms) const noexcept {
    return size_ != 0 && (tick_of(now_ms) > tick_ || buckets_[pending].head != no_link);
  }

  /// Looks at up to `limit` entries whose bucket's time has come. `deadline_of(slot)` is the
  /// entry's deadline now; those at or before `now_ms` are unscheduled and given to `expire(slot)`,
  /// the others are scheduled anew. Returns how many were looked at: fewer than `limit` means all
  /// are done. Passes within a millisecond look at each entry once, so that they come to an end.
  template <class DeadlineOf, class Expire>
  std::size_t advance(std::int64_t now_ms, std::size_t limit, DeadlineOf deadline_of,
                      Expire expire) {
    if (now_ms > collected_ms_) collect(now_ms);
    std::size_t seen = 0;
    for (; seen < limit && buckets_[pending].head != no_link; ++seen) {
      const Slot slot = buckets_[pending].head;
      unschedule(slot);
      const std::int64_t deadline = deadline_of(slot);
      if (deadline <= now_ms) {
        expire(slot);
      } else {
        schedule(slot, deadline);
      }
    }
    return seen;
  }

 private:
  static constexpr unsigned tick_bits = 4;
  static constexpr unsigned level_bits = 6;
  static constexpr unsigned levels = 5;
  static constexpr std::size_t per_level = std::size_t{1} << level_bits;
  static constexpr std::size_t pending = levels * per_level;  ///< The last bucket.

  // The ends of a bucket's list name the bucket, so that any entry can be unlinked alone.
  static constexpr Slot end_mark = Slot{1} << 31;
  static constexpr Slot no_link = eviction::no_slot;

  struct Bucket {
    Slot head;
    Slot tail;
  };

  [[nodiscard]] static std::int64_t tick_of(std::int64_t ms) noexcept { return ms >> tick_bits; }
  void push(std::size_t bucket, Slot slot) noexcept;
  void move_to_pending(std::size_t bucket) noexcept;
  void collect(std::int64_t now_ms) noexcept;

  std::vector<eviction::Links> links_;
  std::int64_t tick_;          ///< All earlier ticks have been collected.
  std::int64_t collected_ms_;  ///< What is due by then is pending, or gone.
  std::size_t size_ = 0;
  std::array<Bucket, pending + 1> buckets_;
};

}  // namespace semantrix::memory
