#pragma once

#include "protocol/memcache/wire_key.hpp"
#include "stores/memcached/core.hpp"
#include "stores/memcached/stored_form.hpp"
#include <semantrix/cache_store.hpp>
#include <semantrix/error.hpp>
#include <semantrix/value.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <vector>

/// Items of one server, many in a write. What the arguments refer to must outlive the call.
namespace semantrix::memcached {

using Deadline = std::optional<std::chrono::steady_clock::time_point>;

/// Which server, and until when; null: the server of the first key.
struct At {
  std::shared_ptr<Node> server = nullptr;
  Deadline deadline = std::nullopt;
};

/// The bytes under the keys, in their order: "get" of as many keys as a line takes.
awaitable<Result<std::vector<std::optional<Value>>>> get_items(
    std::shared_ptr<Core> core, At at, std::span<const memcache::WireKey> keys);

/// What went wrong with each.
awaitable<std::vector<std::optional<Error>>> set_items(std::shared_ptr<Core> core, At at,
                                                       std::span<const Item> items,
                                                       std::span<const memcache::Set> sets);

/// Whether each was there and had not ended; or what went wrong. Settles keys, or notes them as not
/// settled.
awaitable<std::vector<Result<bool>>> erase_items(std::shared_ptr<Core> core, At at,
                                                 std::span<const memcache::WireKey> keys);

/// Has an unsettled key be a miss: erases what stands there, unless a write may still come late.
awaitable<Result<void>> settle(std::shared_ptr<Core> core, const memcache::WireKey& key);

/// The whole value of a head, its chunks read from the same server. Nothing: a miss.
awaitable<Result<std::optional<Value>>> whole_value(std::shared_ptr<Core> core, At at,
                                                    std::string_view key, ReadForm head);

/// Stores chunks, then the head. Settles the key, or notes it as not settled.
awaitable<Result<void>> store_form(std::shared_ptr<Core> core, At at, const StoredForm& form);

}  // namespace semantrix::memcached
