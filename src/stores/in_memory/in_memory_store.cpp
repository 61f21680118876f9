#include "stores/in_memory/key_pages.hpp"
#include "stores/in_memory/state.hpp"
#include <semantrix/in_memory_store.hpp>

#include <utility>

namespace semantrix {
namespace {

constexpr std::size_t four_gib = std::size_t{1} << 32;

constexpr Capability memory_capability{.store = "memory",
                                       .can_tag = true,
                                       .can_invalidate_prefix = true,
                                       .can_evict = true,
                                       .synchronous = true,
                                       .max_key_bytes = four_gib - 1,
                                       .max_value_bytes = four_gib - 1};

std::vector<std::string_view> views_of(std::span<const std::string> keys) {
  return {keys.begin(), keys.end()};
}

MemoryAddOptions engine_options(const AddOptions& options) {
  return {.ttl = options.ttl, .tags = options.tags};
}

/// The verbs that tell how many.
template <class State, class Count>
Probe<std::size_t> counted(State& state, Count count) {
  if (state.is_closed()) return Result<std::size_t>(state.failed_closed());
  return Result<std::size_t>(count(state.cache));
}

}  // namespace

InMemoryStore::InMemoryStore(InMemoryOptions options)
    : state_(std::make_shared<State>(std::move(options))) {}

InMemoryStore::~InMemoryStore() {
  // Nobody is left to hear of an error; the older snapshot is still there then.
  try {
    (void)state_->close();
  } catch (const std::exception&) {
  }
}

const Capability& InMemoryStore::capability() const noexcept { return memory_capability; }
const Capability& InMemoryStore::static_capability() noexcept { return memory_capability; }
MemoryCache& InMemoryStore::cache() noexcept { return state_->cache; }

Probe<void> InMemoryStore::probe_add(std::string_view key, const Value& value,
                                     const AddOptions& options) {
  if (state_->is_closed()) [[unlikely]]
    return Result<void>(state_->failed_closed());
  Result<void> added =
      state_->cache.add({key, value.view(), value.binary(), engine_options(options)});
  if (!added) [[unlikely]]
    return Result<void>(state_->failed(added.error()));
  return added;
}

Probe<std::optional<Value>> InMemoryStore::probe_get(std::string_view key) {
  if (state_->is_closed()) [[unlikely]] {
    return Result<std::optional<Value>>(state_->failed_closed());
  }
  return Probe<std::optional<Value>>(std::in_place, state_->cache.get(key));
}

Probe<bool> InMemoryStore::probe_erase(std::string_view key) {
  if (state_->is_closed()) return Result<bool>(state_->failed_closed());
  return Result<bool>(state_->cache.erase(key));
}

Probe<BatchOutcome> InMemoryStore::probe_batch_add(std::span<const BatchItem> items,
                                                   const AddOptions& options) {
  if (state_->is_closed()) return Result<BatchOutcome>(state_->failed_closed());
  std::vector<MemoryItem> entries;
  entries.reserve(items.size());
  for (const BatchItem& item : items) {
    MemoryItem& entry = entries.emplace_back();
    entry.key = item.key;
    entry.value = item.value.view();
    entry.binary = item.value.binary();
    entry.options = engine_options(options);
    if (item.ttl) entry.options.ttl = item.ttl;
  }
  const std::vector<Result<void>> added = state_->cache.batch_add(entries);
  BatchOutcome outcome;
  for (std::size_t index = 0; index != added.size(); ++index) {
    if (added[index]) {
      ++outcome.stored;
    } else {
      outcome.failures.push_back({index, state_->failed(added[index].error())});
    }
  }
  return Result<BatchOutcome>(std::move(outcome));
}

Probe<std::vector<std::optional<Value>>> InMemoryStore::probe_batch_get(
    std::span<const std::string> keys) {
  using Values = std::vector<std::optional<Value>>;
  if (state_->is_closed()) return Result<Values>(state_->failed_closed());
  return Result<Values>(state_->cache.batch_get(views_of(keys)));
}

Probe<std::size_t> InMemoryStore::probe_batch_erase(std::span<const std::string> keys) {
  return counted(*state_, [&](MemoryCache& cache) { return cache.batch_erase(views_of(keys)); });
}

Probe<std::size_t> InMemoryStore::probe_size(SizeMode) {
  return counted(*state_, [](MemoryCache& cache) { return cache.size(); });
}

Probe<std::size_t> InMemoryStore::probe_clear(const ClearOptions&) {
  return counted(*state_, [](MemoryCache& cache) { return cache.clear(); });
}

Probe<std::size_t> InMemoryStore::probe_invalidate_tag(std::string_view tag) {
  return counted(*state_, [&](MemoryCache& cache) { return cache.invalidate_tag(tag); });
}

Probe<std::size_t> InMemoryStore::probe_invalidate_prefix(std::string_view prefix) {
  return counted(*state_, [&](MemoryCache& cache) { return cache.invalidate_prefix(prefix); });
}

Probe<std::optional<Entry>> InMemoryStore::probe_entry(std::string_view key) {
  using Found = std::optional<Entry>;
  if (state_->is_closed()) return Result<Found>(state_->failed_closed());
  std::optional<MemoryEntry> entry = state_->cache.entry(key);
  if (!entry) return Result<Found>(std::nullopt);
  return Result<Found>(Entry{std::move(entry->value), entry->ttl, std::move(entry->tags)});
}

Probe<Stats> InMemoryStore::probe_stats() {
  if (state_->is_closed()) return Result<Stats>(state_->failed_closed());
  return Result<Stats>(state_->stats());
}

Probe<Description> InMemoryStore::probe_describe() {
  if (state_->is_closed()) return Result<Description>(state_->failed_closed());
  Description description;
  description.capability = memory_capability;
  description.warning = state_->warning();
  return Result<Description>(std::move(description));
}

Probe<void> InMemoryStore::probe_close() { return state_->close(); }

std::unique_ptr<KeyStream> InMemoryStore::open_keys(std::string match) {
  return std::make_unique<KeyPages>(state_, std::move(match));
}

}  // namespace semantrix
