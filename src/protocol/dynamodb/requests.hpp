#pragma once

#include "protocol/dynamodb/item.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The bodies of requests to DynamoDB (API version 2012-08-10).
namespace semantrix::dynamodb {

enum class Action : std::uint8_t {
  get_item,
  put_item,
  delete_item,
  batch_get_item,
  batch_write_item,
  scan,
  create_table,
  describe_table,
  describe_time_to_live,
  update_time_to_live,
};

/// "GetItem": what the service and its permissions call it.
[[nodiscard]] std::string_view to_string(Action action) noexcept;

/// What the service takes at once.
inline constexpr std::size_t most_keys_to_get = 100;
inline constexpr std::size_t most_items_to_write = 25;
/// Items that a page of a listing passes over: more make pages long in coming.
inline constexpr std::size_t most_items_to_list = 1000;

/// Where a page of a scan begins, and what it shows.
struct ScanPage {
  std::uint32_t segment = 0;
  std::uint32_t segments = 1;
  std::string_view after = {};  ///< The last key of the page before; empty: from the start.
  std::string_view prefix = {};
  /// Live entries alone, at this time; absent: every item, chunks and expired ones included.
  std::optional<std::chrono::milliseconds> live_at = std::nullopt;
  bool count_only = false;
};

/// What a new table is like.
struct NewTable {
  std::optional<std::uint64_t> read_capacity_units = std::nullopt;  ///< Both or neither.
  std::optional<std::uint64_t> write_capacity_units = std::nullopt;
};

/// Writes the bodies of one table's requests. Immutable, hence thread-safe.
class Requests {
 public:
  Requests(std::string_view table, std::string ttl_attribute, bool consistent_read);

  [[nodiscard]] std::string get(std::string_view key) const;
  /// `small`: fails on a large value in its place, whose chunks would be left behind; otherwise it
  /// answers with what was there.
  [[nodiscard]] std::string put(const NewItem& item, bool small) const;
  /// Answers with what was there.
  [[nodiscard]] std::string erase(std::string_view key) const;

  [[nodiscard]] std::string batch_get(std::span<const std::string_view> keys) const;
  /// An element of a batch_write, which sends the same again where it was not processed.
  [[nodiscard]] std::string put_element(const NewItem& item) const;
  [[nodiscard]] static std::string erase_element(std::string_view key);
  [[nodiscard]] std::string batch_write(std::span<const std::string_view> elements) const;

  [[nodiscard]] std::string scan(const ScanPage& page) const;

  [[nodiscard]] std::string create_table(const NewTable& options) const;
  /// Of describe_table and describe_time_to_live.
  [[nodiscard]] std::string describe() const;
  [[nodiscard]] std::string enable_ttl() const;

  [[nodiscard]] const std::string& ttl_attribute() const noexcept { return ttl_attribute_; }

 private:
  std::string ttl_attribute_;
  bool consistent_;
  std::string table_;       // as JSON
  std::string ttl_name_;    // as JSON
  std::string get_head_;    // up to the key
  std::string get_tail_;    // from behind the key
  std::string projection_;  // of a batch's items
};

}  // namespace semantrix::dynamodb
