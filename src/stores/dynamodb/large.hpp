#pragma once

#include "base/record.hpp"
#include "stores/dynamodb/core.hpp"
#include "stores/dynamodb/entries.hpp"
#include <semantrix/cache_store.hpp>

#include <optional>
#include <string_view>

/// Values that no item can hold, in parts: the item of the key has the first one and says how many
/// there are; the others lie in items of their own, under keys that name the generation which this
/// `add` made up. They are written first, so that a reader finds all parts of what it finds the
/// first of, or knows that it does not.
namespace semantrix::dynamodb {

/// Writes the parts, then the head, and removes the parts of what was there before.
[[nodiscard]] awaitable<Result<void>> add_large(SharedCore core, std::string_view key,
                                                const Value& value, Ttl expires);

/// The whole value of a head's record; nothing where a part is missing or another generation's.
[[nodiscard]] awaitable<Result<std::optional<Value>>> read_large(SharedCore core,
                                                                 std::string_view key, Record head);

/// Removes the parts that belong to an item which is no longer there. What fails is left to the
/// table's expiry and to `clear`.
[[nodiscard]] awaitable<void> erase_parts(SharedCore core, std::string_view key, Item head);

}  // namespace semantrix::dynamodb
