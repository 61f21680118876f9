#include "stores/memcached/stored_form.hpp"

#include "protocol/memcache/expiry.hpp"
#include "stores/memcached/decoders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <utility>

namespace semantrix::memcached {
namespace {

/// What a server adds to an item beside its key, with room to spare.
constexpr std::size_t item_overhead = 128;
/// What a record adds to the payload of a chunk, with its longest key and the above.
constexpr std::size_t chunk_overhead = 768;

std::uint64_t random_generation() {
  thread_local std::mt19937_64 random(std::random_device{}());
  return random();
}

Error too_large(std::string_view what, std::size_t item_limit) {
  return {ErrorCode::too_large,
          fmt::format("the {} is too large for a server whose items have at most {} bytes", what,
                      item_limit),
          "raise the server's item limit (-I)"};
}

/// Cuts what is over the limit.
Result<StoredForm> cut(const Core& core, std::string_view key, StoredForm form, Record record,
                       std::size_t item_limit) {
  const std::size_t piece = item_limit - chunk_overhead;
  if (record.whole_key.size() >= piece) return too_large("key", item_limit);
  const std::string_view payload = record.payload;
  const std::size_t head_piece = std::min(piece - record.whole_key.size(), payload.size());
  const std::size_t others = (payload.size() - head_piece + piece - 1) / piece;
  if (others >= memcache::KeyPrefix::most_chunks) return too_large("value", item_limit);
  ChunkInfo chunk{random_generation(), others + 1, 0};
  record.payload = payload.substr(0, head_piece);
  record.chunk = chunk;
  form.chunks.reserve(others);
  for (std::size_t begin = head_piece; begin < payload.size(); begin += piece) {
    ++chunk.index;
    Record part;
    part.payload = payload.substr(begin, piece);
    part.chunk = chunk;
    form.chunks.push_back({core.key_prefix().chunk(key, static_cast<std::uint32_t>(chunk.index)),
                           Value(encode_record(part))});
  }
  form.head.bytes = Value(encode_record(record));
  return form;
}

}  // namespace

std::chrono::milliseconds wall_clock() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
}

Result<StoredForm> stored_form(Core& core, std::string_view key, const Value& value,
                               std::optional<std::chrono::milliseconds> ttl,
                               std::size_t item_limit) {
  StoredForm form{{core.wire_key(key), value}, {}, {}};
  Record record;
  record.payload = value.view();
  record.binary = value.binary();
  if (form.head.key.is_hashed()) record.whole_key = key;
  if (ttl) {
    record.deadline = wall_clock() + *ttl;
    form.set.seconds = memcache::wire_seconds(*ttl, std::chrono::system_clock::now());
    form.set.flags = deadline_flags(*record.deadline);
  }
  const std::size_t room = item_limit - item_overhead - form.head.key.text().size();
  const bool fits = value.size() + record.whole_key.size() <= room;
  auto packed =
      pack(record, fits ? core.terms().compress_threshold : std::optional(std::size_t{1}));
  Counters& counters = core.counters();
  Counters::count(counters.value_bytes_in, value.size());
  if (packed && packed->size() < value.size()) {
    Counters::count(counters.raw_bytes, value.size());
    Counters::count(counters.stored_bytes, packed->size());
  }
  if (packed ? packed->size() <= room : fits) {
    if (packed) form.head.bytes = Value(std::move(*packed));
    return form;
  }
  if (packed) {
    const Result<Record> compressed = decode_record(*packed);
    if (!compressed) return compressed.error();
    return cut(core, key, std::move(form), *compressed, item_limit);
  }
  return cut(core, key, std::move(form), record, item_limit);
}

std::optional<ReadForm> read_form(Core& core, const memcache::WireKey& wire_key,
                                  std::string_view key, Value stored) {
  ReadForm form{std::move(stored), {}, {}};
  Result<Record> record = decode_record(form.stored.view());
  // A chunk that is none of a head's belongs to nobody here.
  if (!record || (record->chunk && record->chunk->index != 0)) {
    Counters::count(core.counters().corrupt);
    return std::nullopt;
  }
  form.record = std::move(*record);
  if (wire_key.is_hashed() && form.record.whole_key.empty()) return std::nullopt;
  const bool is_anothers = !form.record.whole_key.empty() && form.record.whole_key != key;
  if (is_anothers && !key.empty()) return std::nullopt;
  if (form.record.deadline && *form.record.deadline <= wall_clock()) return std::nullopt;
  if (form.record.chunk && form.record.chunk->count > 1) return form;
  if (form.record.payload.size() == form.stored.size()) {
    form.value = form.stored;  // A plain value is handed on as it came, without a copy.
    return form;
  }
  Result<Value> value = unpack(form.record, std::numeric_limits<std::uint32_t>::max());
  if (!value) {
    Counters::count(core.counters().corrupt);
    return std::nullopt;
  }
  form.value = std::move(*value);
  return form;
}

std::optional<Value> joined(Core& core, const ReadForm& head,
                            std::span<const std::optional<Value>> chunks) {
  std::string payload(head.record.payload);
  ChunkInfo expected = *head.record.chunk;
  for (const std::optional<Value>& chunk : chunks) {
    ++expected.index;
    if (!chunk) return std::nullopt;
    const Result<Record> part = decode_record(chunk->view());
    if (!part || part->chunk != expected) return std::nullopt;
    payload += part->payload;
  }
  Record whole = head.record;
  whole.payload = payload;
  Result<Value> value = unpack(whole, std::numeric_limits<std::uint32_t>::max());
  if (value) return std::move(*value);
  Counters::count(core.counters().corrupt);
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> time_left(const Record& record) {
  if (!record.deadline) return std::nullopt;
  return std::max(*record.deadline - wall_clock(), std::chrono::milliseconds(1));
}

}  // namespace semantrix::memcached
