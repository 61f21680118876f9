#include "layers/near_copies.hpp"
#include <semantrix/layers/near_cache.hpp>

#include <utility>

namespace semantrix {

using Values = std::vector<std::optional<Value>>;

class NearCacheLayer::State final : public layers::NearCopies {
 public:
  using NearCopies::NearCopies;
};

NearCacheLayer::NearCacheLayer(std::shared_ptr<CacheStore> inner, const NearCacheOptions& options)
    : Layer(std::move(inner)), state_(std::make_shared<State>(options)) {}
NearCacheLayer::~NearCacheLayer() = default;

// A store that answers a read at once needs no copies, and none are made; but it may answer a write
// at once and a read later.

Probe<void> NearCacheLayer::probe_add(std::string_view key, const Value& value,
                                      const AddOptions& options) {
  Probe<void> answer = Layer::probe_add(key, value, options);
  if (answer) state_->written(key);
  return answer;
}

Probe<std::optional<Value>> NearCacheLayer::probe_get(std::string_view key) {
  if (std::optional<Value> copy = state_->find(key)) {
    return Result<std::optional<Value>>(std::move(copy));
  }
  return Layer::probe_get(key);
}

Probe<bool> NearCacheLayer::probe_erase(std::string_view key) {
  Probe<bool> answer = Layer::probe_erase(key);
  if (answer) state_->written(key);
  return answer;
}

Probe<BatchOutcome> NearCacheLayer::probe_batch_add(std::span<const BatchItem> items,
                                                    const AddOptions& options) {
  Probe<BatchOutcome> answer = Layer::probe_batch_add(items, options);
  if (answer) state_->written(items);
  return answer;
}

Probe<Values> NearCacheLayer::probe_batch_get(std::span<const std::string> keys) {
  if (auto copies = state_->find_all(keys)) return Result<Values>(std::move(*copies));
  return Layer::probe_batch_get(keys);
}

Probe<std::size_t> NearCacheLayer::probe_batch_erase(std::span<const std::string> keys) {
  Probe<std::size_t> answer = Layer::probe_batch_erase(keys);
  if (answer) state_->written(keys);
  return answer;
}

Probe<std::size_t> NearCacheLayer::probe_clear(const ClearOptions& options) {
  Probe<std::size_t> answer = Layer::probe_clear(options);
  if (answer) state_->on_all_changed();
  return answer;
}

Probe<std::size_t> NearCacheLayer::probe_invalidate_tag(std::string_view tag) {
  Probe<std::size_t> answer = Layer::probe_invalidate_tag(tag);
  if (answer) state_->on_all_changed();
  return answer;
}

Probe<std::size_t> NearCacheLayer::probe_invalidate_prefix(std::string_view prefix) {
  Probe<std::size_t> answer = Layer::probe_invalidate_prefix(prefix);
  if (answer) state_->on_all_changed();
  return answer;
}

Probe<Stats> NearCacheLayer::probe_stats() {
  Probe<Stats> stats = Layer::probe_stats();
  if (stats) stats = state_->counted(std::move(*stats));
  return stats;
}

Probe<void> NearCacheLayer::probe_close() {
  state_->close();
  return Layer::probe_close();
}

awaitable<Result<std::optional<Value>>> NearCacheLayer::do_get(std::string_view key) {
  if (state_->must_subscribe()) Layer::subscribe_invalidations(state_);
  const auto ticket = state_->ticket(key);
  Result<std::optional<Entry>> entry = co_await Layer::do_entry(key);
  if (!entry) co_return entry.error();
  co_return state_->keep(key, std::move(*entry), ticket);
}

awaitable<Result<void>> NearCacheLayer::do_add(std::string_view key, const Value& value,
                                               const AddOptions& options) {
  const auto begun = state_->written(key);
  Result<void> added = co_await Layer::do_add(key, value, options);
  if (added) {
    state_->keep_added(key, value, options, begun);
  } else {
    state_->written(key);
  }
  co_return added;
}

awaitable<Result<bool>> NearCacheLayer::do_erase(std::string_view key) {
  state_->written(key);
  Result<bool> erased = co_await Layer::do_erase(key);
  state_->written(key);
  co_return erased;
}

awaitable<Result<BatchOutcome>> NearCacheLayer::do_batch_add(std::span<const BatchItem> items,
                                                             const AddOptions& options) {
  state_->written(items);
  Result<BatchOutcome> outcome = co_await Layer::do_batch_add(items, options);
  state_->written(items);
  co_return outcome;
}

awaitable<Result<Values>> NearCacheLayer::do_batch_get(std::span<const std::string> keys) {
  layers::NearBatch batch = state_->begin_batch(keys);
  if (batch.missing.empty()) co_return std::move(batch.values);
  Result<Values> rest = co_await Layer::do_batch_get(batch.missing);
  if (!rest) co_return rest.error();
  co_return std::move(batch).completed(std::move(*rest));
}

awaitable<Result<std::size_t>> NearCacheLayer::do_batch_erase(std::span<const std::string> keys) {
  state_->written(keys);
  Result<std::size_t> erased = co_await Layer::do_batch_erase(keys);
  state_->written(keys);
  co_return erased;
}

awaitable<Result<std::size_t>> NearCacheLayer::do_clear(const ClearOptions& options) {
  state_->on_all_changed();
  Result<std::size_t> cleared = co_await Layer::do_clear(options);
  state_->on_all_changed();
  co_return cleared;
}

awaitable<Result<std::size_t>> NearCacheLayer::do_invalidate_tag(std::string_view tag) {
  state_->on_all_changed();
  Result<std::size_t> removed = co_await Layer::do_invalidate_tag(tag);
  state_->on_all_changed();
  co_return removed;
}

awaitable<Result<std::size_t>> NearCacheLayer::do_invalidate_prefix(std::string_view prefix) {
  state_->on_all_changed();
  Result<std::size_t> removed = co_await Layer::do_invalidate_prefix(prefix);
  state_->on_all_changed();
  co_return removed;
}

awaitable<Result<Stats>> NearCacheLayer::do_stats() {
  Result<Stats> stats = co_await Layer::do_stats();
  co_return state_->counted(std::move(stats));
}

awaitable<Result<void>> NearCacheLayer::do_close() {
  state_->close();
  return Layer::do_close();
}

}  // namespace semantrix
