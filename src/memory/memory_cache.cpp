#include "base/glob.hpp"
#include "memory/engine.hpp"
#include "memory/option_checks.hpp"
#include "memory/snapshot.hpp"
#include <semantrix/memory_cache.hpp>

#include <utility>

namespace semantrix {

using memory::Engine;
using memory::Record;

MemoryCache::MemoryCache(MemoryOptions options) : engine_(Engine::create(std::move(options))) {}

MemoryCache::~MemoryCache() {
  if (engine_ != nullptr) engine_->retire();
}
MemoryCache::MemoryCache(MemoryCache&&) noexcept = default;
MemoryCache& MemoryCache::operator=(MemoryCache&& other) noexcept {
  std::swap(engine_, other.engine_);
  return *this;
}

std::optional<Value> MemoryCache::get(std::string_view key) { return engine_->get(key); }

std::optional<Value> MemoryCache::peek(std::string_view key) const {
  Record* record = engine_->peek(key);
  return record != nullptr ? engine_->value_of(record) : std::nullopt;
}

Result<void> MemoryCache::add(std::string_view key, std::string_view value,
                              MemoryAddOptions options) {
  const MemoryItem item{key, value, false, options};
  return add(item);
}

Result<void> MemoryCache::add(const MemoryItem& item) {
  Result<void> added = engine_->add(item);
  if (!added && added.error().code() == ErrorCode::too_large) engine_->erase(item.key);
  return added;
}

bool MemoryCache::erase(std::string_view key) { return engine_->erase(key); }

std::optional<MemoryEntry> MemoryCache::entry(std::string_view key) const {
  Record* record = engine_->peek(key);
  return record != nullptr ? engine_->entry_of(record) : std::nullopt;
}

Value MemoryCache::get_or_compute(std::string_view key, const std::function<Value()>& compute,
                                  MemoryAddOptions options) {
  memory::check_add(key, options).value();  // throws
  if (std::optional<Value> hit = get(key)) return *std::move(hit);
  return engine_->flights().run(key, [&] {
    // Another flight may have landed between the miss and this one's start.
    if (std::optional<Value> landed = peek(key)) return *std::move(landed);
    Value value = compute();
    // A refusal changes nothing for the caller: the value is the answer.
    static_cast<void>(add({key, value, value.binary(), options}));
    return value;
  });
}

std::vector<std::optional<Value>> MemoryCache::batch_get(std::span<const std::string_view> keys) {
  std::vector<std::optional<Value>> values(keys.size());
  engine_->batch_get(keys, values);
  return values;
}

std::vector<Result<void>> MemoryCache::batch_add(std::span<const MemoryItem> items) {
  std::vector<Result<void>> outcomes;
  outcomes.reserve(items.size());
  std::vector<Record*> records;
  records.reserve(items.size());
  for (const MemoryItem& item : items) {
    auto record = engine_->make_record(item.key, item.value, item.binary, item.options);
    if (record) {
      records.push_back(*record);
      outcomes.emplace_back();
    } else {
      if (record.error().code() == ErrorCode::too_large) {
        // What came before it in the batch is older, too.
        engine_->batch_add(records);
        records.clear();
        engine_->erase(item.key);
      }
      outcomes.emplace_back(record.error());
    }
  }
  engine_->batch_add(records);
  return outcomes;
}

std::size_t MemoryCache::batch_erase(std::span<const std::string_view> keys) {
  return engine_->batch_erase(keys);
}

void MemoryCache::for_each(
    const std::function<bool(std::string_view, const MemoryEntry&)>& visit) const {
  for (std::size_t shard = 0; shard < engine_->shard_count(); ++shard) {
    Engine::Collection collection;
    engine_->collect(shard, collection.items);
    for (const Engine::Collected& item : collection.items) {
      const std::int64_t deadline = item.record->deadline();
      if (deadline != 0 && engine_->time().passed(deadline)) continue;  // since it was collected
      item.record->retain();
      const std::optional<MemoryEntry> entry = engine_->entry_of(item.record);
      if (entry && !visit(item.record->key(), *entry)) return;
    }
  }
}

std::vector<std::string> MemoryCache::keys(std::string_view match) const {
  const Glob glob(match);
  std::vector<std::string> keys;
  for (std::size_t shard = 0; shard < engine_->shard_count(); ++shard) {
    Engine::Collection collection;
    engine_->collect(shard, collection.items);
    for (const Engine::Collected& item : collection.items) {
      if (glob.matches(item.record->key())) keys.emplace_back(item.record->key());
    }
  }
  return keys;
}

std::size_t MemoryCache::size() const { return engine_->size(); }

std::size_t MemoryCache::bytes() const { return engine_->stats().bytes; }

std::size_t MemoryCache::clear() {
  return engine_->remove_if([](const Record&) { return true; }, RemovalCause::cleared);
}

std::size_t MemoryCache::invalidate_tag(std::string_view tag) {
  return engine_->remove_if([tag](const Record& record) { return record.has_tag(tag); },
                            RemovalCause::erased);
}

std::size_t MemoryCache::invalidate_prefix(std::string_view prefix) {
  return engine_->remove_if(
      [prefix](const Record& record) { return record.key().starts_with(prefix); },
      RemovalCause::erased);
}

Result<void> MemoryCache::resize(std::size_t max_size, std::size_t max_bytes) {
  if (auto checked = memory::check_bounds(max_size, max_bytes); !checked) return checked;
  engine_->resize(max_size, max_bytes);
  return {};
}

std::size_t MemoryCache::expire() { return engine_->expire(); }

Stats MemoryCache::stats() const { return engine_->stats(); }

const MemoryOptions& MemoryCache::options() const noexcept { return engine_->options(); }

std::size_t MemoryCache::shard_count() const noexcept { return engine_->shard_count(); }

std::uint64_t MemoryCache::revision() const { return engine_->revision(); }

Result<std::size_t> MemoryCache::save_snapshot(const std::string& path) const {
  return memory::save_snapshot(*engine_, path);
}

Result<SnapshotReport> MemoryCache::load_snapshot(const std::string& path) {
  return memory::load_snapshot(*engine_, path);
}

}  // namespace semantrix
