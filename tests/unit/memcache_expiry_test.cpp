#include "protocol/memcache/expiry.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace semantrix::memcache {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::system_clock;

constexpr Clock::time_point at(std::chrono::milliseconds since_1970) {
  return Clock::time_point(since_1970);
}

constexpr std::chrono::milliseconds days_ms(int count) { return std::chrono::days(count); }

constexpr Clock::time_point now = at(1'700'000'000'500ms);

TEST(MemcacheExpiry, IsTheCeilingPlusOne) {
  EXPECT_EQ(wire_seconds(1ms, now), 2);
  EXPECT_EQ(wire_seconds(500ms, now), 2);
  EXPECT_EQ(wire_seconds(999ms, now), 2);
  EXPECT_EQ(wire_seconds(1s, now), 2);
  EXPECT_EQ(wire_seconds(1001ms, now), 3);
  EXPECT_EQ(wire_seconds(60s, now), 61);
}

TEST(MemcacheExpiry, IsAPointOfTimeBeyondThirtyDays) {
  EXPECT_EQ(wire_seconds(days_ms(30) - 1s, now), 2'592'000);
  EXPECT_EQ(wire_seconds(days_ms(30) - 999ms, now), 1'700'000'001 + 2'592'001);
  EXPECT_EQ(wire_seconds(days_ms(30), now), 1'700'000'001 + 2'592'001);
  EXPECT_EQ(wire_seconds(days_ms(60), now), 1'700'000'001 + 5'184'001);
  EXPECT_EQ(wire_seconds(days_ms(60), at(1'700'000'000'000ms)), 1'700'000'000 + 5'184'001);
}

TEST(MemcacheExpiry, IsNeverForEverAndNeverGone) {
  constexpr auto longest = std::chrono::milliseconds::max();
  for (const auto when :
       {at(0ms), now, at(2'147'400'000s), at(2'147'483'647s), at(4'000'000'000s)}) {
    for (const auto ttl : {1ms, 1000ms, days_ms(29), days_ms(31), days_ms(365'000), longest}) {
      const std::int64_t seconds = wire_seconds(ttl, when);
      EXPECT_GE(seconds, 2);
      EXPECT_LE(seconds, 2'147'483'647);
      const bool relative = seconds <= 2'592'000;
      const auto today = std::chrono::ceil<std::chrono::seconds>(when.time_since_epoch()).count();
      if (!relative) {
        EXPECT_GT(seconds, today);
      }
    }
  }
}

TEST(MemcacheExpiry, EndsWithTheClockOfTheServer) {
  EXPECT_EQ(wire_seconds(days_ms(365'000), now), 2'147'483'647);
  // Where even 30 days lie beyond it, they are all that can be said.
  EXPECT_EQ(wire_seconds(days_ms(60), at(2'147'000'000s)), 2'592'000);
  EXPECT_EQ(wire_seconds(days_ms(60), at(4'000'000'000s)), 2'592'000);
  EXPECT_EQ(wire_seconds(5s, at(4'000'000'000s)), 6);
}

}  // namespace
}  // namespace semantrix::memcache
