#include "stores/dynamodb/large.hpp"

#include "base/compression.hpp"
#include "stores/dynamodb/batches.hpp"
#include "stores/dynamodb/side_by_side.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace semantrix::dynamodb {
namespace {

using stores::Counters;

/// With the longest key and a record around it, still well below what an item holds.
constexpr std::size_t part_bytes = std::size_t{256} * 1024;
constexpr std::uint64_t most_parts = largest_value / part_bytes + 1;
constexpr std::size_t width = 8;

std::uint64_t new_generation() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return random();
}

/// A value cut into parts, each the bytes of a record.
struct Parts {
  std::uint64_t generation = 0;
  std::vector<std::string> records;
};

Parts cut(Core& core, const Value& value) {
  Record record;
  record.binary = value.binary();
  record.payload = value.view();
  const auto frame = compress_if_worth(value.view());
  if (frame) {
    record.codec = Codec::zstd;
    record.raw_size = value.size();
    record.payload = *frame;
    Counters::count(core.counters().raw_bytes, value.size());
    Counters::count(core.counters().stored_bytes, frame->size());
  }
  const std::string_view whole = record.payload;
  Parts parts{new_generation(), {}};
  const std::uint64_t count = (whole.size() + part_bytes - 1) / part_bytes;
  for (std::uint64_t i = 0; i != count; ++i) {
    record.payload = whole.substr(i * part_bytes, part_bytes);
    record.chunk = ChunkInfo{parts.generation, count, i};
    parts.records.push_back(encode_record(record));
  }
  return parts;
}

awaitable<void> put_part(SharedCore core, std::string_view key, const Parts& parts, Ttl expires,
                         std::size_t index, std::optional<Error>& failure) {
  const std::string wire = chunk_key(core->prefix(), key, parts.generation, index);
  NewItem item;
  item.key = wire;
  item.value = parts.records[index];
  item.expires = expires;
  item.is_chunk = true;
  net::HttpAttempts attempts = core->attempts(net::CallKind::read);  // nobody else writes here
  auto putting = ask(core, Action::put_item, core->requests.put(item, true), attempts);
  const Answer answer = co_await std::move(putting);
  if (answer.error) failure = answer.error;
}

awaitable<Result<void>> put_head(SharedCore core, std::string_view key, const Parts& parts,
                                 Ttl expires) {
  const WireKey wire = wire_key(core->prefix(), key);
  NewItem head;
  head.key = wire.text;
  if (wire.hashed) head.whole_key = key;
  head.value = parts.records.front();
  head.expires = expires;
  head.chunks = parts.records.size();
  net::HttpAttempts attempts = core->attempts(net::CallKind::write);
  auto putting = ask(core, Action::put_item, core->requests.put(head, false), attempts);
  const Answer answer = co_await std::move(putting);
  if (answer.error) co_return *answer.error;
  auto before = read_one(answer.body, "Attributes", core->requests.ttl_attribute());
  if (before && *before && (*before)->chunks != 0) {
    auto erasing = erase_parts(core, key, std::move(**before));
    co_await std::move(erasing);
  }
  co_return Result<void>();
}

awaitable<void> erase_generation(SharedCore core, std::string_view key, std::uint64_t generation,
                                 std::uint64_t count) {
  std::vector<Element> elements;
  for (std::uint64_t i = 1; i < count; ++i) {
    std::string wire = chunk_key(core->prefix(), key, generation, i);
    std::string json = Requests::erase_element(wire);
    elements.push_back({std::move(wire), std::move(json), std::nullopt});
  }
  auto writing = write(core, elements);
  co_await std::move(writing);
}

/// Appends the part's payload, if it is the one that is due.
bool append_part(const Item& item, const ChunkInfo& due, std::string& whole) {
  if (!item.value) return false;
  const Result<Record> record = decode_record(*item.value);
  if (!record || record->chunk != due) return false;
  whole += record->payload;
  return true;
}

}  // namespace

awaitable<Result<void>> add_large(SharedCore core, std::string_view key, const Value& value,
                                  Ttl expires) {
  const Parts parts = cut(*core, value);
  std::vector<std::optional<Error>> failures(parts.records.size());
  const auto part = [&](std::size_t i) {
    return put_part(core, key, parts, expires, i + 1, failures[i]);
  };
  auto putting = side_by_side(parts.records.size() - 1, width, part);
  co_await std::move(putting);
  for (const auto& failure : failures) {
    if (!failure) continue;
    auto erasing = erase_generation(core, key, parts.generation, parts.records.size());
    co_await std::move(erasing);
    co_return *failure;
  }
  auto heading = put_head(core, key, parts, expires);
  co_return co_await std::move(heading);
}

awaitable<Result<std::optional<Value>>> read_large(SharedCore core, std::string_view key,
                                                   Record head) {
  const ChunkInfo info = *head.chunk;
  std::string whole(head.payload);
  std::vector<std::string> wire_keys;
  if (info.count > most_parts || info.index != 0) {
    Counters::count(core->counters().corrupt);
    co_return std::optional<Value>();
  }
  for (std::uint64_t i = 1; i < info.count; ++i) {
    wire_keys.push_back(chunk_key(core->prefix(), key, info.generation, i));
  }
  auto fetching = fetch(core, wire_keys);
  const Result<std::vector<Item>> items = co_await std::move(fetching);
  if (!items) co_return items.error();
  boost::unordered_flat_map<std::string_view, const Item*> by_key;
  for (const Item& item : *items) by_key[item.key] = &item;
  for (std::uint64_t i = 1; i < info.count; ++i) {
    const auto found = by_key.find(wire_keys[i - 1]);
    const ChunkInfo due{info.generation, info.count, i};
    // Missing: another `add` has replaced it meanwhile. That is a miss, and nothing wrong.
    if (found == by_key.end()) co_return std::optional<Value>();
    if (append_part(*found->second, due, whole)) continue;
    Counters::count(core->counters().corrupt);
    co_return std::optional<Value>();
  }
  head.payload = whole;
  head.chunk.reset();
  Result<Value> value = unpack(head, largest_value);
  if (value) co_return std::optional<Value>(std::move(*value));
  Counters::count(core->counters().corrupt);
  co_return std::optional<Value>();
}

awaitable<void> erase_parts(SharedCore core, std::string_view key, Item head) {
  if (!head.value) co_return;
  const Result<Record> record = decode_record(*head.value);
  if (!record || !record->chunk || record->chunk->count > most_parts) co_return;
  auto erasing = erase_generation(core, key, record->chunk->generation, record->chunk->count);
  co_await std::move(erasing);
}

}  // namespace semantrix::dynamodb
