#pragma once

#include <semantrix/blocking_store.hpp>
#include <semantrix/cache_store.hpp>

#include <functional>
#include <string_view>

namespace semantrix {

/// What makes a value that the cache lacks: the slow and costly part.
using Compute = std::function<awaitable<Value>()>;

/// The value of the key, or what `compute` makes of a miss, which is then stored.
///
///     Value answer = co_await get_or_compute(store, prompt, [&] { return ask_the_model(prompt);
///     });
///
/// Callers of one store and key at the same time share one look-up and one computation, on whatever
/// executors they run: the first does the work on its own, the others wait and get its value, or
/// the exception that `compute` threw; nothing of a failure is kept. A caller that is cancelled
/// leaves the others alone: if it did the work, one of them begins anew.
///
/// Errors: those of `get_exact`, and what `compute` throws. A value that cannot be stored is still
/// returned: it has been paid for. `compute` must not ask for its own key, which would wait for
/// itself. Cost of a hit in memory: that of `get_exact`. Thread-safe; the store must outlive the
/// call. Other processes compute for themselves.
[[nodiscard]] awaitable<Value> get_or_compute(CacheStore& store, std::string_view key,
                                              Compute compute, AddOptions options = {});

/// The same for scripts and threads: `compute` runs on the calling thread, the others wait.
[[nodiscard]] Value get_or_compute(BlockingStore& store, std::string_view key,
                                   const std::function<Value()>& compute, AddOptions options = {});

}  // namespace semantrix
