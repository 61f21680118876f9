#include "layers/outage_gate.hpp"
#include <semantrix/layers/fail_open.hpp>

#include <string>
#include <utility>

namespace semantrix {
namespace {

using Values = std::vector<std::optional<Value>>;

/// What `exit_status` calls out of reach.
constexpr int out_of_reach = 3;

enum class Meaning : std::uint8_t {
  answered,  // The store can be reached, whatever it says.
  too_much,  // It can be reached, and wants fewer calls.
  outage,    // It cannot be reached.
  untold,    // The caller gave up, or the store was closed.
};

Meaning meaning_of(ErrorCode code) noexcept {
  if (code == ErrorCode::overloaded || code == ErrorCode::throttled) return Meaning::too_much;
  if (code == ErrorCode::cancelled || code == ErrorCode::closed) return Meaning::untold;
  return exit_status(code) == out_of_reach ? Meaning::outage : Meaning::answered;
}

FailOpenOptions checked(FailOpenOptions options) {
  if (options.failures == 0 || options.retry_after.count() <= 0) {
    throw CacheError(Error(ErrorCode::invalid_argument,
                           "fail_open needs at least one failure and a positive retry_after"));
  }
  if (!options.clock) options.clock = system_clock();
  return options;
}

}  // namespace

struct FailOpenLayer::State {
  explicit State(const FailOpenOptions& options)
      : gate(options.failures, options.retry_after, options.clock) {}

  /// Whether the call may go on to the store; a closed store says itself that it is.
  [[nodiscard]] bool allow() noexcept {
    if (closed.load(std::memory_order_relaxed) || gate.allow()) return true;
    unasked.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  [[nodiscard]] Result<Stats> counted(Result<Stats> stats) const {
    const std::uint64_t times = unasked.load(std::memory_order_relaxed);
    if (stats && times != 0) stats->errors[std::string(to_string(ErrorCode::unavailable))] += times;
    return stats;
  }

  layers::OutageGate gate;
  std::atomic<bool> closed{false};
  std::atomic<std::uint64_t> unasked{0};
};

FailOpenLayer::FailOpenLayer(std::shared_ptr<CacheStore> inner, FailOpenOptions options)
    : Layer(std::move(inner)), state_(std::make_unique<State>(checked(std::move(options)))) {}
FailOpenLayer::~FailOpenLayer() = default;

bool FailOpenLayer::is_open() const noexcept { return state_->gate.is_open(); }

template <class T>
awaitable<Result<T>> FailOpenLayer::guarded(awaitable<Result<T>> call, Result<T> instead) {
  if (!state_->allow()) co_return instead;
  Result<T> result = co_await std::move(call);
  const Meaning meaning = result ? Meaning::answered : meaning_of(result.error().code());
  if (meaning == Meaning::answered) state_->gate.succeeded();
  if (meaning == Meaning::outage) state_->gate.failed();
  const bool hidden = meaning == Meaning::outage || meaning == Meaning::too_much;
  if (hidden) co_return instead;
  co_return result;
}

awaitable<Result<void>> FailOpenLayer::do_add(std::string_view key, const Value& value,
                                              const AddOptions& options) {
  return guarded<void>(Layer::do_add(key, value, options), {});
}

awaitable<Result<std::optional<Value>>> FailOpenLayer::do_get(std::string_view key) {
  return guarded<std::optional<Value>>(Layer::do_get(key), std::optional<Value>());
}

awaitable<Result<bool>> FailOpenLayer::do_erase(std::string_view key) {
  return guarded<bool>(Layer::do_erase(key), false);
}

awaitable<Result<BatchOutcome>> FailOpenLayer::do_batch_add(std::span<const BatchItem> items,
                                                            const AddOptions& options) {
  // A store tells an outage item by item, not by an error of the whole.
  auto adding = guarded<BatchOutcome>(Layer::do_batch_add(items, options), BatchOutcome());
  Result<BatchOutcome> outcome = co_await std::move(adding);
  if (!outcome || outcome->failures.empty()) co_return outcome;
  const auto is_dropped = [](const BatchOutcome::Failure& failure) {
    const Meaning meaning = meaning_of(failure.error.code());
    return meaning == Meaning::outage || meaning == Meaning::too_much;
  };
  const std::size_t dropped = std::erase_if(outcome->failures, is_dropped);
  if (dropped == items.size()) state_->gate.failed();
  co_return outcome;
}

awaitable<Result<Values>> FailOpenLayer::do_batch_get(std::span<const std::string> keys) {
  return guarded<Values>(Layer::do_batch_get(keys), Values(keys.size()));
}

awaitable<Result<std::size_t>> FailOpenLayer::do_batch_erase(std::span<const std::string> keys) {
  return guarded<std::size_t>(Layer::do_batch_erase(keys), std::size_t{0});
}

awaitable<Result<std::optional<Entry>>> FailOpenLayer::do_entry(std::string_view key) {
  return guarded<std::optional<Entry>>(Layer::do_entry(key), std::optional<Entry>());
}

Probe<Stats> FailOpenLayer::probe_stats() {
  Probe<Stats> stats = Layer::probe_stats();
  if (stats) stats = state_->counted(std::move(*stats));
  return stats;
}

awaitable<Result<Stats>> FailOpenLayer::do_stats() {
  Result<Stats> stats = co_await Layer::do_stats();
  co_return state_->counted(std::move(stats));
}

Probe<void> FailOpenLayer::probe_close() {
  state_->closed = true;
  return Layer::probe_close();
}

awaitable<Result<void>> FailOpenLayer::do_close() {
  state_->closed = true;
  return Layer::do_close();
}

}  // namespace semantrix
