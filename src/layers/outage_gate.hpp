#pragma once

#include <semantrix/clock.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

namespace semantrix::layers {

/// Opens after some failures in a row; while open, lets one call through each `retry_after`.
/// Thread-safe; closed, `allow` costs one relaxed load.
class OutageGate {
 public:
  OutageGate(std::uint32_t failures, std::chrono::milliseconds retry_after,
             std::shared_ptr<const Clock> clock)
      : limit_(failures), retry_after_(retry_after), clock_(std::move(clock)) {}

  [[nodiscard]] bool is_open() const noexcept {
    return failures_.load(std::memory_order_relaxed) >= limit_;
  }

  /// Whether the store may be asked. Whoever may while the gate is open is the only one for
  /// `retry_after`.
  [[nodiscard]] bool allow() noexcept {
    if (!is_open()) return true;
    const auto now = clock_->steady_now().count();
    auto next = next_try_.load(std::memory_order_relaxed);
    if (now < next) return false;
    return next_try_.compare_exchange_strong(next, now + retry_after_.count(),
                                             std::memory_order_relaxed);
  }

  void succeeded() noexcept {
    if (failures_.load(std::memory_order_relaxed) != 0) {
      failures_.store(0, std::memory_order_relaxed);
    }
  }

  void failed() noexcept {
    next_try_.store(clock_->steady_now().count() + retry_after_.count(), std::memory_order_relaxed);
    // Held below the point where it would begin anew.
    if (failures_.load(std::memory_order_relaxed) < limit_) {
      failures_.fetch_add(1, std::memory_order_relaxed);
    }
  }

 private:
  const std::uint32_t limit_;
  const std::chrono::milliseconds retry_after_;
  const std::shared_ptr<const Clock> clock_;
  std::atomic<std::uint32_t> failures_{0};
  std::atomic<std::int64_t> next_try_{0};
};

}  // namespace semantrix::layers
