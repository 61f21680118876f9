#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Keys as they stand in the table's attribute `key`, a string.
namespace semantrix::dynamodb {

/// What the service takes for a hash key, in bytes.
inline constexpr std::size_t longest_wire_key = 2048;

/// A key's place in the table.
struct WireKey {
  std::string text;
  /// A hash stands for the key, which goes into the item as well: what is read there is the key's
  /// only if the item says so.
  bool hashed = false;
};

/// The prefix and the key as they are. Where that is too long, is not UTF-8, or looks like what
/// follows: the prefix and "#smx:k:" and the key's SHA-256.
[[nodiscard]] WireKey wire_key(std::string_view prefix, std::string_view key);

/// Where a part of a large value lies: the prefix, "#smx:c:", a hash of the key, the generation and
/// the part's index.
[[nodiscard]] std::string chunk_key(std::string_view prefix, std::string_view key,
                                    std::uint64_t generation, std::uint64_t index);

}  // namespace semantrix::dynamodb
