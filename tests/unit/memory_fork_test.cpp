// A child of `fork` has one thread and copies of all locks: none of them may be held for ever.
#include "support/child.hpp"
#include <semantrix/memory_cache.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace semantrix {
namespace {

using std::chrono::milliseconds;
using testing::child_can;

// The first entry that expires starts the background thread, which the thread sanitizer forbids to
// a child of a process with threads.
#if defined(__SANITIZE_THREAD__)
const MemoryAddOptions in_a_child{};
#else
const MemoryAddOptions in_a_child{.ttl = std::chrono::hours(1)};
#endif

bool usable(MemoryCache& cache) {
  for (int i = 0; i < 100; ++i) {
    const std::string key = "child" + std::to_string(i);
    if (!cache.add(key, key, in_a_child) || !cache.get(key)) return false;
  }
  return cache.size() >= 100 && cache.get_or_compute("new", [] { return Value("n"); }) == "n" &&
         cache.clear() >= 101;
}

TEST(MemoryFork, ChildUsesTheCacheWhileThreadsOfTheParentDo) {
  MemoryCache cache({.max_size = 1000, .compress_threshold = 10, .shards = 4});
  std::atomic<bool> done{false};
  std::vector<std::thread> threads;
  threads.reserve(3);
  for (int number = 0; number < 3; ++number) {
    threads.emplace_back([&, number] {
      for (int i = number; !done; ++i) {
        const std::string key = "key" + std::to_string(i % 2000);
        cache.add(key, std::string(50, 'v'), {.ttl = milliseconds(5)}).value();
        static_cast<void>(cache.get_or_compute(key + "!", [] { return Value("v"); }));
        if (i % 100 == 0) static_cast<void>(cache.stats());
      }
    });
  }
  cache.add("before", "b").value();
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(child_can([&] {
      MemoryCache own;
      return usable(cache) && usable(own);
    }));
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(usable(cache));
}

TEST(MemoryFork, ChildOfAComputationUnderWayComputesItself) {
  MemoryCache cache;
  std::latch computing(1);
  std::latch go_on(1);
  const auto compute = [&] {
    computing.count_down();
    go_on.wait();
    return Value("by the parent");
  };
  std::thread first([&] { cache.get_or_compute("key", compute); });
  computing.wait();
  std::thread second([&] { cache.get_or_compute("key", [] { return Value("never"); }); });
  EXPECT_TRUE(child_can([&] {
    return cache.get_or_compute("key", [] { return Value("by the child"); }) == "by the child";
  }));
  go_on.count_down();
  first.join();
  second.join();
  EXPECT_EQ(cache.get("key")->view(), "by the parent");
}

TEST(MemoryFork, ChildOfAPassUnderWayCanEndTheCache) {
  std::latch entered(1);
  std::latch leave(1);
  const auto clock = std::make_shared<testing::FakeClock>();
  MemoryOptions options;
  options.clock = clock;
  options.on_removal = [&](std::string_view key, const Value&, RemovalCause) {
    if (key != "key") return;
    entered.count_down();
    leave.wait();
  };
  auto cache = std::make_unique<MemoryCache>(options);
  // By the machine's clock the entry could expire before `add` returns, which then calls the
  // listener on this thread, where nobody lets it leave.
  cache->add("key", "value", {.ttl = milliseconds(1)}).value();
  clock->advance(milliseconds(1));
  entered.wait();  // the background thread is in the listener
  EXPECT_TRUE(child_can([&] {
    const bool used = usable(*cache);
    cache.reset();
    return used;
  }));
  leave.count_down();
}

}  // namespace
}  // namespace semantrix
