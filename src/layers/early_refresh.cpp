#include "layers/deadlines.hpp"
#include "layers/random.hpp"
#include <semantrix/layers/early_refresh.hpp>

#include <atomic>
#include <cmath>
#include <utility>

namespace semantrix {

using std::chrono::milliseconds;

namespace {

const EarlyRefreshOptions& checked(const EarlyRefreshOptions& options) {
  if (!(options.beta > 0) || !std::isfinite(options.beta) || options.compute_time.count() <= 0) {
    throw CacheError(Error(ErrorCode::invalid_argument, "early_refresh must be positive",
                           "1 is right for most; 2 refreshes twice as early"));
  }
  return options;
}

}  // namespace

/// How long it takes from a miss to the add of its key.
class EarlyRefreshLayer::ComputeTimes {
 public:
  explicit ComputeTimes(const EarlyRefreshOptions& options)
      : mean_ms_(static_cast<double>(options.compute_time.count())),
        begun_(options.max_keys, options.clock) {}

  [[nodiscard]] double mean_ms() const noexcept { return mean_ms_.load(std::memory_order_relaxed); }

  void began(std::string_view key) { begun_.learn(key, longest); }

  void ended(std::string_view key) {
    const auto left = begun_.left(key);
    if (!left || !begun_.forget(key)) return;
    // Of two threads that end at once one sample may be lost.
    const auto took = static_cast<double>((longest - *left).count());
    const double mean = mean_ms();
    mean_ms_.store(mean + weight * (took - mean), std::memory_order_relaxed);
  }

 private:
  static constexpr double weight = 0.2;
  /// A computation that takes longer has been given up.
  static constexpr milliseconds longest = std::chrono::minutes(10);

  std::atomic<double> mean_ms_;
  layers::Deadlines begun_;
};

EarlyRefreshLayer::EarlyRefreshLayer(std::shared_ptr<CacheStore> inner,
                                     const EarlyRefreshOptions& options)
    : RefreshingLayer(std::move(inner),
                      Terms{milliseconds(0), std::nullopt, options.max_keys, options.clock}),
      beta_(checked(options).beta),
      random_(options.random ? options.random : layers::random_share),
      times_(std::make_unique<ComputeTimes>(options)) {}
EarlyRefreshLayer::~EarlyRefreshLayer() = default;

milliseconds EarlyRefreshLayer::compute_time() const noexcept {
  return milliseconds(std::llround(times_->mean_ms()));
}

milliseconds EarlyRefreshLayer::margin() {
  // 1 - random lies in (0, 1]: the logarithm is finite.
  const double ahead = times_->mean_ms() * beta_ * -std::log(1 - random_());
  return milliseconds(static_cast<milliseconds::rep>(std::min(ahead, 1e15)));
}

bool EarlyRefreshLayer::must_refresh(std::string_view /*key*/) { return true; }

void EarlyRefreshLayer::on_missed(std::string_view key) { times_->began(key); }

void EarlyRefreshLayer::on_written(std::string_view key) { times_->ended(key); }

}  // namespace semantrix
