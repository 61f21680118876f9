#include "cli/latency_histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace semantrix::cli {
namespace {

using std::chrono::nanoseconds;

TEST(LatencyHistogram, IsZeroWithoutRecords) {
  const LatencyHistogram latencies;
  EXPECT_EQ(latencies.count(), 0U);
  EXPECT_EQ(latencies.percentile(0.5), 0);
}

TEST(LatencyHistogram, IsExactBelow128Nanoseconds) {
  for (int ns = 0; ns < 128; ++ns) {
    LatencyHistogram latencies;
    latencies.record(nanoseconds(ns));
    EXPECT_EQ(latencies.percentile(0), ns);
    EXPECT_EQ(latencies.percentile(1), ns);
  }
}

TEST(LatencyHistogram, IsWithinOneIn64OfEveryLatency) {
  for (std::int64_t ns = 1; ns < std::numeric_limits<std::int64_t>::max() / 3; ns += ns / 7 + 1) {
    LatencyHistogram latencies;
    latencies.record(nanoseconds(ns));
    const double reported = latencies.percentile(0.5);
    EXPECT_NEAR(reported, static_cast<double>(ns), static_cast<double>(ns) / 64) << ns;
  }
}

TEST(LatencyHistogram, TakesExtremes) {
  LatencyHistogram latencies;
  latencies.record(nanoseconds(-5));
  latencies.record(nanoseconds::max());
  EXPECT_EQ(latencies.count(), 2U);
  EXPECT_EQ(latencies.percentile(0.5), 0);
  EXPECT_NEAR(latencies.percentile(1), 9.2e18, 0.2e18);
}

TEST(LatencyHistogram, FindsPercentilesByRank) {
  LatencyHistogram latencies;
  for (int ns = 1; ns <= 100; ++ns) latencies.record(nanoseconds(ns));
  EXPECT_EQ(latencies.percentile(0), 1);
  EXPECT_EQ(latencies.percentile(0.01), 1);
  EXPECT_EQ(latencies.percentile(0.5), 50);
  EXPECT_EQ(latencies.percentile(0.99), 99);
  EXPECT_EQ(latencies.percentile(0.999), 100);
  EXPECT_EQ(latencies.percentile(1), 100);
  EXPECT_EQ(latencies.percentile(7), 100);
  EXPECT_EQ(latencies.percentile(-1), 1);
}

TEST(LatencyHistogram, AgreesWithSortedLatencies) {
  std::mt19937_64 random(42);
  std::lognormal_distribution<double> draw(8, 2);
  std::vector<double> sorted;
  LatencyHistogram latencies;
  for (int count = 0; count < 10'000; ++count) {
    const double ns = std::floor(draw(random));
    sorted.push_back(ns);
    latencies.record(nanoseconds(static_cast<std::int64_t>(ns)));
  }
  std::ranges::sort(sorted);
  for (const double share : {0.01, 0.1, 0.5, 0.9, 0.99, 0.999}) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * 10'000)) - 1;
    EXPECT_NEAR(latencies.percentile(share), sorted[rank], sorted[rank] / 64 + 1) << share;
  }
}

TEST(LatencyHistogram, MergesThreads) {
  LatencyHistogram fast;
  LatencyHistogram slow;
  for (int count = 0; count < 90; ++count) fast.record(nanoseconds(10));
  for (int count = 0; count < 10; ++count) slow.record(nanoseconds(100));
  fast.merge(slow);
  EXPECT_EQ(fast.count(), 100U);
  EXPECT_EQ(fast.percentile(0.9), 10);
  EXPECT_EQ(fast.percentile(0.91), 100);
}

}  // namespace
}  // namespace semantrix::cli
