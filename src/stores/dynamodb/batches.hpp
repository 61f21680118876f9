#pragma once

#include "stores/dynamodb/core.hpp"
#include <semantrix/cache_store.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

/// Verbs on many keys, in as few requests as the service takes. What it leaves unprocessed is asked
/// for again: at once where the request got on, and as a failed attempt where it did not.
namespace semantrix::dynamodb {

/// The items of these keys, which are all different, as far as there are any. By the deadline, or
/// in the time of a call that begins now.
[[nodiscard]] awaitable<Result<std::vector<Item>>> fetch(
    SharedCore core, std::span<const std::string> wire_keys,
    std::optional<net::HttpAttempts::Clock::time_point> deadline = std::nullopt);

/// Something to be written or removed.
struct Element {
  std::string wire_key;
  std::string json;  ///< What `Requests` made of it.
  std::optional<Error> failure = std::nullopt;
};
/// Sends them, which have all different keys, and notes in each what failed.
[[nodiscard]] awaitable<void> write(SharedCore core, std::span<Element> elements);

[[nodiscard]] awaitable<Result<std::vector<std::optional<Value>>>> batch_get(
    SharedCore core, std::span<const std::string> keys);
[[nodiscard]] awaitable<Result<BatchOutcome>> batch_add(SharedCore core,
                                                        std::span<const BatchItem> items,
                                                        AddOptions options);
/// One request a key: only so does the service tell what there was. Costs no more capacity.
[[nodiscard]] awaitable<Result<std::size_t>> batch_erase(SharedCore core,
                                                         std::span<const std::string> keys);

}  // namespace semantrix::dynamodb
