// How `TagsLayer` reads; tags_writes.cpp has how it writes.
#include "base/duration.hpp"
#include "layers/tags_state.hpp"

#include <algorithm>
#include <utility>

namespace semantrix {
namespace {

using OneFound = std::optional<Value>;
using OneEntry = std::optional<Entry>;

Capability tagging(Capability capability) {
  capability.can_tag = true;
  capability.invalidates_lazily = true;
  // What others invalidate is not told by the key of an entry.
  capability.can_subscribe_invalidations = false;
  // A tagged write asks before it writes.
  capability.synchronous = false;
  return capability;
}

std::chrono::milliseconds checked_ttl(std::chrono::milliseconds ttl) {
  if (auto checked = check_duration("tag_ttl", ttl); !checked) throw CacheError(checked.error());
  return ttl;
}

/// Each once, sorted.
std::vector<std::string> tags_of(const std::vector<std::optional<layers::TaggedValue>>& all) {
  std::vector<std::string> tags;
  for (const auto& tagged : all) {
    if (tagged) tags.insert(tags.end(), tagged->tags.begin(), tagged->tags.end());
  }
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  return tags;
}

std::vector<std::string> keys_of(const std::vector<std::string>& tags) {
  std::vector<std::string> keys;
  keys.reserve(tags.size());
  for (const std::string& tag : tags) keys.emplace_back(layers::tag_keys).append(tag);
  return keys;
}

std::vector<OneFound> one(OneFound value) {
  std::vector<OneFound> values;
  values.push_back(std::move(value));
  return values;
}

OneFound value_of(std::optional<layers::TaggedValue> tagged) {
  if (!tagged) return std::nullopt;
  return std::move(tagged->value);
}

std::vector<OneFound> values_of(std::vector<std::optional<layers::TaggedValue>> all) {
  std::vector<OneFound> values;
  values.reserve(all.size());
  for (auto& tagged : all) values.push_back(value_of(std::move(tagged)));
  return values;
}

OneEntry entry_of(OneEntry entry, std::optional<layers::TaggedValue> tagged) {
  if (!tagged) return std::nullopt;
  entry->value = std::move(tagged->value);
  entry->tags = std::move(tagged->tags);
  return entry;
}

/// The layer's own keys are no entries.
void hide_tag_keys(std::span<const std::string> keys, std::vector<OneFound>& values) {
  for (std::size_t i = 0; i != keys.size(); ++i) {
    if (layers::is_tag_key(keys[i])) values[i].reset();
  }
}

}  // namespace

TagsLayer::TagsLayer(std::shared_ptr<CacheStore> inner, const TagsOptions& options)
    : Layer(std::move(inner)),
      capability_(tagging(Layer::capability())),
      tag_ttl_(checked_ttl(options.tag_ttl)),
      state_(std::make_unique<State>(options)) {}
TagsLayer::~TagsLayer() = default;

bool TagsLayer::subscribe_invalidations(const std::weak_ptr<InvalidationListener>& /*listener*/) {
  return false;
}

Probe<TagsLayer::Values> TagsLayer::probe_generations(const std::vector<std::string>& tags) {
  Values found;
  for (const std::string& key : keys_of(tags)) {
    Probe<OneFound> generation = Layer::probe_get(key);
    if (generation && *generation) {
      found.push_back(std::move(**generation));
      continue;
    }
    state_->count_generations(found);
    if (!generation) return std::nullopt;
    return Result<Values>(generation->error());
  }
  state_->count_generations(found);
  return Result<Values>(std::move(found));
}

awaitable<Result<TagsLayer::Values>> TagsLayer::generations_of(std::vector<std::string> tags) {
  if (auto at_hand = probe_generations(tags)) co_return std::move(*at_hand);
  const std::vector<std::string> keys = keys_of(tags);
  if (keys.size() != 1) {
    Result<Values> all = co_await Layer::do_batch_get(keys);
    if (all) state_->count_generations(*all);
    co_return all;
  }
  // A near cache below keeps what is asked for alone.
  Result<OneFound> found = co_await Layer::do_get(keys.front());
  if (!found) co_return found.error();
  Values generation = one(std::move(*found));
  state_->count_generations(generation);
  co_return generation;
}

Probe<TagsLayer::Settled> TagsLayer::probe_settled(Values stored) {
  const auto hits = static_cast<std::uint64_t>(std::count_if(
      stored.begin(), stored.end(), [](const OneFound& it) { return it.has_value(); }));
  Settled all = state_->read(std::move(stored));
  const std::vector<std::string> tags = tags_of(all);
  if (tags.empty()) return Result<Settled>(std::move(all));
  Probe<Values> generations = probe_generations(tags);
  if (!generations) {
    state_->count_asked_again(hits);
    return std::nullopt;
  }
  if (!*generations) return Result<Settled>(generations->error());
  state_->drop_invalidated(all, tags, **generations);
  return Result<Settled>(std::move(all));
}

awaitable<Result<TagsLayer::Settled>> TagsLayer::settled(Values stored) {
  Settled all = state_->read(std::move(stored));
  const std::vector<std::string> tags = tags_of(all);
  if (tags.empty()) co_return all;
  const Result<Values> generations = co_await generations_of(tags);
  if (!generations) co_return generations.error();
  state_->drop_invalidated(all, tags, *generations);
  co_return all;
}

Probe<OneFound> TagsLayer::probe_get(std::string_view key) {
  if (layers::is_tag_key(key)) return Result<OneFound>(OneFound());
  Probe<OneFound> stored = Layer::probe_get(key);
  if (!stored || !*stored || !layers::is_wrapped(**stored)) return stored;
  Probe<Settled> settled = probe_settled(one(std::move(**stored)));
  if (!settled) return std::nullopt;
  if (!*settled) return Result<OneFound>(settled->error());
  return Result<OneFound>(value_of(std::move((*settled)->front())));
}

awaitable<Result<OneFound>> TagsLayer::do_get(std::string_view key) {
  Result<OneFound> stored = co_await Layer::do_get(key);
  if (!stored || !layers::is_wrapped(*stored)) co_return stored;
  Result<Settled> all = co_await settled(one(std::move(*stored)));
  if (!all) co_return all.error();
  co_return value_of(std::move(all->front()));
}

Probe<TagsLayer::Values> TagsLayer::probe_batch_get(std::span<const std::string> keys) {
  Probe<Values> stored = Layer::probe_batch_get(keys);
  if (!stored || !*stored) return stored;
  hide_tag_keys(keys, **stored);
  Probe<Settled> settled = probe_settled(std::move(**stored));
  if (!settled) return std::nullopt;
  if (!*settled) return Result<Values>(settled->error());
  return Result<Values>(values_of(std::move(**settled)));
}

awaitable<Result<TagsLayer::Values>> TagsLayer::do_batch_get(std::span<const std::string> keys) {
  Result<Values> stored = co_await Layer::do_batch_get(keys);
  if (!stored) co_return stored;
  hide_tag_keys(keys, *stored);
  Result<Settled> all = co_await settled(std::move(*stored));
  if (!all) co_return all.error();
  co_return values_of(std::move(*all));
}

Probe<OneEntry> TagsLayer::probe_entry(std::string_view key) {
  if (layers::is_tag_key(key)) return Result<OneEntry>(OneEntry());
  Probe<OneEntry> entry = Layer::probe_entry(key);
  if (!entry || !*entry || !**entry || !layers::is_wrapped((**entry)->value)) return entry;
  return std::nullopt;
}

awaitable<Result<OneEntry>> TagsLayer::do_entry(std::string_view key) {
  Result<OneEntry> entry = co_await Layer::do_entry(key);
  if (!entry || !*entry || !layers::is_wrapped((*entry)->value)) co_return entry;
  Result<Settled> all = co_await settled(one((*entry)->value));
  if (!all) co_return all.error();
  co_return entry_of(std::move(*entry), std::move(all->front()));
}

Probe<Stats> TagsLayer::probe_stats() {
  Probe<Stats> stats = Layer::probe_stats();
  if (!stats) return stats;
  return state_->counted(std::move(*stats));
}

awaitable<Result<Stats>> TagsLayer::do_stats() {
  Result<Stats> stats = co_await Layer::do_stats();
  co_return state_->counted(std::move(stats));
}

// What is known only after connecting is the store's; what the layer changes stays changed.

Probe<Description> TagsLayer::probe_describe() {
  Probe<Description> described = Layer::probe_describe();
  if (described && *described) (*described)->capability = tagging((*described)->capability);
  return described;
}

awaitable<Result<Description>> TagsLayer::do_describe() {
  Result<Description> described = co_await Layer::do_describe();
  if (described) described->capability = tagging(described->capability);
  co_return described;
}

}  // namespace semantrix
