#pragma once

#include "stores/memcached/core.hpp"
#include <semantrix/cache_store.hpp>
#include <semantrix/error.hpp>
#include <semantrix/value.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The verbs of whole entries. Batches are split by server, and the parts travel at the same time,
/// in chunks that leave other calls their turn; each chunk has the whole deadline. What the
/// arguments refer to must outlive the call.
namespace semantrix::memcached {

/// Stores one entry. A value that is too large leaves nothing behind.
awaitable<Result<void>> add(std::shared_ptr<Core> core, std::string_view key, Value value,
                            std::optional<std::chrono::milliseconds> ttl);

/// Value and remaining time, or nothing. Counts nothing.
awaitable<Result<std::optional<Entry>>> entry(std::shared_ptr<Core> core, std::string_view key);

/// The values in the order of the keys; the first failure that is not to be hidden, if there is
/// one.
awaitable<Result<std::vector<std::optional<Value>>>> batch_get(std::shared_ptr<Core> core,
                                                               std::span<const std::string> keys);

/// What became of each item. Fails as a whole only if the store is closed.
awaitable<Result<BatchOutcome>> batch_add(std::shared_ptr<Core> core,
                                          std::span<const BatchItem> items, AddOptions options);

/// How many there were.
awaitable<Result<std::size_t>> batch_erase(std::shared_ptr<Core> core,
                                           std::span<const std::string> keys);

}  // namespace semantrix::memcached
