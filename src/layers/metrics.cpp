#include <semantrix/layers/metrics.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

namespace semantrix {
namespace {

using Clock = std::chrono::steady_clock;
using Values = std::vector<std::optional<Value>>;

enum Verb : std::size_t { get, add, erase, batch_get, batch_add, batch_erase };
constexpr std::array<std::string_view, 6> verb_names{"get_exact", "add",       "erase",
                                                     "batch_get", "batch_add", "batch_erase"};

/// Upper bounds of the buckets, from memory to a slow network; the last has none.
struct Bound {
  std::int64_t nanoseconds;
  std::string_view seconds;
};
constexpr std::array bounds{
    Bound{500, "5e-07"},        Bound{1'000, "1e-06"},     Bound{2'500, "2.5e-06"},
    Bound{10'000, "1e-05"},     Bound{50'000, "5e-05"},    Bound{100'000, "0.0001"},
    Bound{250'000, "0.00025"},  Bound{500'000, "0.0005"},  Bound{1'000'000, "0.001"},
    Bound{2'500'000, "0.0025"}, Bound{5'000'000, "0.005"}, Bound{10'000'000, "0.01"},
    Bound{25'000'000, "0.025"}, Bound{50'000'000, "0.05"}, Bound{100'000'000, "0.1"},
    Bound{500'000'000, "0.5"},  Bound{1'000'000'000, "1"}, Bound{5'000'000'000, "5"},
};

/// Two clock readings cost as much as a hit in memory. Of the calls that are answered at once the
/// first are timed, then one in sixteen, by chance, which stands for all of them.
constexpr std::uint64_t all_timed = 1000;
constexpr std::uint32_t weight_of_one = 16;

/// Whether it is this call's turn, of those of this thread.
bool is_drawn() noexcept {
  thread_local constinit std::uint32_t left = 1;
  thread_local constinit std::uint32_t random = 2463534242U;  // Marsaglia's xorshift
  if (--left != 0) return false;
  random ^= random << 13U;
  random ^= random >> 17U;
  random ^= random << 5U;
  left = 1 + (random >> 8U) % (2 * weight_of_one - 1);  // sixteen on average
  return true;
}

/// When a call began, and how many it stands for; 0: it is not timed.
struct Turn {
  Clock::time_point since;
  std::uint32_t weight = 0;
};

/// One verb's. Buckets are kept apart and summed up when they are told.
struct Histogram {
  std::atomic<std::uint64_t> answered{0};  // at once, up to `all_timed`
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> buckets{};
  std::atomic<std::int64_t> sum_ns{0};
};

// Of the keys, how many had a value, or have one now.
std::size_t found(const std::optional<Value>& value) noexcept { return value ? 1 : 0; }
std::size_t found(bool erased) noexcept { return erased ? 1 : 0; }
std::size_t found(std::size_t erased) noexcept { return erased; }
std::size_t found(const BatchOutcome& outcome) noexcept { return outcome.stored; }
std::size_t found(const Values& values) noexcept {
  const auto has_value = [](const std::optional<Value>& value) { return value.has_value(); };
  return static_cast<std::size_t>(std::count_if(values.begin(), values.end(), has_value));
}

std::size_t found_in(const Result<void>& result) noexcept { return result ? 1 : 0; }
template <class T>
std::size_t found_in(const Result<T>& result) noexcept {
  return result ? found(*result) : 0;
}

std::string seconds_text(std::int64_t nanoseconds) {
  const std::string fraction = std::to_string(nanoseconds % 1'000'000'000);
  return std::to_string(nanoseconds / 1'000'000'000) + "." + std::string(9 - fraction.size(), '0') +
         fraction;
}

}  // namespace

/// One on its way.
struct MetricsLayer::Call {
  std::size_t verb;
  std::size_t keys;
  Clock::time_point since;
  std::shared_ptr<void> begun;
};

class MetricsLayer::Calls {
 public:
  Calls(std::string_view store, std::shared_ptr<CallObserver> observer)
      : store_(store), observer_(std::move(observer)) {}

  [[nodiscard]] Call begins(std::size_t verb, std::size_t keys) {
    std::shared_ptr<void> begun;
    if (observer_) begun = observer_->begins(verb_names[verb]);
    return {verb, keys, Clock::now(), std::move(begun)};
  }

  template <class T>
  void ended(const Call& call, const Result<T>& result) {
    ended(call, 1, result);
  }

  [[nodiscard]] Turn turn(std::size_t verb) noexcept {
    if (observer_) return {Clock::now(), 1};
    std::atomic<std::uint64_t>& answered = histograms_[verb].answered;
    if (answered.load(std::memory_order_relaxed) < all_timed) {
      answered.fetch_add(1, std::memory_order_relaxed);
      return {Clock::now(), 1};
    }
    if (!is_drawn()) return {};
    return {Clock::now(), weight_of_one};
  }

  /// The same of a call that was answered at once.
  template <class T>
  void answered(std::size_t verb, std::size_t keys, const Turn& turn, const Result<T>& result) {
    if (turn.weight == 0) return;
    Call call{verb, keys, turn.since, nullptr};
    if (observer_) call.begun = observer_->begins(verb_names[verb]);
    ended(call, turn.weight, result);
  }

  void write(std::string& text, std::size_t verb) const {
    constexpr std::string_view name = "semantrix_call_duration_seconds";
    const Histogram& histogram = histograms_[verb];
    const std::string labels =
        "{store=\"" + store_ + "\",verb=\"" + std::string(verb_names[verb]) + "\"";
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i != histogram.buckets.size(); ++i) {
      sum += histogram.buckets[i].load(std::memory_order_relaxed);
      const std::string_view bound = i < bounds.size() ? bounds[i].seconds : "+Inf";
      text.append(name).append("_bucket").append(labels).append(",le=\"").append(bound);
      text.append("\"} ").append(std::to_string(sum)).append("\n");
    }
    text.append(name).append("_sum").append(labels).append("} ");
    text.append(seconds_text(histogram.sum_ns.load(std::memory_order_relaxed))).append("\n");
    text.append(name).append("_count").append(labels).append("} ");
    text.append(std::to_string(sum)).append("\n");
  }

 private:
  template <class T>
  void ended(const Call& call, std::uint32_t weight, const Result<T>& result) {
    const std::chrono::nanoseconds took = Clock::now() - call.since;
    count(call.verb, took, weight);
    if (!observer_) return;
    const std::optional<Error> error = result ? std::nullopt : std::optional(result.error());
    tell(call, took, found_in(result), error ? &*error : nullptr);
  }

  void count(std::size_t verb, std::chrono::nanoseconds took, std::uint32_t weight) noexcept {
    const auto bound =
        std::lower_bound(bounds.begin(), bounds.end(), took.count(),
                         [](const Bound& b, std::int64_t t) { return b.nanoseconds < t; });
    Histogram& histogram = histograms_[verb];
    const auto bucket = static_cast<std::size_t>(bound - bounds.begin());
    histogram.buckets[bucket].fetch_add(weight, std::memory_order_relaxed);
    histogram.sum_ns.fetch_add(took.count() * weight, std::memory_order_relaxed);
  }

  void tell(const Call& call, std::chrono::nanoseconds took, std::size_t found,
            const Error* error) noexcept {
    using System = std::chrono::system_clock;
    const CallRecord record{
        .store = store_,
        .verb = verb_names[call.verb],
        .started = System::now() - std::chrono::duration_cast<System::duration>(took),
        .duration = took,
        .keys = call.keys,
        .found = found,
        .error = error};
    observer_->ended(record, call.begun);
  }

  const std::string store_;
  const std::shared_ptr<CallObserver> observer_;
  std::array<Histogram, verb_names.size()> histograms_;
};

std::shared_ptr<void> CallObserver::begins(std::string_view /*verb*/) noexcept { return nullptr; }

MetricsLayer::MetricsLayer(std::shared_ptr<CacheStore> inner,
                           std::shared_ptr<CallObserver> observer)
    : Layer(std::move(inner)),
      calls_(std::make_shared<Calls>(Layer::capability().store, std::move(observer))) {}
MetricsLayer::~MetricsLayer() = default;

std::string MetricsLayer::durations_text() const {
  std::string text =
      "# HELP semantrix_call_duration_seconds How long calls took.\n"
      "# TYPE semantrix_call_duration_seconds histogram\n";
  for (std::size_t verb = 0; verb != verb_names.size(); ++verb) calls_->write(text, verb);
  return text;
}

// A call that its store does not answer at once is timed whole by the coroutine that follows.

Probe<void> MetricsLayer::probe_add(std::string_view key, const Value& value,
                                    const AddOptions& options) {
  const Turn turn = calls_->turn(Verb::add);
  Probe<void> answer = Layer::probe_add(key, value, options);
  if (answer) calls_->answered(Verb::add, 1, turn, *answer);
  return answer;
}

Probe<std::optional<Value>> MetricsLayer::probe_get(std::string_view key) {
  const Turn turn = calls_->turn(Verb::get);
  Probe<std::optional<Value>> answer = Layer::probe_get(key);
  if (answer) calls_->answered(Verb::get, 1, turn, *answer);
  return answer;
}

Probe<bool> MetricsLayer::probe_erase(std::string_view key) {
  const Turn turn = calls_->turn(Verb::erase);
  Probe<bool> answer = Layer::probe_erase(key);
  if (answer) calls_->answered(Verb::erase, 1, turn, *answer);
  return answer;
}

Probe<BatchOutcome> MetricsLayer::probe_batch_add(std::span<const BatchItem> items,
                                                  const AddOptions& options) {
  const Turn turn = calls_->turn(Verb::batch_add);
  Probe<BatchOutcome> answer = Layer::probe_batch_add(items, options);
  if (answer) calls_->answered(Verb::batch_add, items.size(), turn, *answer);
  return answer;
}

Probe<Values> MetricsLayer::probe_batch_get(std::span<const std::string> keys) {
  const Turn turn = calls_->turn(Verb::batch_get);
  Probe<Values> answer = Layer::probe_batch_get(keys);
  if (answer) calls_->answered(Verb::batch_get, keys.size(), turn, *answer);
  return answer;
}

Probe<std::size_t> MetricsLayer::probe_batch_erase(std::span<const std::string> keys) {
  const Turn turn = calls_->turn(Verb::batch_erase);
  Probe<std::size_t> answer = Layer::probe_batch_erase(keys);
  if (answer) calls_->answered(Verb::batch_erase, keys.size(), turn, *answer);
  return answer;
}

template <class T>
awaitable<Result<T>> MetricsLayer::timed(std::shared_ptr<Calls> calls, Call call,
                                         awaitable<Result<T>> work) {
  Result<T> result = co_await std::move(work);
  calls->ended(call, result);
  co_return result;
}

awaitable<Result<void>> MetricsLayer::do_add(std::string_view key, const Value& value,
                                             const AddOptions& options) {
  return timed(calls_, calls_->begins(Verb::add, 1), Layer::do_add(key, value, options));
}

awaitable<Result<std::optional<Value>>> MetricsLayer::do_get(std::string_view key) {
  return timed(calls_, calls_->begins(Verb::get, 1), Layer::do_get(key));
}

awaitable<Result<bool>> MetricsLayer::do_erase(std::string_view key) {
  return timed(calls_, calls_->begins(Verb::erase, 1), Layer::do_erase(key));
}

awaitable<Result<BatchOutcome>> MetricsLayer::do_batch_add(std::span<const BatchItem> items,
                                                           const AddOptions& options) {
  return timed(calls_, calls_->begins(Verb::batch_add, items.size()),
               Layer::do_batch_add(items, options));
}

awaitable<Result<Values>> MetricsLayer::do_batch_get(std::span<const std::string> keys) {
  return timed(calls_, calls_->begins(Verb::batch_get, keys.size()), Layer::do_batch_get(keys));
}

awaitable<Result<std::size_t>> MetricsLayer::do_batch_erase(std::span<const std::string> keys) {
  return timed(calls_, calls_->begins(Verb::batch_erase, keys.size()), Layer::do_batch_erase(keys));
}

}  // namespace semantrix
