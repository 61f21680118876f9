#pragma once

#include "python.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace semantrix::python {

class Call;

/// The way of ended calls to one asyncio loop: they gather here, and one eventfd, which the loop
/// watches as it watches a socket, wakes it for all of them.
///
/// Works with every loop that has `add_reader` and `create_future` and can be referred to weakly:
/// asyncio's and uvloop's.
class LoopQueue {
 public:
  LoopQueue(const LoopQueue&) = delete;
  LoopQueue& operator=(const LoopQueue&) = delete;
  ~LoopQueue();

  /// That of the running loop, made if it has none; null with an error set where no loop runs.
  [[nodiscard]] static std::shared_ptr<LoopQueue> of_running_loop();

  /// A new future of the running loop, which `Call::future` may be.
  [[nodiscard]] static PyObject* new_future();

  /// From any thread, without the GIL.
  void push(std::shared_ptr<Call> call);

  /// On the loop's thread: wakes who waits for what has gathered.
  void drain();

 private:
  explicit LoopQueue(int descriptor) noexcept : descriptor_(descriptor) {}

  static std::shared_ptr<LoopQueue> attach(PyObject* loop);
  friend struct Loops;

  const int descriptor_;
  std::atomic<bool> retired_{false};  // the loop is gone
  std::mutex mutex_;
  std::vector<std::shared_ptr<Call>> ended_;  // guarded by mutex_
};

}  // namespace semantrix::python
