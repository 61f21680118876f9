#include "layers/refreshing_state.hpp"

#include <utility>

namespace semantrix {

using std::chrono::milliseconds;
using Values = std::vector<std::optional<Value>>;
using Found = std::optional<Value>;
using FoundEntry = std::optional<Entry>;

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
  if (!entry) return entry;
  return shown(std::move(*entry));
}

awaitable<Result<FoundEntry>> RefreshingLayer::do_entry(std::string_view key) {
  Result<FoundEntry> entry = co_await Layer::do_entry(key);
  co_return shown(std::move(entry));
}

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
