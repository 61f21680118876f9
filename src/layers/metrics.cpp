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

/// One verb's. Buckets are kept apart and summed up when they are told.
struct Histogram {
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> buckets{};
  std::atomic<std::int64_t> sum_ns{0};
};

std::string seconds_text(std::int64_t nanoseconds) {
  const std::string fraction = std::to_string(nanoseconds % 1'000'000'000);
  return std::to_string(nanoseconds / 1'000'000'000) + "." + std::string(9 - fraction.size(), '0') +
         fraction;
}

}  // namespace

class MetricsLayer::Durations {
 public:
  void count(std::size_t verb, Clock::time_point since) noexcept {
    const std::int64_t took = std::chrono::nanoseconds(Clock::now() - since).count();
    const auto bound =
        std::lower_bound(bounds.begin(), bounds.end(), took,
                         [](const Bound& b, std::int64_t t) { return b.nanoseconds < t; });
    Histogram& histogram = histograms_[verb];
    const auto bucket = static_cast<std::size_t>(bound - bounds.begin());
    histogram.buckets[bucket].fetch_add(1, std::memory_order_relaxed);
    histogram.sum_ns.fetch_add(took, std::memory_order_relaxed);
  }

  void write(std::string& text, std::size_t verb, std::string_view store) const {
    constexpr std::string_view name = "semantrix_call_duration_seconds";
    const Histogram& histogram = histograms_[verb];
    const std::string labels =
        "{store=\"" + std::string(store) + "\",verb=\"" + std::string(verb_names[verb]) + "\"";
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
  std::array<Histogram, verb_names.size()> histograms_;
};

MetricsLayer::MetricsLayer(std::shared_ptr<CacheStore> inner)
    : Layer(std::move(inner)), durations_(std::make_shared<Durations>()) {}
MetricsLayer::~MetricsLayer() = default;

std::string MetricsLayer::durations_text() const {
  std::string text =
      "# HELP semantrix_call_duration_seconds How long calls took.\n"
      "# TYPE semantrix_call_duration_seconds histogram\n";
  for (std::size_t verb = 0; verb != verb_names.size(); ++verb) {
    durations_->write(text, verb, capability().store);
  }
  return text;
}

// A call that its store does not answer at once is timed whole by the coroutine that follows.

Probe<void> MetricsLayer::probe_add(std::string_view key, const Value& value,
                                    const AddOptions& options) {
  const auto since = Clock::now();
  Probe<void> answer = Layer::probe_add(key, value, options);
  if (answer) durations_->count(Verb::add, since);
  return answer;
}

Probe<std::optional<Value>> MetricsLayer::probe_get(std::string_view key) {
  const auto since = Clock::now();
  Probe<std::optional<Value>> answer = Layer::probe_get(key);
  if (answer) durations_->count(Verb::get, since);
  return answer;
}

Probe<bool> MetricsLayer::probe_erase(std::string_view key) {
  const auto since = Clock::now();
  Probe<bool> answer = Layer::probe_erase(key);
  if (answer) durations_->count(Verb::erase, since);
  return answer;
}

Probe<BatchOutcome> MetricsLayer::probe_batch_add(std::span<const BatchItem> items,
                                                  const AddOptions& options) {
  const auto since = Clock::now();
  Probe<BatchOutcome> answer = Layer::probe_batch_add(items, options);
  if (answer) durations_->count(Verb::batch_add, since);
  return answer;
}

Probe<Values> MetricsLayer::probe_batch_get(std::span<const std::string> keys) {
  const auto since = Clock::now();
  Probe<Values> answer = Layer::probe_batch_get(keys);
  if (answer) durations_->count(Verb::batch_get, since);
  return answer;
}

Probe<std::size_t> MetricsLayer::probe_batch_erase(std::span<const std::string> keys) {
  const auto since = Clock::now();
  Probe<std::size_t> answer = Layer::probe_batch_erase(keys);
  if (answer) durations_->count(Verb::batch_erase, since);
  return answer;
}

template <class T>
awaitable<Result<T>> MetricsLayer::timed(std::shared_ptr<Durations> durations, std::size_t verb,
                                         awaitable<Result<T>> call) {
  const auto since = Clock::now();
  Result<T> result = co_await std::move(call);
  durations->count(verb, since);
  co_return result;
}

awaitable<Result<void>> MetricsLayer::do_add(std::string_view key, const Value& value,
                                             const AddOptions& options) {
  return timed(durations_, Verb::add, Layer::do_add(key, value, options));
}

awaitable<Result<std::optional<Value>>> MetricsLayer::do_get(std::string_view key) {
  return timed(durations_, Verb::get, Layer::do_get(key));
}

awaitable<Result<bool>> MetricsLayer::do_erase(std::string_view key) {
  return timed(durations_, Verb::erase, Layer::do_erase(key));
}

awaitable<Result<BatchOutcome>> MetricsLayer::do_batch_add(std::span<const BatchItem> items,
                                                           const AddOptions& options) {
  return timed(durations_, Verb::batch_add, Layer::do_batch_add(items, options));
}

awaitable<Result<Values>> MetricsLayer::do_batch_get(std::span<const std::string> keys) {
  return timed(durations_, Verb::batch_get, Layer::do_batch_get(keys));
}

awaitable<Result<std::size_t>> MetricsLayer::do_batch_erase(std::span<const std::string> keys) {
  return timed(durations_, Verb::batch_erase, Layer::do_batch_erase(keys));
}

}  // namespace semantrix
