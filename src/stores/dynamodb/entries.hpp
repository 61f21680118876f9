#pragma once

#include "protocol/dynamodb/wire_key.hpp"
#include "stores/dynamodb/core.hpp"
#include <semantrix/cache_store.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Entries and what stands for them in the table: an item, or several for a large value.
namespace semantrix::dynamodb {

using Ttl = std::optional<std::chrono::milliseconds>;

/// The most that a value may have: 64 items of it can be fetched within a deadline.
inline constexpr std::size_t largest_value = std::size_t{16} * 1024 * 1024;
inline constexpr std::size_t longest_key = std::size_t{128} * 1024;

/// An entry on its way to the table. The key belongs to somebody else.
struct Stored {
  WireKey wire;
  std::string_view key;
  Value value;  ///< The stored form.
  Ttl expires;  ///< On the calendar's clock.

  [[nodiscard]] NewItem item() const noexcept;
  /// Whether one item holds it.
  [[nodiscard]] bool fits(std::string_view ttl_attribute) const;
};
/// Compressed where that is asked for, or makes one item hold it.
[[nodiscard]] Stored store_form(Core& core, std::string_view key, const Value& value, Ttl ttl);

/// The value of an item that was read for this key: nothing if it has expired, is another key's, or
/// cannot be read. Fetches the other parts of a large one.
[[nodiscard]] awaitable<Result<std::optional<Value>>> open(SharedCore core, std::string_view key,
                                                           Item item,
                                                           std::chrono::milliseconds now);

/// Adds one entry, whatever its size. Counts nothing.
[[nodiscard]] awaitable<Result<void>> add_one(SharedCore core, std::string_view key,
                                              const Value& value, Ttl ttl);
/// Removes one; adds 1 to `erased` if it was there.
[[nodiscard]] awaitable<void> erase_one(SharedCore core, std::string_view key, std::size_t& erased,
                                        std::optional<Error>& failure);

}  // namespace semantrix::dynamodb
