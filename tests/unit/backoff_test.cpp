#include "net/backoff.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <random>
#include <vector>

namespace semantrix::net {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, BoundDoublesUpToTheCap) {
  const Backoff backoff{10ms, 250ms};
  const std::vector<std::chrono::milliseconds> wanted{10ms, 20ms, 40ms, 80ms, 160ms, 250ms, 250ms};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(backoff_bound(backoff, static_cast<int>(i)), wanted[i]) << i;
  }
}

TEST(Backoff, NeverOverflows) {
  constexpr int often = std::numeric_limits<int>::max();
  EXPECT_EQ(backoff_bound(reconnect_backoff, often), 5s);
  EXPECT_EQ(backoff_bound({24h, 24h}, often), 24h);
  EXPECT_EQ(backoff_bound({0ms, 250ms}, often), 0ms);
  EXPECT_EQ(backoff_bound({1ms, 24h}, often), 24h);
}

TEST(Backoff, LongRetryDelayIsItsOwnCap) {
  EXPECT_EQ(backoff_bound(retry_backoff(10ms), 10), 250ms);
  EXPECT_EQ(backoff_bound(retry_backoff(1s), 0), 1s);
  EXPECT_EQ(backoff_bound(retry_backoff(1s), 10), 1s);
}

TEST(Backoff, JitterCoversTheWholeRangeEvenly) {
  std::mt19937 random(1);
  const Backoff backoff{8ms, 250ms};
  std::vector<int> eighths(8);
  for (int i = 0; i < 8000; ++i) {
    const auto wait = full_jitter(backoff, 2, random);
    ASSERT_GE(wait, 0ns);
    ASSERT_LE(wait, 32ms);
    ++eighths[static_cast<std::size_t>(std::min<std::int64_t>(wait / 4ms, 7))];
  }
  for (const int count : eighths) EXPECT_NEAR(count, 1000, 150);
}

TEST(Backoff, NoDelayStaysNone) {
  std::mt19937 random(1);
  for (int retries = 0; retries < 20; ++retries) {
    EXPECT_EQ(full_jitter(retry_backoff(0ms), retries, random), 0ns);
  }
}

TEST(Backoff, SameSeedSameWaits) {
  std::mt19937 one(7);
  std::mt19937 other(7);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(full_jitter(reconnect_backoff, i, one), full_jitter(reconnect_backoff, i, other));
  }
}

}  // namespace
}  // namespace semantrix::net
