#pragma once

#include <semantrix/value.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace semantrix::memory {

/// One computation for all callers that ask for the same key at the same time.
///
/// The first caller computes, the others wait and get its value or its exception; nothing is left
/// behind. Threads that would wait for each other in a circle (a computation that asks for its own
/// key, or for one whose computation waits for it) get `CacheError(busy)`. Thread-safe.
class SingleFlight {
 public:
  /// `compute` runs without locks, on this thread.
  Value run(std::string_view key, const std::function<Value()>& compute);

  /// Around `fork`.
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }
  /// In the child of a `fork`: what the parent's other threads compute lands there alone. REQUIRES:
  /// locked.
  void forget_other_threads();

 private:
  struct Flight {
    std::thread::id computing;
    bool done = false;
    Value value;
    std::exception_ptr failure;
  };

  Value wait_for(const std::shared_ptr<Flight>& flight, std::unique_lock<std::mutex>& lock);
  void land(std::string_view key, Flight& flight);
  [[nodiscard]] bool waits_for_this_thread(const Flight& flight) const;

  std::mutex mutex_;
  std::condition_variable landed_;
  // guarded by mutex_
  boost::unordered_flat_map<std::string, std::shared_ptr<Flight>> flights_;
  boost::unordered_flat_map<std::thread::id, const Flight*, std::hash<std::thread::id>> waiting_;
};

}  // namespace semantrix::memory
