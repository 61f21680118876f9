#pragma once

#include <boost/circular_buffer.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace semantrix::net {

/// The requests of a connection that await replies, in the order they were written: the reply that
/// arrives belongs to the first. A call that is cancelled or late leaves its slot behind, so that
/// its reply is still matched, and dropped. Not thread-safe. No clock inside.
template <class Call>
class CallQueue {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  /// Names a slot for as long as it exists, and no other afterwards.
  using Ticket = std::uint64_t;

  struct Slot {
    Call* call;             ///< Null once nobody waits any more.
    std::uint32_t replies;  ///< Still to come.
    TimePoint started;
    TimePoint deadline;
  };

  [[nodiscard]] std::size_t size() const noexcept { return slots_.size(); }
  [[nodiscard]] bool empty() const noexcept { return slots_.empty(); }
  [[nodiscard]] Slot& front() { return slots_.front(); }
  /// The ticket of the first slot.
  [[nodiscard]] Ticket begin() const noexcept { return first_; }
  /// The ticket that the next slot gets.
  [[nodiscard]] Ticket end() const noexcept { return first_ + slots_.size(); }

  Ticket push(const Slot& slot) {
    if (slots_.full()) slots_.set_capacity(slots_.capacity() == 0 ? 64 : slots_.capacity() * 2);
    slots_.push_back(slot);
    return end() - 1;
  }

  void pop_front() {
    slots_.pop_front();
    ++first_;
  }

  /// The call, which no longer waits; null if it was answered or had left before.
  Call* abandon(Ticket ticket) {
    if (ticket < first_ || ticket >= end()) return nullptr;
    return take(slots_[static_cast<std::size_t>(ticket - first_)]);
  }

  struct Left {
    Call* call;
    Ticket ticket;
    TimePoint started;
  };
  /// The calls whose deadline has come; they no longer wait.
  std::vector<Left> expire(TimePoint now) {
    std::vector<Left> expired;
    Ticket ticket = first_;
    for (Slot& slot : slots_) {
      if (slot.call != nullptr && slot.deadline <= now) {
        expired.push_back({take(slot), ticket, slot.started});
      }
      ++ticket;
    }
    return expired;
  }

  /// Counts from now what the calls may still wait: they could not be sent before.
  void restart(TimePoint now, std::chrono::milliseconds patience) {
    for (Slot& slot : slots_) {
      slot.started = now;
      slot.deadline = std::min(slot.deadline, now + patience);
    }
  }

  /// Empties the queue: the calls that still waited.
  std::vector<Left> drain() {
    std::vector<Left> left;
    Ticket ticket = first_;
    for (Slot& slot : slots_) {
      if (slot.call != nullptr) left.push_back({take(slot), ticket, slot.started});
      ++ticket;
    }
    first_ = ticket;
    slots_.clear();
    return left;
  }

 private:
  static Call* take(Slot& slot) noexcept {
    Call* call = slot.call;
    slot.call = nullptr;
    return call;
  }

  boost::circular_buffer<Slot> slots_;
  Ticket first_ = 0;
};

}  // namespace semantrix::net
