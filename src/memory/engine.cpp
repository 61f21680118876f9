#include "memory/engine.hpp"

#include "memory/option_checks.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace semantrix::memory {

namespace {

Error too_large(std::size_t bytes, std::size_t most) {
  return Error(ErrorCode::too_large,
               "the entry takes " + std::to_string(bytes) + " bytes and the cache holds at most " +
                   std::to_string(most),
               "raise max_bytes, or compress or split the value");
}

}  // namespace

Engine::Engine(MemoryOptions options)
    : budget_(options.max_size, options.max_bytes),
      time_(options.clock),
      options_(std::move(options)),
      codec_(options_.compress_threshold, options_.compress_dictionary) {}

Result<void> Engine::add(const MemoryItem& item) {
  if (item.value.size() > most_copied_under_lock || codec_.may_encode(item.value)) {
    auto record = make_record(item.key, item.value, item.binary, item.options);
    if (!record) return record.error();
    add_record(*record);
    return {};
  }
  if (auto checked = check_add(item.key, item.options); !checked) return checked;
  auto record = record_of(
      {.key = item.key, .value = item.value, .binary = item.binary, .tags = item.options.tags},
      false, item.options);
  if (!record) return record.error();
  add_unfilled(*record, item.value);
  return {};
}

Result<Record*> Engine::make_record(std::string_view key, std::string_view value, bool binary,
                                    const MemoryAddOptions& options) {
  if (auto checked = check_add(key, options); !checked) return checked.error();
  std::optional<std::string> smaller = codec_.encode(value);
  return record_of({.key = key,
                    .value = smaller ? std::string_view(*smaller) : value,
                    .compressed = smaller.has_value(),
                    .binary = binary,
                    .tags = options.tags},
                   true, options);
}

Result<Record*> Engine::record_of(const Record::Content& content, bool filled,
                                  const MemoryAddOptions& options) {
  const std::size_t tags = Record::bytes_of(content.tags);
  for (const std::size_t bytes : {content.key.size(), content.value.size(), tags}) {
    if (bytes > Record::most_bytes) return refuse(bytes, Record::most_bytes);
  }
  const std::size_t charge = Record::charge_of(content.key.size(), content.value.size(), tags);
  if (charge > budget_.max_bytes()) return refuse(charge, budget_.max_bytes());
  Record* record = filled ? Record::create(content) : Record::create_unfilled(content);
  if (const auto ttl = options.ttl ? options.ttl : options_.default_ttl) {
    record->set_deadline(time_.steady_ms() + ttl->count());
  }
  return record;
}

Error Engine::refuse(std::size_t bytes, std::size_t most) {
  rejected_.fetch_add(1, std::memory_order_relaxed);
  return too_large(bytes, most);
}

std::optional<Value> Engine::value_of(Record* record) {
  const bool compressed = record->compressed();
  Value stored = record->into_value();
  if (!compressed) return stored;
  auto value = codec_.decode(stored);
  if (!value) {
    corrupt_.fetch_add(1, std::memory_order_relaxed);
    return std::nullopt;
  }
  decompressed_bytes_.fetch_add(value->size(), std::memory_order_relaxed);
  return stored.binary() ? std::move(*value).as_binary() : std::move(*value);
}

std::optional<MemoryEntry> Engine::entry_of(Record* record) {
  MemoryEntry entry;
  entry.tags = record->tags();
  if (const std::int64_t deadline = record->deadline(); deadline != 0) {
    entry.ttl = std::chrono::milliseconds(std::max<std::int64_t>(1, deadline - time_.steady_ms()));
  }
  std::optional<Value> value = value_of(record);
  if (!value) return std::nullopt;
  entry.value = *std::move(value);
  return entry;
}

void Engine::tell_listener(const Removed& removed) noexcept {
  for (const Removed::Item& item : removed) {
    item.record->retain();
    item.record->retain();
    const Value key_keeper = item.record->into_value();
    if (const std::optional<Value> value = value_of(item.record)) {
      options_.on_removal(item.record->key(), *value, item.cause);
    }
  }
}

void Engine::sweep() {
  const std::lock_guard lock(sweep_mutex_);
  if (!retired_) expire();
}

void Engine::retire() {
  const std::lock_guard lock(sweep_mutex_);
  retired_ = true;
}

void Engine::forget_other_threads() {
  std::construct_at(&sweep_mutex_);
  flights_.forget_other_threads();
}

std::uint64_t Engine::revision() const {
  Stats counts;
  add_counts(counts);
  const std::uint64_t idled = options_.time_to_idle ? counts.expirations : 0;
  return counts.adds + counts.deletes + counts.evictions + idled + changes_;
}

Stats Engine::stats() const {
  Stats stats;
  stats.store = "memory";
  add_counts(stats);
  stats.rejected = rejected_;
  stats.corrupt = corrupt_;
  stats.raw_bytes = codec_.raw_bytes();
  stats.stored_bytes = codec_.stored_bytes();
  stats.value_bytes_in += stats.raw_bytes - stats.stored_bytes;  // shards count stored bytes
  stats.value_bytes_out += decompressed_bytes_;
  return stats;
}

}  // namespace semantrix::memory
