#include "call.hpp"

#include "base/fork_generation.hpp"
#include "loop_queue.hpp"
#include <semantrix/detail/verbs.hpp>
#include <semantrix/executor.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <chrono>

namespace semantrix::python {

void Call::start(std::shared_ptr<LoopQueue> queue) {
  queue_ = std::move(queue);
  generation_ = fork_generation();
  running_ = true;
  auto self = shared_from_this();
  auto finish = [self](const std::exception_ptr& thrown) { self->finish(thrown); };
  boost::asio::co_spawn(library_executor(), run(self),
                        boost::asio::bind_cancellation_slot(cancelled_.slot(), std::move(finish)));
}

void Call::finish(const std::exception_ptr& thrown) {
  running_ = false;
  if (thrown) fail(detail::error_of(thrown));
  if (queue_) {
    // The queue must not outlive its use: it goes with its loop.
    const std::shared_ptr<LoopQueue> queue = std::move(queue_);
    queue->push(shared_from_this());
    return;
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  ending_.notify_one();
}

bool Call::wait() {
  // Python runs a signal's handler only where its thread asks, so a wait may not be endless.
  constexpr std::chrono::milliseconds between_signals{50};
  for (;;) {
    const bool ended = without_gil_if(true, [&] {
      std::unique_lock lock(mutex_);
      return ending_.wait_for(lock, between_signals, [&] { return ended_; });
    });
    if (ended) return true;
    if (PyErr_CheckSignals() != 0) return false;
  }
}

void Call::cancel() {
  if (generation_ != fork_generation()) return;
  boost::asio::post(library_executor(), [self = shared_from_this()] {
    if (self->running_) self->cancelled_.emit(boost::asio::cancellation_type::terminal);
  });
}

}  // namespace semantrix::python
