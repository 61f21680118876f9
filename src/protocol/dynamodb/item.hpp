#pragma once

#include "protocol/dynamodb/json_reader.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What the table holds for a key (docs/design/stored_format.md).
namespace semantrix::dynamodb {

/// Names and values of an item together, in bytes: what the service allows.
inline constexpr std::size_t largest_item = std::size_t{400} * 1024;

/// An item on its way to the table. The views must outlive it.
struct NewItem {
  std::string_view key;                              ///< As it stands in the table.
  std::string_view whole_key;                        ///< Where a hash stands for it; else empty.
  std::string_view value;                            ///< The stored form.
  std::optional<std::chrono::milliseconds> expires;  ///< On the calendar's clock.
  std::uint64_t chunks = 0;  ///< Of a large value's head: how many parts there are.
  bool is_chunk = false;
};

/// An upper bound of what the service will count.
[[nodiscard]] std::size_t item_bytes(const NewItem& item, std::string_view ttl_attribute);

/// Appends the item as JSON.
void append_item(std::string& out, const NewItem& item, std::string_view ttl_attribute);

/// An item as it was read: ours, or another program's.
struct Item {
  std::string key;                   ///< Empty: it was not asked for.
  std::string whole_key;             ///< Empty: the key stands for itself.
  std::optional<std::string> value;  ///< Of a B or an S; anything else is no value of a cache.
  std::optional<std::int64_t> expires_s;
  std::optional<std::int64_t> expires_ms;
  std::uint64_t chunks = 0;
  bool is_chunk = false;

  /// When it expires: the exact time if it has one, else the table's own.
  [[nodiscard]] std::optional<std::chrono::milliseconds> expires() const noexcept;
  [[nodiscard]] bool expired(std::chrono::milliseconds now) const noexcept {
    const auto when = expires();
    return when && *when <= now;
  }
};

/// Reads an item; unknown attributes are passed over. False: it is none.
[[nodiscard]] bool read_item(JsonReader& json, std::string_view ttl_attribute, Item& item);

}  // namespace semantrix::dynamodb
