#include "layers/random.hpp"
#include <semantrix/layers/ttl_jitter.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace semantrix {

TtlJitterLayer::TtlJitterLayer(std::shared_ptr<CacheStore> inner, TtlJitterOptions options)
    : Layer(std::move(inner)), options_(std::move(options)) {
  if (!(options_.fraction >= 0 && options_.fraction < 1)) {
    throw CacheError(Error(ErrorCode::invalid_argument,
                           "ttl_jitter must be at least 0 and less than 1",
                           "0.1 takes up to a tenth off each ttl"));
  }
  if (!options_.random) options_.random = layers::random_share;
}

TtlJitterLayer::Ttl TtlJitterLayer::shortened(Ttl ttl) const {
  if (!ttl) return ttl;
  const auto count = static_cast<double>(ttl->count());
  const double off = std::floor(count * options_.fraction * options_.random());
  return std::max(std::chrono::milliseconds(1),
                  *ttl - std::chrono::milliseconds(static_cast<std::int64_t>(off)));
}

std::vector<BatchItem> TtlJitterLayer::shortened(std::span<const BatchItem> items,
                                                 const AddOptions& options) const {
  std::vector<BatchItem> changed(items.begin(), items.end());
  for (BatchItem& item : changed) item.ttl = shortened(item.ttl ? item.ttl : options.ttl);
  return changed;
}

Probe<void> TtlJitterLayer::probe_add(std::string_view key, const Value& value,
                                      const AddOptions& options) {
  AddOptions changed = options;
  changed.ttl = shortened(options.ttl);
  return Layer::probe_add(key, value, changed);
}

awaitable<Result<void>> TtlJitterLayer::do_add(std::string_view key, const Value& value,
                                               const AddOptions& options) {
  AddOptions changed = options;
  changed.ttl = shortened(options.ttl);
  co_return co_await Layer::do_add(key, value, changed);
}

Probe<BatchOutcome> TtlJitterLayer::probe_batch_add(std::span<const BatchItem> items,
                                                    const AddOptions& options) {
  if (!capability().synchronous) return std::nullopt;
  return Layer::probe_batch_add(shortened(items, options), options);
}

awaitable<Result<BatchOutcome>> TtlJitterLayer::do_batch_add(std::span<const BatchItem> items,
                                                             const AddOptions& options) {
  const std::vector<BatchItem> changed = shortened(items, options);
  co_return co_await Layer::do_batch_add(changed, options);
}

}  // namespace semantrix
