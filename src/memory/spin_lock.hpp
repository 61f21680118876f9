#pragma once

#include <atomic>
#include <thread>

namespace semantrix::memory {

/// A lock for critical sections of tens of nanoseconds: one atomic exchange to take, a plain store
/// to give back (a `std::mutex` pays an atomic operation both ways). A waiter spins on a plain load
/// for about a microsecond, then yields, so that a holder that lost its core gets it back.
class SpinLock {
 public:
  void lock() noexcept {
    while (locked_.exchange(true, std::memory_order_acquire)) wait();
  }
  bool try_lock() noexcept {
    return !locked_.load(std::memory_order_relaxed) &&
           !locked_.exchange(true, std::memory_order_acquire);
  }
  void unlock() noexcept { locked_.store(false, std::memory_order_release); }

 private:
  void wait() const noexcept {
    for (int turns = 0; locked_.load(std::memory_order_relaxed); ++turns) {
      if (turns < 64) {
        pause();
      } else {
        std::this_thread::yield();
      }
    }
  }
  static void pause() noexcept {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }

  std::atomic<bool> locked_{false};
};

}  // namespace semantrix::memory
