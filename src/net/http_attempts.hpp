#pragma once

#include "net/call_kind.hpp"
#include <semantrix/error.hpp>
#include <semantrix/network_options.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace semantrix::net {

/// Bounds retries as AWS's own clients do, so that an outage costs a service about one attempt a
/// call: 500 tokens; a retry after a failure costs 14 of them, after being throttled 5; a success
/// gives one back. Thread-safe. Source: botocore's standard mode of 2026.
class RetryTokens {
 public:
  /// Takes the tokens of a retry; false: they are not there, do not retry.
  [[nodiscard]] bool take(bool throttled) noexcept {
    const std::int32_t cost = throttled ? 5 : 14;
    std::int32_t held = tokens_.load(std::memory_order_relaxed);
    while (held >= cost) {
      if (tokens_.compare_exchange_weak(held, held - cost, std::memory_order_relaxed)) return true;
    }
    return false;
  }
  void succeeded() noexcept {
    std::int32_t held = tokens_.load(std::memory_order_relaxed);
    while (held < full) {
      if (tokens_.compare_exchange_weak(held, held + 1, std::memory_order_relaxed)) return;
    }
  }

 private:
  static constexpr std::int32_t full = 500;
  std::atomic<std::int32_t> tokens_{full};
};

/// What the calls of a client of an HTTP service share to bound their retries. Thread-safe.
struct HttpRetryMeans {
  explicit HttpRetryMeans(const NetworkOptions& options);

  const NetworkOptions network;
  const std::chrono::milliseconds deadline;
  RetryTokens tokens;
  std::atomic<std::uint64_t> retries{0};
};

/// One call's attempts against an HTTP service, and whether there is another. No I/O; one caller at
/// a time.
class HttpAttempts {
 public:
  using Clock = std::chrono::steady_clock;

  HttpAttempts(HttpRetryMeans& means, CallKind kind)
      : means_(&means), kind_(kind), deadline_(Clock::now() + means.deadline) {}
  HttpAttempts(HttpRetryMeans& means, CallKind kind, Clock::time_point deadline)
      : means_(&means), kind_(kind), deadline_(deadline) {}

  [[nodiscard]] Clock::time_point deadline() const noexcept { return deadline_; }

  void succeeded() noexcept { means_->tokens.succeeded(); }
  /// Part of what was asked was answered, and the rest is asked for at once: that is a step on the
  /// way, and no failure.
  void advanced() noexcept {
    failures_ = 0;
    means_->retries.fetch_add(1, std::memory_order_relaxed);
  }
  /// What came before was another call's work: the whole deadline lies ahead.
  void begin_anew() noexcept {
    deadline_ = Clock::now() + means_->deadline;
    failures_ = 0;
  }
  /// An attempt failed: whether there is another, after `pause()`. `asked` is what the service
  /// wants the pause to be at least.
  [[nodiscard]] bool retry(const Error& error,
                           std::optional<std::chrono::milliseconds> asked = std::nullopt);
  [[nodiscard]] std::chrono::nanoseconds pause() const noexcept { return pause_; }

  /// The failure with the number of attempts.
  [[nodiscard]] Error told(const Error& error) const;

 private:
  HttpRetryMeans* means_;
  CallKind kind_;
  Clock::time_point deadline_;
  int attempts_ = 0;
  int failures_ = 0;
  std::chrono::nanoseconds pause_{0};
};

}  // namespace semantrix::net
