#include "layers/flight.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <tuple>
#include <utility>

namespace semantrix::layers {

namespace asio = boost::asio;

void Flight::complete(Waiter waiter, boost::system::error_code error) {
  const asio::any_io_executor executor = waiter.work.get_executor();
  asio::post(executor, asio::append(std::move(waiter.handler), error));
}

void Flight::land(Landing landing) {
  std::map<std::uint64_t, Waiter> waiters;
  {
    const std::lock_guard lock(mutex_);
    landing_.emplace(std::move(landing));
    waiters.swap(waiters_);
  }
  for (auto& [ticket, waiter] : waiters) complete(std::move(waiter), {});
}

void Flight::cancel(std::uint64_t ticket) {
  std::unique_lock lock(mutex_);
  auto waiter = waiters_.extract(ticket);
  lock.unlock();
  if (waiter) complete(std::move(waiter.mapped()), asio::error::operation_aborted);
}

template <class CompletionHandler>
void Flight::begin_wait(CompletionHandler handler) {
  // The type is erased below, and with it the way to the executor.
  const asio::any_io_executor executor = asio::get_associated_executor(handler);
  auto slot = asio::get_associated_cancellation_slot(handler);
  Waiter waiter{Handler(std::move(handler)), asio::make_work_guard(executor)};
  std::unique_lock lock(mutex_);
  if (landing_) {
    lock.unlock();
    return complete(std::move(waiter), {});
  }
  const std::uint64_t ticket = next_ticket_++;
  waiters_.emplace(ticket, std::move(waiter));
  lock.unlock();
  if (!slot.is_connected()) return;
  slot.assign([flight = weak_from_this(), ticket](asio::cancellation_type) {
    if (const auto self = flight.lock()) self->cancel(ticket);
  });
}

awaitable<boost::system::error_code> Flight::wait() {
  const auto self = shared_from_this();
  const auto token = asio::as_tuple(asio::use_awaitable);
  auto initiation = [self](auto handler) { self->begin_wait(std::move(handler)); };
  const auto [error] =
      co_await asio::async_initiate<decltype(token), void(boost::system::error_code)>(
          std::move(initiation), token);
  co_return error;
}

}  // namespace semantrix::layers
