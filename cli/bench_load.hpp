#pragma once

#include "cli/latency_histogram.hpp"
#include <semantrix/cache_store.hpp>
#include <semantrix/error.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace semantrix::cli {

/// The load that `bench` puts on a store.
struct BenchPlan {
  std::uint64_t keys = 1'000'000;
  double zipf = 0.99;
  std::uint64_t value_bytes = 256;
  std::uint64_t threads = 1;
  std::uint64_t callers = 1;  ///< Concurrent calls of each thread.
  double seconds = 10;
  double warmup = 2;   ///< Seconds before counting starts.
  std::string prefix;  ///< Of every key.
};

/// What was counted after the warm-up. An op is one get and, on a miss, the put that follows.
struct BenchCounts {
  std::uint64_t ops = 0;
  std::uint64_t hits = 0;
  std::uint64_t errors = 0;  ///< Ops that failed; they count as neither hit nor miss.
  double seconds = 0;
  LatencyHistogram latencies;  ///< Of every 16th op, so that clocks do not dominate.
  std::optional<Error> first_error;
};

/// Runs the load until its time is over or a signal arrives. `tick(elapsed, ops)` is called on the
/// calling thread ten times a second; elapsed seconds include the warm-up.
[[nodiscard]] BenchCounts run_load(CacheStore& store, const BenchPlan& plan,
                                   const std::function<void(double, std::uint64_t)>& tick);

}  // namespace semantrix::cli
