#pragma once

#include <semantrix/cache_store.hpp>

#include <utility>

namespace semantrix::layers {

/// An answer that needs no waiting, where a coroutine is asked for.
template <class T>
awaitable<Result<T>> at_hand(Result<T> result) {
  co_return std::move(result);
}

}  // namespace semantrix::layers
