#pragma once

#include <chrono>
#include <memory>

namespace semantrix {

/// Where a cache reads the time. The default is the machine's clocks; tests pass a
/// `testing::FakeClock`, so that no test of expiry ever sleeps.
///
/// Thread-safe; both functions are called on the hot path and must not block.
class Clock {
 public:
  virtual ~Clock() = default;

  /// Time since an arbitrary fixed point; never goes back. Deadlines are kept in it.
  [[nodiscard]] virtual std::chrono::milliseconds steady_now() const noexcept = 0;

  /// Calendar time since 1970-01-01 UTC. Deadlines are stored in it, in files and on servers.
  [[nodiscard]] virtual std::chrono::milliseconds wall_now() const noexcept = 0;
};

/// The machine's clocks. Shared, never null.
[[nodiscard]] const std::shared_ptr<const Clock>& system_clock();

}  // namespace semantrix
