#pragma once

#include "stores/redis/core.hpp"
#include <semantrix/cache_store.hpp>
#include <semantrix/error.hpp>
#include <semantrix/value.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// The verbs of many keys. A server gets them in chunks that leave other calls their turn; a
/// cluster's chunk is split by slot, and the parts travel at the same time. Each chunk has the
/// whole deadline. What the arguments refer to must outlive the call.
namespace semantrix::redis {

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

}  // namespace semantrix::redis
