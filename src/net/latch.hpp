#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <utility>

namespace semantrix::net {

/// What a coroutine waits on while handlers work for it: opens once, or gives up at the deadline.
/// Coroutine and handlers share one strand. Cancelling the coroutine ends the wait as well.
class Latch {
 public:
  Latch(const boost::asio::any_io_executor& executor,
        std::chrono::steady_clock::time_point deadline)
      : timer_(executor, deadline) {}

  void open() {
    open_ = true;
    timer_.cancel();
  }
  [[nodiscard]] bool is_open() const noexcept { return open_; }

  /// Returns when the latch is open, the deadline has passed or the coroutine is cancelled.
  [[nodiscard]] boost::asio::awaitable<void> wait() {
    if (open_) co_return;
    co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }

 private:
  boost::asio::steady_timer timer_;
  bool open_ = false;
};

}  // namespace semantrix::net
