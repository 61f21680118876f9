#include <semantrix/memory_cache.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace semantrix {
namespace {

using std::chrono::milliseconds;

TEST(MemoryCompute, ComputesOnAMissAlone) {
  MemoryCache cache;
  int computed = 0;
  const auto compute = [&] { return Value(std::to_string(++computed)); };
  EXPECT_EQ(cache.get_or_compute("key", compute).view(), "1");
  EXPECT_EQ(cache.get_or_compute("key", compute).view(), "1");
  cache.erase("key");
  EXPECT_EQ(cache.get_or_compute("key", compute).view(), "2");
  EXPECT_EQ(cache.stats().hits, 1U);
  EXPECT_EQ(cache.stats().misses, 2U);
}

TEST(MemoryCompute, StoresWithTtlTagsAndMark) {
  const auto clock = std::make_shared<testing::FakeClock>();
  MemoryOptions options;
  options.clock = clock;
  MemoryCache cache(options);
  const std::vector<std::string_view> tags{"tag"};
  cache.get_or_compute("key", [] { return Value("v").as_binary(); },
                       {.ttl = milliseconds(10), .tags = tags});
  const auto entry = cache.entry("key");
  ASSERT_TRUE(entry);
  EXPECT_TRUE(entry->value.binary());
  EXPECT_EQ(entry->ttl, milliseconds(10));
  EXPECT_EQ(entry->tags, std::vector<std::string>{"tag"});
  clock->advance(milliseconds(10));
  EXPECT_FALSE(cache.get("key"));
}

TEST(MemoryCompute, GivesWhatTheCacheRefuses) {
  MemoryOptions options;
  options.max_bytes = 1000;
  MemoryCache cache(options);
  const std::string large(5000, 'v');
  EXPECT_EQ(cache.get_or_compute("key", [&] { return Value(large); }).view(), large);
  EXPECT_EQ(cache.size(), 0U);
}

TEST(MemoryCompute, LeavesNothingBehindAnException) {
  MemoryCache cache;
  const auto fails = []() -> Value { throw std::runtime_error("the model is away"); };
  EXPECT_THROW(cache.get_or_compute("key", fails), std::runtime_error);
  EXPECT_EQ(cache.size(), 0U);
  EXPECT_EQ(cache.get_or_compute("key", [] { return Value("v"); }).view(), "v");
}

TEST(MemoryCompute, IsBusyForItsOwnKey) {
  MemoryCache cache;
  const auto nested = [&] { return cache.get_or_compute("key", [] { return Value("inner"); }); };
  try {
    cache.get_or_compute("key", nested);
    FAIL() << "waits for itself";
  } catch (const CacheError& error) {
    EXPECT_EQ(error.code(), ErrorCode::busy);
  }
  const auto uses_the_cache = [&] {
    cache.add("key", "added meanwhile").value();
    return Value(cache.get("key")->str() + " and computed");
  };
  EXPECT_EQ(cache.get_or_compute("key", uses_the_cache).view(), "added meanwhile and computed");
}

// The computation goes on until all have come, so that most of them wait for it.
TEST(MemoryCompute, AThousandThreadsComputeOnce) {
  constexpr int count = 1000;
  MemoryCache cache;
  std::atomic<int> arrived{0};
  std::atomic<int> computed{0};
  std::atomic<int> faults{0};
  std::vector<std::thread> threads;
  threads.reserve(count);
  for (int number = 0; number < count; ++number) {
    threads.emplace_back([&] {
      ++arrived;
      arrived.notify_all();
      const Value value = cache.get_or_compute("key", [&] {
        for (int now = arrived; now < count; now = arrived) arrived.wait(now);
        ++computed;
        return Value("value");
      });
      if (value.view() != "value") ++faults;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(computed, 1);
  EXPECT_EQ(faults, 0);
}

TEST(MemoryCompute, AnExceptionReachesAll) {
  constexpr int count = 50;
  MemoryCache cache;
  std::atomic<int> arrived{0};
  std::atomic<int> caught{0};
  std::vector<std::thread> threads;
  threads.reserve(count);
  for (int number = 0; number < count; ++number) {
    threads.emplace_back([&] {
      ++arrived;
      arrived.notify_all();
      try {
        cache.get_or_compute("key", [&]() -> Value {
          for (int now = arrived; now < count; now = arrived) arrived.wait(now);
          throw std::runtime_error("the model is away");
        });
      } catch (const std::runtime_error&) {
        ++caught;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(caught, count);
  EXPECT_EQ(cache.size(), 0U);
}

}  // namespace
}  // namespace semantrix
