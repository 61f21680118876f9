#include "layers/ask_once.hpp"
#include <semantrix/layers/single_flight.hpp>

#include <string>
#include <utility>

namespace semantrix {

struct SingleFlightLayer::State {
  layers::Flights flights;
};

SingleFlightLayer::SingleFlightLayer(std::shared_ptr<CacheStore> inner)
    : Layer(std::move(inner)), state_(std::make_unique<State>()) {}
SingleFlightLayer::~SingleFlightLayer() = default;

awaitable<Result<std::optional<Value>>> SingleFlightLayer::do_get(std::string_view key) {
  const auto ask = [this, key] { return Layer::do_get(key); };
  return layers::ask_once(state_->flights, std::string(key), ask);
}

// A write is told when it has ended: whoever asks from then on must see it.

awaitable<Result<void>> SingleFlightLayer::do_add(std::string_view key, const Value& value,
                                                  const AddOptions& options) {
  auto added = co_await Layer::do_add(key, value, options);
  state_->flights.forget(std::string(key));
  co_return added;
}

awaitable<Result<bool>> SingleFlightLayer::do_erase(std::string_view key) {
  auto erased = co_await Layer::do_erase(key);
  state_->flights.forget(std::string(key));
  co_return erased;
}

awaitable<Result<BatchOutcome>> SingleFlightLayer::do_batch_add(std::span<const BatchItem> items,
                                                                const AddOptions& options) {
  auto outcome = co_await Layer::do_batch_add(items, options);
  for (const BatchItem& item : items) state_->flights.forget(item.key);
  co_return outcome;
}

awaitable<Result<std::size_t>> SingleFlightLayer::do_batch_erase(
    std::span<const std::string> keys) {
  auto erased = co_await Layer::do_batch_erase(keys);
  for (const std::string& key : keys) state_->flights.forget(key);
  co_return erased;
}

awaitable<Result<std::size_t>> SingleFlightLayer::do_clear(const ClearOptions& options) {
  auto cleared = co_await Layer::do_clear(options);
  state_->flights.forget_all();
  co_return cleared;
}

awaitable<Result<std::size_t>> SingleFlightLayer::do_invalidate_tag(std::string_view tag) {
  auto removed = co_await Layer::do_invalidate_tag(tag);
  state_->flights.forget_all();
  co_return removed;
}

awaitable<Result<std::size_t>> SingleFlightLayer::do_invalidate_prefix(std::string_view prefix) {
  auto removed = co_await Layer::do_invalidate_prefix(prefix);
  state_->flights.forget_all();
  co_return removed;
}

}  // namespace semantrix
