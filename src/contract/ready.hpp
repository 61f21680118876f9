#pragma once

#include <semantrix/cache_store.hpp>
#include <semantrix/detail/verbs.hpp>

#include <boost/system/system_error.hpp>

#include <exception>
#include <utility>

/// From results to what a caller awaits.
namespace semantrix::contract {

/// An answer that is at hand already. The frame holds the result and nothing else, so that Asio
/// recycles it.
template <class T>
awaitable<T> ready(Result<T> result) {
  co_return std::move(result).value();
}

/// An answer that takes a coroutine. Asio throws an error of its own when the caller was cancelled
/// before the coroutine could start.
template <class T>
awaitable<T> unwrap(awaitable<Result<T>> pending) {
  try {
    Result<T> result = co_await std::move(pending);
    co_return std::move(result).value();
  } catch (const boost::system::system_error&) {
    throw CacheError(detail::error_of(std::current_exception()));
  }
}

}  // namespace semantrix::contract
