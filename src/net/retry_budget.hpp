#pragma once

#include <atomic>
#include <cstdint>

namespace semantrix::net {

/// Bounds the share of retries among all calls, so that an outage is not answered with a multiple
/// of the usual load (gRPC A6 has the same numbers). Holds 100 tokens; a retry takes one, a success
/// gives a tenth back: in the long run at most one retry for ten successes.
///
/// Thread-safe. A success costs one relaxed load while the budget is full.
class RetryBudget {
 public:
  /// Takes a token. False: none is left, do not retry.
  [[nodiscard]] bool try_retry() noexcept {
    std::int32_t held = tenths_.load(std::memory_order_relaxed);
    while (held >= cost) {
      if (tenths_.compare_exchange_weak(held, held - cost, std::memory_order_relaxed)) return true;
    }
    return false;
  }

  void succeeded() noexcept {
    std::int32_t held = tenths_.load(std::memory_order_relaxed);
    while (held < full) {
      if (tenths_.compare_exchange_weak(held, held + 1, std::memory_order_relaxed)) return;
    }
  }

  /// Retries that are left. For statistics.
  [[nodiscard]] int left() const noexcept { return tenths_.load(std::memory_order_relaxed) / cost; }

 private:
  static constexpr std::int32_t cost = 10;
  static constexpr std::int32_t full = 100 * cost;

  std::atomic<std::int32_t> tenths_{full};
};

}  // namespace semantrix::net
