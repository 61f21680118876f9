#include <semantrix/memory_cache.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix {
namespace {

using std::chrono::milliseconds;
using namespace std::string_literals;

class MemoryExpiry : public ::testing::Test {
 protected:
  [[nodiscard]] MemoryOptions options() const {
    MemoryOptions made;
    made.clock = clock_;
    return made;
  }
  void pass(int ms) { clock_->advance(milliseconds(ms)); }

  std::shared_ptr<testing::FakeClock> clock_ = std::make_shared<testing::FakeClock>();
};

TEST_F(MemoryExpiry, IsExactToTheMillisecond) {
  MemoryCache cache(options());
  for (const int ttl : {1, 7, 16, 1000, 100'000}) {
    cache.add("key", "value", {.ttl = milliseconds(ttl)}).value();
    pass(ttl - 1);
    EXPECT_TRUE(cache.get("key"));
    EXPECT_EQ(cache.entry("key")->ttl, milliseconds(1));
    EXPECT_EQ(cache.size(), 1U);
    pass(1);
    EXPECT_FALSE(cache.peek("key"));
    EXPECT_FALSE(cache.entry("key"));
    EXPECT_FALSE(cache.get("key"));
  }
}

TEST_F(MemoryExpiry, IsSeenBySizeAtOnce) {
  MemoryCache cache(options());
  for (int i = 0; i < 3000; ++i) {
    cache.add("key" + std::to_string(i), "v", {.ttl = milliseconds(i % 2 == 0 ? 5 : 9)}).value();
  }
  pass(4);
  EXPECT_EQ(cache.size(), 3000U);
  pass(1);
  EXPECT_EQ(cache.size(), 1500U);
  pass(4);
  EXPECT_EQ(cache.size(), 0U);
  EXPECT_EQ(cache.stats().expirations, 3000U);
}

TEST_F(MemoryExpiry, HidesFromEveryVerb) {
  MemoryCache cache(options());
  const std::vector<std::string_view> tags{"tag"};
  cache.add("key", "value", {.ttl = milliseconds(10), .tags = tags}).value();
  pass(10);
  EXPECT_TRUE(cache.keys().empty());
  int visits = 0;
  cache.for_each([&](std::string_view, const MemoryEntry&) { return ++visits > 0; });
  EXPECT_EQ(visits, 0);
  EXPECT_EQ(cache.invalidate_tag("tag"), 0U);
  cache.add("key", "value", {.ttl = milliseconds(10)}).value();
  pass(10);
  EXPECT_EQ(cache.clear(), 0U);
  cache.add("key", "value", {.ttl = milliseconds(10)}).value();
  pass(10);
  EXPECT_FALSE(cache.erase("key"));
  EXPECT_EQ(cache.stats().expirations, 3U);
}

// Time passes while a visitor works.
TEST_F(MemoryExpiry, IsNoticedBetweenTwoVisits) {
  MemoryCache cache(options());
  cache.add("one", "1", {.ttl = milliseconds(10)}).value();
  cache.add("two", "2", {.ttl = milliseconds(10)}).value();
  int visits = 0;
  cache.for_each([&](std::string_view, const MemoryEntry&) {
    pass(10);
    return ++visits > 0;
  });
  EXPECT_EQ(visits, 1);
}

TEST_F(MemoryExpiry, ReplacingSetsANewTtl) {
  MemoryCache cache(options());
  cache.add("key", "1", {.ttl = milliseconds(10)}).value();
  cache.add("key", "2", {.ttl = milliseconds(100)}).value();
  pass(50);
  EXPECT_TRUE(cache.get("key"));
  cache.add("key", "3").value();
  pass(1'000'000);
  EXPECT_TRUE(cache.get("key"));
  cache.add("key", "4", {.ttl = milliseconds(10)}).value();
  pass(10);
  EXPECT_FALSE(cache.get("key"));
}

TEST_F(MemoryExpiry, DefaultTtlIsForAddsWithoutOne) {
  MemoryOptions made = options();
  made.default_ttl = milliseconds(100);
  MemoryCache cache(made);
  cache.add("default", "d").value();
  cache.add("own", "o", {.ttl = milliseconds(200)}).value();
  EXPECT_EQ(cache.entry("default")->ttl, milliseconds(100));
  EXPECT_EQ(cache.entry("own")->ttl, milliseconds(200));
  pass(100);
  EXPECT_EQ(cache.keys(), std::vector{"own"s});
}

TEST_F(MemoryExpiry, LongestTtlIsAThousandYears) {
  MemoryCache cache(options());
  const milliseconds longest = std::chrono::hours(24 * 365 * 1000);
  cache.add("key", "value", {.ttl = longest}).value();
  clock_->advance(longest - milliseconds(1));
  EXPECT_EQ(cache.size(), 1U);
  EXPECT_TRUE(cache.get("key"));
  pass(1);
  EXPECT_FALSE(cache.get("key"));
}

TEST_F(MemoryExpiry, TimeToIdleCountsFromTheLastUse) {
  MemoryOptions made = options();
  made.time_to_idle = milliseconds(100);
  MemoryCache cache(made);
  cache.add("read", "r").value();
  cache.add("idle", "i").value();
  for (int i = 0; i < 10; ++i) {
    pass(60);
    EXPECT_TRUE(cache.get("read"));
    EXPECT_EQ(cache.peek("idle").has_value(), i == 0);  // a peek is no use
  }
  EXPECT_EQ(cache.size(), 1U);
  pass(99);
  EXPECT_EQ(cache.size(), 1U);
  pass(1);
  EXPECT_EQ(cache.size(), 0U);
  EXPECT_EQ(cache.stats().expirations, 2U);
}

TEST_F(MemoryExpiry, TimeToIdleDoesNotOutliveATtl) {
  MemoryOptions made = options();
  made.time_to_idle = milliseconds(100);
  MemoryCache cache(made);
  cache.add("key", "value", {.ttl = milliseconds(150)}).value();
  pass(80);
  EXPECT_TRUE(cache.get("key"));
  pass(69);
  EXPECT_TRUE(cache.get("key"));
  pass(1);
  EXPECT_FALSE(cache.get("key"));
}

TEST_F(MemoryExpiry, LeavesBeforeWhatIsAlive) {
  MemoryOptions made = options();
  made.max_size = 3;
  made.eviction_policy = EvictionPolicy::lru;
  MemoryCache cache(made);
  cache.add("old", "o").value();
  cache.add("alive", "a").value();
  cache.add("hot", "h", {.ttl = milliseconds(5)}).value();
  pass(5);
  cache.add("new", "n").value();
  EXPECT_EQ(cache.keys(), (std::vector{"old"s, "alive"s, "new"s}));
  EXPECT_EQ(cache.stats().evictions, 0U);
  EXPECT_EQ(cache.stats().expirations, 1U);
}

TEST_F(MemoryExpiry, LeavesBeforeWhatIsAliveInAResize) {
  MemoryOptions made = options();
  made.eviction_policy = EvictionPolicy::lru;
  MemoryCache cache(made);
  cache.add("old", "o").value();
  cache.add("hot", "h", {.ttl = milliseconds(5)}).value();
  pass(5);
  cache.resize(1).value();
  EXPECT_EQ(cache.keys(), std::vector{"old"s});
}

TEST_F(MemoryExpiry, ExpireSaysHowMany) {
  MemoryCache cache(options());
  for (int i = 0; i < 2500; ++i) {
    cache.add("key" + std::to_string(i), "v", {.ttl = milliseconds(1 + i % 5 * 100)}).value();
  }
  pass(101);
  EXPECT_EQ(cache.expire(), 1000U);
  EXPECT_EQ(cache.expire(), 0U);
  pass(1000);
  EXPECT_EQ(cache.expire(), 1500U);
}

TEST(MemoryExpiryByTheMachinesClock, IsExactToo) {
  MemoryCache cache;
  const auto before = system_clock()->steady_now();
  cache.add("short", "s", {.ttl = milliseconds(30)}).value();
  cache.add("long", "l", {.ttl = milliseconds(3'600'000)}).value();
  while (cache.get("short")) {
    ASSERT_LT(system_clock()->steady_now() - before, milliseconds(30'000));
  }
  EXPECT_GE(system_clock()->steady_now() - before, milliseconds(28));
  EXPECT_TRUE(cache.get("long"));
}

}  // namespace
}  // namespace semantrix
