#pragma once

#include <semantrix/layers/refreshing.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace semantrix {

struct EarlyRefreshOptions {
  /// Above 1 refreshes earlier, below 1 later. Positive. Default 1, which the paper shows to be
  /// best.
  double beta = 1;
  /// How long a computation takes, until some have been seen. Positive. Default 1 s.
  std::chrono::milliseconds compute_time{1'000};
  /// Over a network: how many keys' remaining ttls are remembered. Default 10,000.
  std::size_t max_keys = 10'000;
  /// Numbers in [0, 1), for tests. Default: a generator for each thread.
  std::function<double()> random = {};
  /// Null (the default): the machine's clocks.
  std::shared_ptr<const Clock> clock = nullptr;
};

/// Has a value computed anew a little before it expires, by one caller at random, so that it never
/// expires for many at once.
///
/// With each `get_exact` a caller throws a die: the nearer the end, and the longer a computation
/// takes, the likelier the answer is a miss, which its caller fills as any other. All the others
/// get the value. Nobody coordinates, so that it works across processes as well. A key that is
/// asked for rarely expires as ever. How long a computation takes is measured, from a miss to the
/// add of its key, as a moving mean over all keys.
///
/// The rule: refresh when `compute time × beta × -ln(random)` exceeds the remaining ttl (Vattani,
/// Chierichetti and Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", VLDB 2015).
/// Cost: a random number, a logarithm and what `RefreshingLayer` says. Throws
/// `CacheError(invalid_argument)` for a number that is not positive. Thread-safe.
class EarlyRefreshLayer final : public RefreshingLayer {
 public:
  explicit EarlyRefreshLayer(std::shared_ptr<CacheStore> inner,
                             const EarlyRefreshOptions& options = {});
  ~EarlyRefreshLayer() override;

  /// The mean of the computations seen; before the first, `EarlyRefreshOptions::compute_time`.
  [[nodiscard]] std::chrono::milliseconds compute_time() const noexcept;

 protected:
  [[nodiscard]] std::chrono::milliseconds margin() override;
  [[nodiscard]] bool must_refresh(std::string_view key) override;
  void on_missed(std::string_view key) override;
  void on_written(std::string_view key) override;

 private:
  class ComputeTimes;
  const double beta_;
  const std::function<double()> random_;
  const std::unique_ptr<ComputeTimes> times_;
};

}  // namespace semantrix
