#include "cli/watchdog.hpp"

#include <algorithm>
#include <utility>

namespace semantrix::cli {

// A deadline a thousand years away would overflow the clock's nanoseconds.
Watchdog::Watchdog(std::chrono::milliseconds time, std::function<void()> give_up)
    : thread_([this, time, give_up = std::move(give_up)] {
        constexpr std::chrono::milliseconds long_enough = std::chrono::years(1);
        const auto deadline = std::chrono::steady_clock::now() + std::min(time, long_enough);
        std::unique_lock lock(mutex_);
        if (!changed_.wait_until(lock, deadline, [this] { return done_; })) give_up();
      }) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

}  // namespace semantrix::cli
