#pragma once

#include "base/record.hpp"
#include "protocol/memcache/command.hpp"
#include "protocol/memcache/wire_key.hpp"
#include "stores/memcached/core.hpp"
#include <semantrix/error.hpp>
#include <semantrix/value.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

/// Entries as items of a server. A plain value under a plain key is stored as it is; an entry that
/// ends, a hashed key, a compressed value and a chunked one are records.
namespace semantrix::memcached {

struct Item {
  memcache::WireKey key;
  Value bytes;
};

/// One entry. What is over the server's item limit is compressed, and if that does not do, cut: the
/// chunks go first, and the head, under the entry's own key, last. A reader who finds chunks of
/// another generation than the head's has a miss.
struct StoredForm {
  Item head;
  std::vector<Item> chunks;
  memcache::Set set;  ///< The same for all items.
};

/// Counts the value's bytes. Error: `too_large`, for more than the chunks of one entry can hold.
[[nodiscard]] Result<StoredForm> stored_form(Core& core, std::string_view key, const Value& value,
                                             std::optional<std::chrono::milliseconds> ttl,
                                             std::size_t item_limit);

/// Of a head: the whole value, or a part whose chunks are still to be read.
struct ReadForm {
  Value stored;   ///< What `record` has views into.
  Record record;  ///< Its payload is the value, or the beginning of it.
  std::optional<Value> value;

  [[nodiscard]] std::size_t missing_chunks() const noexcept {
    return value || !record.chunk ? 0 : static_cast<std::size_t>(record.chunk->count - 1);
  }
};

/// What the bytes under a key say. Nothing: another key's, an entry that has ended, or bytes that
/// cannot be read, which are counted as corrupt. An empty `key` stands for any.
[[nodiscard]] std::optional<ReadForm> read_form(Core& core, const memcache::WireKey& wire_key,
                                                std::string_view key, Value stored);

/// The value of a head and its chunks, in their order. Nothing, counted as corrupt only if they
/// belong together: a set that is torn is a miss.
[[nodiscard]] std::optional<Value> joined(Core& core, const ReadForm& head,
                                          std::span<const std::optional<Value>> chunks);

/// What is left of an entry's time; nothing: it does not end.
[[nodiscard]] std::optional<std::chrono::milliseconds> time_left(const Record& record);

/// Milliseconds since 1970, as deadlines are.
[[nodiscard]] std::chrono::milliseconds wall_clock();

}  // namespace semantrix::memcached
