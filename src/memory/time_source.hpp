#pragma once

#include <semantrix/clock.hpp>

#include <cstdint>
#include <ctime>
#include <memory>
#include <utility>

namespace semantrix::memory {

/// The clock as the engine reads it: milliseconds, and without a virtual call unless a clock was
/// injected.
class TimeSource {
 public:
  explicit TimeSource(std::shared_ptr<const Clock> injected) noexcept
      : injected_(std::move(injected)) {}

  [[nodiscard]] std::int64_t steady_ms() const noexcept {
    return injected_ != nullptr ? injected_->steady_now().count() : read(CLOCK_MONOTONIC);
  }
  [[nodiscard]] std::int64_t wall_ms() const noexcept {
    return injected_ != nullptr ? injected_->wall_now().count() : read(CLOCK_REALTIME);
  }

  /// Whether a deadline has come. The kernel's coarse clock costs a quarter of the exact one and is
  /// late by at most a timer tick (10 ms at 100 Hz), so it settles all but the last moments.
  [[nodiscard]] bool passed(std::int64_t deadline_ms) const noexcept {
    constexpr std::int64_t coarse_error = 20;
    if (injected_ == nullptr && read(CLOCK_MONOTONIC_COARSE) + coarse_error < deadline_ms) {
      return false;
    }
    return deadline_ms <= steady_ms();
  }

 private:
  [[nodiscard]] static std::int64_t read(clockid_t clock) noexcept {
    timespec now{};
    ::clock_gettime(clock, &now);
    return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
  }

  std::shared_ptr<const Clock> injected_;
};

}  // namespace semantrix::memory
