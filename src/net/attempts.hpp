#pragma once

#include "net/call_kind.hpp"
#include "net/retry_budget.hpp"
#include <semantrix/error.hpp>
#include <semantrix/network_options.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace semantrix::net {

/// What the calls of a client share to bound their retries. Thread-safe.
struct RetryMeans {
  explicit RetryMeans(const NetworkOptions& options);

  const NetworkOptions network;
  const std::chrono::milliseconds deadline;  ///< Of a call that has none of its own.
  RetryBudget budget;
  std::atomic<std::uint64_t> retries{0};
};

/// One call's attempts so far, and whether there is another. The only place that repeats calls. No
/// I/O; one caller at a time.
class Attempts {
 public:
  using Clock = std::chrono::steady_clock;

  Attempts(RetryMeans& means, CallKind kind, std::optional<Clock::time_point> deadline)
      : means_(&means), kind_(kind), deadline_(deadline.value_or(Clock::now() + means.deadline)) {}

  [[nodiscard]] CallKind kind() const noexcept { return kind_; }
  [[nodiscard]] Clock::time_point deadline() const noexcept { return deadline_; }
  /// Those that `retry` was asked about.
  [[nodiscard]] int failures() const noexcept { return failures_; }

  void succeeded() noexcept { means_->budget.succeeded(); }
  /// An attempt was made and failed.
  void failed(const Error& error);
  /// No attempt was made, for this reason.
  void refused(const Error& why) { error_ = why; }
  /// Whether there is another attempt after the one that failed last, after `pause()`. A call that
  /// found no room on its connection was not sent: it waits for its turn, which is no retry.
  [[nodiscard]] bool retry();
  [[nodiscard]] std::chrono::nanoseconds pause() const noexcept { return pause_; }

  /// The last failure. REQUIRES: there was one.
  [[nodiscard]] const Error& last() const noexcept { return *error_; }
  /// The same, with the number of attempts.
  [[nodiscard]] Error error() const;

 private:
  [[nodiscard]] bool wait_for_turn();

  RetryMeans* means_;
  CallKind kind_;
  Clock::time_point deadline_;
  int attempts_ = 0;
  int failures_ = 0;
  int turns_ = 0;
  std::chrono::nanoseconds pause_{0};
  std::optional<Error> error_;
};

}  // namespace semantrix::net
