#include "layers/stripes.hpp"
#include <semantrix/layers/negative_cache.hpp>
#include <semantrix/memory_cache.hpp>

#include <atomic>
#include <utility>

namespace semantrix {
namespace {

MemoryOptions memory_options(const NegativeCacheOptions& options) {
  MemoryOptions memory;
  memory.max_size = options.max_size;
  memory.eviction_policy = EvictionPolicy::lru;
  memory.default_ttl = options.ttl;
  memory.clock = options.clock;
  return memory;
}

}  // namespace

struct NegativeCacheLayer::State {
  explicit State(const NegativeCacheOptions& options) : missing(memory_options(options)) {}

  void forget(std::string_view key) {
    stripes.written(key, [&] { missing.erase(key); });
  }
  [[nodiscard]] Result<Stats> counted(Result<Stats> stats) const {
    if (stats) stats->misses += answered.load(std::memory_order_relaxed);
    return stats;
  }

  layers::Stripes stripes;
  MemoryCache missing;  // keys alone
  std::atomic<bool> closed{false};
  std::atomic<std::uint64_t> answered{0};
};

NegativeCacheLayer::NegativeCacheLayer(std::shared_ptr<CacheStore> inner,
                                       const NegativeCacheOptions& options)
    : Layer(std::move(inner)), state_(std::make_unique<State>(options)) {}
NegativeCacheLayer::~NegativeCacheLayer() = default;

Probe<std::optional<Value>> NegativeCacheLayer::probe_get(std::string_view key) {
  Probe<std::optional<Value>> answer = Layer::probe_get(key);
  if (answer || state_->closed.load(std::memory_order_relaxed)) return answer;
  if (!state_->missing.get(key)) return answer;
  state_->answered.fetch_add(1, std::memory_order_relaxed);
  return Result<std::optional<Value>>(std::optional<Value>());
}

awaitable<Result<std::optional<Value>>> NegativeCacheLayer::do_get(std::string_view key) {
  const layers::Stripes::Ticket ticket = state_->stripes.ticket(key);
  Result<std::optional<Value>> found = co_await Layer::do_get(key);
  if (found && !*found) {
    auto remember = [this, key] { static_cast<void>(state_->missing.add(key, {})); };
    state_->stripes.keep_if_unwritten(key, ticket, remember);
  }
  co_return found;
}

awaitable<Result<void>> NegativeCacheLayer::do_add(std::string_view key, const Value& value,
                                                   const AddOptions& options) {
  state_->forget(key);
  Result<void> added = co_await Layer::do_add(key, value, options);
  state_->forget(key);
  co_return added;
}

awaitable<Result<BatchOutcome>> NegativeCacheLayer::do_batch_add(std::span<const BatchItem> items,
                                                                 const AddOptions& options) {
  for (const BatchItem& item : items) state_->forget(item.key);
  Result<BatchOutcome> outcome = co_await Layer::do_batch_add(items, options);
  for (const BatchItem& item : items) state_->forget(item.key);
  co_return outcome;
}

Probe<Stats> NegativeCacheLayer::probe_stats() {
  Probe<Stats> stats = Layer::probe_stats();
  if (stats) stats = state_->counted(std::move(*stats));
  return stats;
}

awaitable<Result<Stats>> NegativeCacheLayer::do_stats() {
  Result<Stats> stats = co_await Layer::do_stats();
  co_return state_->counted(std::move(stats));
}

Probe<void> NegativeCacheLayer::probe_close() {
  state_->closed = true;
  return Layer::probe_close();
}

awaitable<Result<void>> NegativeCacheLayer::do_close() {
  state_->closed = true;
  return Layer::do_close();
}

}  // namespace semantrix
