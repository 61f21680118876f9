#pragma once

#include "protocol/dynamodb/item.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the service answers. Each reader takes a whole body, and gives nothing for one that is not
/// what it should be; members that are not known are passed over.
namespace semantrix::dynamodb {

/// The item of a GetItem (`member` "Item"), or what was there before a PutItem or DeleteItem
/// ("Attributes"). The inner optional is empty where there is none.
[[nodiscard]] std::optional<std::optional<Item>> read_one(std::string_view body,
                                                          std::string_view member,
                                                          std::string_view ttl_attribute);

struct BatchGot {
  std::vector<Item> items;
  std::vector<std::string> unprocessed;  ///< Keys to ask for again.
};
[[nodiscard]] std::optional<BatchGot> read_batch_got(std::string_view body,
                                                     std::string_view ttl_attribute);

/// The keys of the elements that were not processed.
[[nodiscard]] std::optional<std::vector<std::string>> read_batch_written(
    std::string_view body, std::string_view ttl_attribute);

struct Scanned {
  std::vector<Item> items;
  std::uint64_t count = 0;
  std::string last_key;  ///< Empty: this was the last page.
};
[[nodiscard]] std::optional<Scanned> read_scanned(std::string_view body,
                                                  std::string_view ttl_attribute);

struct TableState {
  std::string status;       ///< "ACTIVE", "CREATING", …
  std::uint64_t items = 0;  ///< As of some hours ago.
  std::string hash_key;
  std::string hash_type;  ///< "S", "N" or "B".
  bool has_range_key = false;
};
/// Of DescribeTable and CreateTable.
[[nodiscard]] std::optional<TableState> read_table(std::string_view body);

struct TtlState {
  std::string status;  ///< "ENABLED", "DISABLED", "ENABLING", "DISABLING".
  std::string attribute;
};
[[nodiscard]] std::optional<TtlState> read_ttl(std::string_view body);

/// A refusal, in the service's own words.
struct Refusal {
  std::string type;  ///< "ThrottlingException", without what stands in front of it.
  std::string message;
  std::string reasons;  ///< Of throttling: "KeyRangeThroughputExceeded on …"; often empty.
};
/// Never fails: what cannot be read leaves fields empty.
[[nodiscard]] Refusal read_refusal(std::string_view body, std::string_view type_header);

}  // namespace semantrix::dynamodb
