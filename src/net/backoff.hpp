#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

/// How long to wait before trying again: full jitter, a random time up to a bound that doubles.
///
/// Spreading over the whole range, and not around its middle, is what keeps many clients from
/// returning together (M. Brooker, "Exponential Backoff And Jitter", 2015).
namespace semantrix::net {

/// The bound before the first retry, and the one it never exceeds.
struct Backoff {
  std::chrono::milliseconds base;
  std::chrono::milliseconds cap;
};

/// For a dead connection that is dialed again in the background.
inline constexpr Backoff reconnect_backoff{std::chrono::milliseconds(50),
                                           std::chrono::milliseconds(5000)};

/// For a call that is tried again. A longer `retry_delay` is its own cap.
[[nodiscard]] constexpr Backoff retry_backoff(std::chrono::milliseconds retry_delay) noexcept {
  return {retry_delay, std::max(retry_delay, std::chrono::milliseconds(250))};
}

/// min(cap, base * 2^retries), `retries` being those already made. Never overflows.
[[nodiscard]] constexpr std::chrono::nanoseconds backoff_bound(Backoff backoff,
                                                               int retries) noexcept {
  std::chrono::milliseconds bound = std::min(backoff.base, backoff.cap);
  if (bound <= bound.zero()) return std::chrono::nanoseconds::zero();
  for (int i = 0; i < retries && bound < backoff.cap; ++i) {
    bound = bound > backoff.cap / 2 ? backoff.cap : bound * 2;
  }
  return bound;
}

/// A uniformly random time in [0, backoff_bound].
template <std::uniform_random_bit_generator Random>
[[nodiscard]] std::chrono::nanoseconds full_jitter(Backoff backoff, int retries, Random& random) {
  using Count = std::chrono::nanoseconds::rep;
  std::uniform_int_distribution<Count> pick(0, backoff_bound(backoff, retries).count());
  return std::chrono::nanoseconds(pick(random));
}

}  // namespace semantrix::net
