// The background pass. It runs once a second by the machine's clock; the tests wait for what it
// does, never for a time.
#include <semantrix/memory_cache.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace semantrix {
namespace {

using std::chrono::milliseconds;

TEST(Sweeper, TellsOfExpiryWithoutTraffic) {
  std::promise<std::string> heard;
  MemoryOptions options;
  options.on_removal = [&](std::string_view key, const Value& value, RemovalCause cause) {
    heard.set_value(std::string(key) + "=" + value.str() + " " + std::string(to_string(cause)));
  };
  MemoryCache cache(options);
  cache.add("stays", "s").value();
  cache.add("key", "value", {.ttl = milliseconds(1)}).value();
  EXPECT_EQ(heard.get_future().get(), "key=value expired");
  EXPECT_EQ(cache.stats().size, 1U);
}

TEST(Sweeper, SeesTimeToIdle) {
  std::promise<void> heard;
  MemoryOptions options;
  options.time_to_idle = milliseconds(1);
  options.on_removal = [&](std::string_view, const Value&, RemovalCause) { heard.set_value(); };
  MemoryCache cache(options);
  cache.add("key", "value").value();
  heard.get_future().get();
  EXPECT_EQ(cache.stats().size, 0U);
}

// The destructor waits for the pass under way; afterwards the listener is not called.
TEST(Sweeper, IsWaitedForByADestructor) {
  std::latch entered(1);
  std::latch leave(1);
  std::atomic<int> calls{0};
  std::atomic<bool> left{false};
  MemoryOptions options;
  options.on_removal = [&](std::string_view, const Value&, RemovalCause) {
    if (++calls > 1) return;
    entered.count_down();
    leave.wait();
    left = true;
  };
  auto cache = std::make_unique<MemoryCache>(options);
  cache->add("key", "value", {.ttl = milliseconds(1)}).value();
  entered.wait();
  std::atomic<bool> ending{false};
  std::thread releases([&] {
    ending.wait(false);
    leave.count_down();
  });
  ending = true;
  ending.notify_all();
  cache.reset();
  EXPECT_TRUE(left);
  const int before = calls;
  releases.join();
  EXPECT_EQ(calls, before);
}

TEST(Sweeper, LetsAListenerEndTheCache) {
  std::unique_ptr<MemoryCache> cache;
  std::promise<void> ended;
  MemoryOptions options;
  options.on_removal = [&](std::string_view, const Value&, RemovalCause) {
    cache.reset();
    ended.set_value();
  };
  cache = std::make_unique<MemoryCache>(options);
  cache->add("key", "value", {.ttl = milliseconds(1)}).value();
  ended.get_future().get();
  EXPECT_EQ(cache, nullptr);
}

TEST(Sweeper, OutlivesCachesThatComeAndGo) {
  std::atomic<int> heard{0};
  std::promise<void> all;
  constexpr int count = 200;
  MemoryOptions options;
  options.on_removal = [&](std::string_view, const Value&, RemovalCause) {
    if (++heard == count) all.set_value();
  };
  std::vector<MemoryCache> kept;
  for (int i = 0; i < count; ++i) {
    kept.emplace_back(options);
    kept.back().add("key", "value", {.ttl = milliseconds(1)}).value();
    MemoryCache gone;
    gone.add("key", "value", {.ttl = milliseconds(1)}).value();
  }
  all.get_future().get();
  EXPECT_EQ(heard, count);
}

}  // namespace
}  // namespace semantrix
