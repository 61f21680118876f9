#include "base/duration.hpp"
#include "layers/deadlines.hpp"
#include <semantrix/layers/refreshing.hpp>

#include <algorithm>
#include <atomic>
#include <utility>

namespace semantrix {

using std::chrono::milliseconds;
using Values = std::vector<std::optional<Value>>;
using Found = std::optional<Value>;
using FoundEntry = std::optional<Entry>;

/// What is known of the keys, and what must be added to the inner store's figures.
class RefreshingLayer::State {
 public:
  explicit State(const Terms& terms) : deadlines(terms.max_keys, terms.clock) {}

  void count(const Found& value) noexcept {
    (value ? hits : misses).fetch_add(1, std::memory_order_relaxed);
    if (value) bytes_out.fetch_add(value->size(), std::memory_order_relaxed);
  }
  [[nodiscard]] Result<Stats> counted(Result<Stats> stats) const {
    if (!stats) return stats;
    const std::uint64_t held_back = withheld.load(std::memory_order_relaxed);
    const std::uint64_t too_many = held_back + asked_again.load(std::memory_order_relaxed);
    stats->hits += hits.load(std::memory_order_relaxed);
    stats->hits -= std::min(stats->hits, too_many);
    stats->misses += misses.load(std::memory_order_relaxed) + held_back;
    stats->value_bytes_out += bytes_out.load(std::memory_order_relaxed);
    return stats;
  }

  layers::Deadlines deadlines;
  std::atomic<std::uint64_t> hits{0};  // answered by the store's `get_entry`, which counts none
  std::atomic<std::uint64_t> misses{0};
  std::atomic<std::uint64_t> bytes_out{0};
  std::atomic<std::uint64_t> withheld{0};     // hits of the store that were given as misses
  std::atomic<std::uint64_t> asked_again{0};  // hits of the store that were not given
};

namespace {

Capability refreshing(Capability capability) {
  capability.refreshes_ahead = true;
  return capability;
}

}  // namespace

RefreshingLayer::RefreshingLayer(std::shared_ptr<CacheStore> inner, const Terms& terms)
    : Layer(std::move(inner)),
      capability_(refreshing(Layer::capability())),
      terms_(terms),
      state_(std::make_unique<State>(terms)) {}
RefreshingLayer::~RefreshingLayer() = default;

RefreshingLayer::Ttl RefreshingLayer::lengthened(Ttl ttl) const {
  if (!ttl) ttl = terms_.default_ttl;
  if (!ttl) return ttl;
  return std::min(*ttl + terms_.extension, longest_duration);
}

std::vector<BatchItem> RefreshingLayer::lengthened(std::span<const BatchItem> items,
                                                   const AddOptions& options) const {
  std::vector<BatchItem> changed(items.begin(), items.end());
  for (BatchItem& item : changed) item.ttl = lengthened(item.ttl ? item.ttl : options.ttl);
  return changed;
}

Result<FoundEntry> RefreshingLayer::shown(Result<FoundEntry> entry) const {
  if (!entry || !*entry || !(*entry)->ttl) return entry;
  milliseconds& ttl = *(*entry)->ttl;
  ttl -= terms_.extension;
  if (ttl.count() <= 0) return FoundEntry();
  return entry;
}

std::optional<milliseconds> RefreshingLayer::left(std::string_view key) {
  if (!capability_.synchronous) return state_->deadlines.left(key);
  const Probe<FoundEntry> entry = Layer::probe_entry(key);
  if (!entry || !*entry || !**entry) return std::nullopt;
  return (**entry)->ttl.value_or(layers::Deadlines::never);
}

Found RefreshingLayer::judged(std::string_view key, Found value, milliseconds left,
                              milliseconds margin) {
  if (left > margin || !must_refresh(key)) return value;
  on_missed(key);
  return std::nullopt;
}

void RefreshingLayer::judge_all(std::span<const std::string> keys, Values& values) {
  for (std::size_t i = 0; i != keys.size(); ++i) {
    if (!values[i]) {
      on_missed(keys[i]);
      continue;
    }
    const auto remaining = left(keys[i]);
    if (!remaining) continue;
    values[i] = judged(keys[i], std::move(values[i]), *remaining, margin());
    if (!values[i]) state_->withheld.fetch_add(1, std::memory_order_relaxed);
  }
}

void RefreshingLayer::added(std::string_view key, Ttl ttl) {
  if (!capability_.synchronous) {
    // Without a ttl, only the store knows how long it lives.
    if (ttl) {
      state_->deadlines.learn(key, ttl);
    } else {
      state_->deadlines.forget(key);
    }
  }
  on_written(key);
}

void RefreshingLayer::added(std::span<const BatchItem> items) {
  for (const BatchItem& item : items) added(item.key, item.ttl);
}

// -- reads --

Probe<Found> RefreshingLayer::probe_get(std::string_view key) {
  Probe<Found> answer = Layer::probe_get(key);
  if (!answer || !*answer) return answer;
  if (!**answer) {
    on_missed(key);
    return answer;
  }
  const auto remaining = left(key);
  const milliseconds due = margin();
  if (remaining && *remaining > due) return answer;
  if (!capability_.synchronous) {
    // A copy that lies near, of an entry that the store must be asked about.
    state_->asked_again.fetch_add(1, std::memory_order_relaxed);
    return std::nullopt;
  }
  if (!remaining) return answer;  // It expired in this moment.
  Found value = judged(key, std::move(**answer), *remaining, due);
  if (!value) state_->withheld.fetch_add(1, std::memory_order_relaxed);
  return Result<Found>(std::move(value));
}

awaitable<Result<Found>> RefreshingLayer::do_get(std::string_view key) {
  const milliseconds due = margin();
  const auto known = state_->deadlines.left(key);
  if (known && *known > due) co_return co_await Layer::do_get(key);
  Result<FoundEntry> entry = co_await Layer::do_entry(key);
  if (!entry) co_return entry.error();
  Found value;
  if (*entry) {
    const Ttl ttl = (*entry)->ttl;
    state_->deadlines.learn(key, ttl);
    value = judged(key, std::move((*entry)->value), ttl.value_or(layers::Deadlines::never), due);
  } else {
    on_missed(key);
  }
  state_->count(value);
  co_return value;
}

Probe<Values> RefreshingLayer::probe_batch_get(std::span<const std::string> keys) {
  Probe<Values> answer = Layer::probe_batch_get(keys);
  if (answer && *answer) judge_all(keys, **answer);
  return answer;
}

awaitable<Result<Values>> RefreshingLayer::do_batch_get(std::span<const std::string> keys) {
  Result<Values> values = co_await Layer::do_batch_get(keys);
  if (values) judge_all(keys, *values);
  co_return values;
}

Probe<FoundEntry> RefreshingLayer::probe_entry(std::string_view key) {
  Probe<FoundEntry> entry = Layer::probe_entry(key);
  if (entry) entry = shown(std::move(*entry));
  return entry;
}

awaitable<Result<FoundEntry>> RefreshingLayer::do_entry(std::string_view key) {
  Result<FoundEntry> entry = co_await Layer::do_entry(key);
  co_return shown(std::move(entry));
}

// -- writes --

Probe<void> RefreshingLayer::probe_add(std::string_view key, const Value& value,
                                       const AddOptions& options) {
  AddOptions changed = options;
  changed.ttl = lengthened(options.ttl);
  Probe<void> answer = Layer::probe_add(key, value, changed);
  if (answer) added(key, changed.ttl);
  return answer;
}

awaitable<Result<void>> RefreshingLayer::do_add(std::string_view key, const Value& value,
                                                const AddOptions& options) {
  AddOptions changed = options;
  changed.ttl = lengthened(options.ttl);
  Result<void> result = co_await Layer::do_add(key, value, changed);
  added(key, result ? changed.ttl : std::nullopt);
  co_return result;
}

Probe<BatchOutcome> RefreshingLayer::probe_batch_add(std::span<const BatchItem> items,
                                                     const AddOptions& options) {
  if (!capability_.synchronous) return std::nullopt;
  const std::vector<BatchItem> changed = lengthened(items, options);
  Probe<BatchOutcome> answer = Layer::probe_batch_add(changed, options);
  if (answer) added(changed);
  return answer;
}

awaitable<Result<BatchOutcome>> RefreshingLayer::do_batch_add(std::span<const BatchItem> items,
                                                              const AddOptions& options) {
  const std::vector<BatchItem> changed = lengthened(items, options);
  Result<BatchOutcome> outcome = co_await Layer::do_batch_add(changed, options);
  added(changed);
  co_return outcome;
}

Probe<bool> RefreshingLayer::probe_erase(std::string_view key) {
  Probe<bool> answer = Layer::probe_erase(key);
  if (answer) on_written(key);
  return answer;
}

awaitable<Result<bool>> RefreshingLayer::do_erase(std::string_view key) {
  Result<bool> erased = co_await Layer::do_erase(key);
  on_written(key);
  co_return erased;
}

// -- figures --

Probe<Stats> RefreshingLayer::probe_stats() {
  Probe<Stats> stats = Layer::probe_stats();
  if (stats) stats = state_->counted(std::move(*stats));
  return stats;
}

awaitable<Result<Stats>> RefreshingLayer::do_stats() {
  Result<Stats> stats = co_await Layer::do_stats();
  co_return state_->counted(std::move(stats));
}

}  // namespace semantrix
