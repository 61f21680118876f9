#pragma once

#include "layers/flight.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

namespace semantrix::layers {

/// Runs the parts at the same time, on the caller's executor, and comes back when the last has
/// ended. A part must not throw, and the caller must not be cancelled meanwhile.
inline awaitable<void> run_together(std::vector<awaitable<void>> parts) {
  if (parts.empty()) co_return;
  const auto flight = std::make_shared<Flight>();
  const auto left = std::make_shared<std::atomic<std::size_t>>(parts.size());
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto ended = [flight, left](const std::exception_ptr&) {
    if (left->fetch_sub(1) == 1) flight->land(Landing{});
  };
  for (awaitable<void>& part : parts) {
    boost::asio::co_spawn(executor, std::move(part), ended);
  }
  auto waiting = flight->wait();
  co_await std::move(waiting);
}

}  // namespace semantrix::layers
