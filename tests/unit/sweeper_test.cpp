// The background pass. It runs once a second by the machine's clock; the tests wait for what it
// does, never for a time. Entries expire by a clock that moves once they are in: by the machine's
// they may expire while `add` has not returned, and the test's own thread would tell of it.
#include <semantrix/memory_cache.hpp>
#include <semantrix/testing/fake_clock.hpp>

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

struct Sweeper : ::testing::Test {
  Sweeper() { options.clock = clock; }

  void let_expire() const { clock->advance(milliseconds(1)); }

  const std::shared_ptr<testing::FakeClock> clock = std::make_shared<testing::FakeClock>();
  MemoryOptions options;
};

TEST_F(Sweeper, TellsOfExpiryWithoutTraffic) {
  std::promise<std::string> heard;
  options.on_removal = [&](std::string_view key, const Value& value, RemovalCause cause) {
    heard.set_value(std::string(key) + "=" + value.str() + " " + std::string(to_string(cause)));
  };
  MemoryCache cache(options);
  cache.add("stays", "s").value();
  cache.add("key", "value", {.ttl = milliseconds(1)}).value();
  let_expire();
  EXPECT_EQ(heard.get_future().get(), "key=value expired");
  EXPECT_EQ(cache.stats().size, 1U);
}

TEST_F(Sweeper, SeesTimeToIdle) {
  std::promise<void> heard;
  options.time_to_idle = milliseconds(1);
  options.on_removal = [&](std::string_view, const Value&, RemovalCause) { heard.set_value(); };
  MemoryCache cache(options);
  cache.add("key", "value").value();
  let_expire();
  heard.get_future().get();
  EXPECT_EQ(cache.stats().size, 0U);
}

// The destructor waits for the pass under way; afterwards the listener is not called.
TEST_F(Sweeper, IsWaitedForByADestructor) {
  std::latch entered(1);
  std::latch leave(1);
  std::atomic<int> calls{0};
  std::atomic<bool> left{false};
  options.on_removal = [&](std::string_view, const Value&, RemovalCause) {
    if (++calls > 1) return;
    entered.count_down();
    leave.wait();
    left = true;
  };
  auto cache = std::make_unique<MemoryCache>(options);
  cache->add("key", "value", {.ttl = milliseconds(1)}).value();
  let_expire();
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

TEST_F(Sweeper, LetsAListenerEndTheCache) {
  std::unique_ptr<MemoryCache> cache;
  std::promise<void> ended;
  options.on_removal = [&](std::string_view, const Value&, RemovalCause) {
    cache.reset();
    ended.set_value();
  };
  cache = std::make_unique<MemoryCache>(options);
  cache->add("key", "value", {.ttl = milliseconds(1)}).value();
  let_expire();
  ended.get_future().get();
  EXPECT_EQ(cache, nullptr);
}

TEST_F(Sweeper, OutlivesCachesThatComeAndGo) {
  std::atomic<int> heard{0};
  std::promise<void> all;
  constexpr int count = 200;
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
  let_expire();
  all.get_future().get();
  EXPECT_EQ(heard, count);
}

}  // namespace
}  // namespace semantrix
