#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace semantrix::cli {

/// Calls `give_up` on a thread of its own, unless it is destroyed within the time. For work that
/// may hang in calls nobody can interrupt: `give_up` is to end the process.
class Watchdog {
 public:
  Watchdog(std::chrono::milliseconds time, std::function<void()> give_up);
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace semantrix::cli
