#pragma once

#include <semantrix/executor.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <utility>

namespace semantrix::cli {

/// Runs a coroutine on the library's thread and waits for its result.
template <class T>
T wait_for(boost::asio::awaitable<T> work) {
  return boost::asio::co_spawn(library_executor(), std::move(work), boost::asio::use_future).get();
}

}  // namespace semantrix::cli
