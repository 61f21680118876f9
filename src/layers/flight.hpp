#pragma once

#include <semantrix/cache_store.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace semantrix::layers {

/// What the first caller brought home for all.
struct Landing {
  bool abandoned = false;  ///< The first caller was cancelled: somebody else must go.
  Result<std::optional<Value>> result = std::optional<Value>();
  std::exception_ptr thrown = nullptr;  ///< What the caller's own function threw, if it did.
};

/// One piece of work that many callers wait for. Lands once. Thread-safe.
class Flight : public std::enable_shared_from_this<Flight> {
 public:
  /// Wakes all who wait, each by a `post` on its own executor.
  void land(Landing landing);

  /// Comes back when the flight has landed; with an error only if the caller was cancelled.
  awaitable<boost::system::error_code> wait();

  /// REQUIRES: landed.
  [[nodiscard]] const Landing& landing() const noexcept { return *landing_; }

 private:
  using Handler = boost::asio::any_completion_handler<void(boost::system::error_code)>;
  struct Waiter {
    Handler handler;
    boost::asio::executor_work_guard<boost::asio::any_io_executor> work;
  };

  template <class CompletionHandler>
  void begin_wait(CompletionHandler handler);
  void cancel(std::uint64_t ticket);
  static void complete(Waiter waiter, boost::system::error_code error);

  std::mutex mutex_;  // guards all that follows
  std::optional<Landing> landing_;
  std::uint64_t next_ticket_ = 0;
  std::map<std::uint64_t, Waiter> waiters_;
};

}  // namespace semantrix::layers
