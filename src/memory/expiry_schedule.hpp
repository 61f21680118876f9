#pragma once

#include "eviction/policy.hpp"
#include "memory/expiry_wheel.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace semantrix::memory {

/// Which slots expire when, at one byte a slot: sixteen neighbouring slots share a place in the
/// timing wheel, at the earliest deadline that any of them had. When it comes, all sixteen are
/// looked at and the place is set to the earliest that is left. Nothing needs to be done when an
/// entry leaves early or its deadline moves back: its group is looked at once for nothing.
///
/// Links in each node would find the entry at once, for eight bytes an entry more. Guarded by the
/// shard's lock.
class ExpirySchedule {
 public:
  using Slot = eviction::Slot;
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

  explicit ExpirySchedule(std::int64_t now_ms) noexcept : wheel_(now_ms) {}

  /// Memory for slots below `count`. Throws `std::bad_alloc`.
  void reserve(std::size_t count) {
    const std::size_t groups = (count + group_size - 1) / group_size;
    if (earliest_.size() >= groups) return;
    wheel_.reserve(groups);
    earliest_.resize(groups, never);
  }

  /// The slot's entry expires then, or later. REQUIRES: memory is reserved for it.
  void watch(Slot slot, std::int64_t deadline_ms) noexcept {
    const Slot group = slot / group_size;
    if (deadline_ms >= earliest_[group]) return;
    wheel_.unschedule(group);
    schedule(group, deadline_ms);
  }

  [[nodiscard]] bool empty() const noexcept { return wheel_.size() == 0; }
  [[nodiscard]] bool due(std::int64_t now_ms) const noexcept { return wheel_.due(now_ms); }

  /// Looks at about `limit` slots whose time may have come, by groups: `look(slot)` removes the
  /// entry if it has expired and returns `never`, or returns its deadline (`never` too for a slot
  /// not in use). Whether all are done.
  template <class Look>
  bool advance(std::int64_t now_ms, std::size_t limit, Look look) {
    const std::size_t groups = std::max<std::size_t>(1, limit / group_size);
    const auto deadline_of = [this](Slot group) { return earliest_[group]; };
    const auto expire = [&](Slot group) {
      earliest_[group] = never;
      std::int64_t left = never;
      for (Slot slot = group * group_size; slot < (group + 1) * group_size; ++slot) {
        left = std::min(left, look(slot));
      }
      if (left != never) schedule(group, left);
    };
    return wheel_.advance(now_ms, groups, deadline_of, expire) < groups;
  }

 private:
  static constexpr Slot group_size = 16;

  void schedule(Slot group, std::int64_t deadline_ms) noexcept {
    earliest_[group] = deadline_ms;
    wheel_.schedule(group, deadline_ms);
  }

  ExpiryWheel wheel_;                   ///< Of groups, by number.
  std::vector<std::int64_t> earliest_;  ///< By group; `never` where none is scheduled.
};

}  // namespace semantrix::memory
