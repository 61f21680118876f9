#pragma once

#include <semantrix/clock.hpp>

#include <atomic>

namespace semantrix::testing {

/// A clock that moves only when told to. Both its times advance together. Thread-safe.
class FakeClock final : public Clock {
 public:
  void advance(std::chrono::milliseconds by) noexcept { now_ms_ += by.count(); }

  [[nodiscard]] std::chrono::milliseconds steady_now() const noexcept override {
    return std::chrono::milliseconds(now_ms_.load());
  }
  [[nodiscard]] std::chrono::milliseconds wall_now() const noexcept override {
    return steady_now() + std::chrono::hours(24 * 365 * 50);
  }

 private:
  std::atomic<std::chrono::milliseconds::rep> now_ms_{1'000'000};
};

}  // namespace semantrix::testing
