#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <random>

namespace semantrix::net {

/// When a breaker opens and closes.
struct BreakerOptions {
  /// How long failures and successes are counted together. The count starts with a failure.
  std::chrono::steady_clock::duration window = std::chrono::seconds(10);
  /// Opens when at least so many calls of a window failed, and at least half of them all.
  std::uint32_t failures = 50;
  /// Opens at once when so many connects in a row were refused: nothing listens there.
  std::uint32_t refusals = 5;
  /// How long it stays open, give or take a quarter, so that clients do not return together.
  std::chrono::steady_clock::duration open = std::chrono::seconds(5);
  /// Good probes in a row that close it.
  std::uint32_t probes = 3;
  /// A probe of which nothing is heard for so long (its caller gave up) makes room for another.
  std::chrono::steady_clock::duration probe_patience = std::chrono::seconds(2);
};

/// Stops asking a server that does not answer, so that callers fail at once and the server is left
/// to recover.
///
/// Closed: every call is allowed. Open: none is. Half-open, once `open` has passed: one probe at a
/// time; a failure opens it again. The clock is the caller's, so that tests need not wait.
///
/// Thread-safe. While nothing fails, `allow` and `succeeded` cost one relaxed load each.
class CircuitBreaker {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  enum class State : std::uint8_t { closed, open, half_open };

  explicit CircuitBreaker(BreakerOptions options = {}, std::uint32_t seed = std::random_device{}());

  /// Whether a call may be made now. Each call that was allowed reports how it went, or, when it
  /// was cancelled, nothing.
  [[nodiscard]] bool allow(time_point now) {
    return mode_.load(std::memory_order_relaxed) <= Mode::counting || allow_probe(now);
  }

  /// The server answered, be it with an error of the call's own.
  void succeeded(time_point now) {
    if (mode_.load(std::memory_order_relaxed) != Mode::quiet) count_success(now);
  }

  /// The server did not answer in time, went away or could not serve.
  void failed(time_point now) { count_failure(now, false); }

  /// A failure that needs no second opinion: the connect was refused.
  void refused(time_point now) { count_failure(now, true); }

  /// For statistics and `doctor`.
  [[nodiscard]] State state() const noexcept;

 private:
  /// Closed is quiet until something fails, then counting until a window has passed without.
  enum class Mode : std::uint8_t { quiet, counting, open, half_open };

  bool allow_probe(time_point now);
  void count_success(time_point now);
  void count_failure(time_point now, bool refused);
  void open(time_point now);
  void become(Mode mode) noexcept { mode_.store(mode, std::memory_order_relaxed); }

  const BreakerOptions options_;
  std::atomic<Mode> mode_{Mode::quiet};
  std::mutex mutex_;  // guards all that follows
  std::minstd_rand random_;
  time_point window_start_;
  std::uint32_t successes_ = 0;
  std::uint32_t failures_ = 0;
  std::uint32_t refusals_in_a_row_ = 0;
  time_point open_until_;
  time_point probe_until_;  // before then, a probe is under way
  std::uint32_t good_probes_ = 0;
};

}  // namespace semantrix::net
