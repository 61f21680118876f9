#pragma once

#include <semantrix/cache_store.hpp>
#include <semantrix/eviction_policy.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace semantrix::testing {

/// What a case asks of its fresh, empty store. A store without bounds of its own ignores them.
struct StoreRequest {
  std::size_t max_size = 100'000;
  std::size_t max_bytes = Capability::unlimited;
  std::optional<std::chrono::milliseconds> default_ttl = std::nullopt;
};

/// A store and the hold on its clock.
struct StoreUnderTest {
  std::shared_ptr<CacheStore> store;
  /// Moves the store's time on. Empty: the case waits in real time, which is less exact.
  std::function<void(std::chrono::milliseconds)> advance = {};
};

/// Makes a store that is empty and that no other case sees.
using StoreFactory = std::function<StoreUnderTest(const StoreRequest&)>;

/// How the cases call the store.
enum class Front : std::uint8_t {
  awaitable,  ///< `co_await store.get_exact(key)` on an io_context.
  blocking,   ///< `BlockingStore`.
  token,      ///< `async_get_exact(store, key, token)`.
};

/// What `Capability` does not tell.
struct ConformanceTraits {
  Front front = Front::awaitable;
  /// The store honours `StoreRequest::max_size` and `max_bytes`, strictly.
  bool bounded = false;
  /// Which entry leaves first, where that is exact: lru, lfu or fifo.
  std::optional<EvictionPolicy> exact_policy = std::nullopt;
  /// Runs the cases named `slow_*` as well.
  bool slow = false;
  /// Runs only the cases whose names contain this.
  std::string_view only = "";
};

}  // namespace semantrix::testing
