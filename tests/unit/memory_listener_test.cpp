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

class MemoryListener : public ::testing::Test {
 protected:
  MemoryOptions options(std::size_t max_size = 100) {
    MemoryOptions made;
    made.max_size = max_size;
    made.eviction_policy = EvictionPolicy::lru;
    made.clock = clock_;
    made.on_removal = [this](std::string_view key, const Value& value, RemovalCause cause) {
      heard_.push_back(std::string(key) + "=" + value.str() + " " + std::string(to_string(cause)));
    };
    return made;
  }
  std::vector<std::string> heard() { return std::exchange(heard_, {}); }

  std::shared_ptr<testing::FakeClock> clock_ = std::make_shared<testing::FakeClock>();
  std::vector<std::string> heard_;
};

TEST_F(MemoryListener, HearsWhy) {
  MemoryCache cache(options(2));
  cache.add("a", "1").value();
  EXPECT_TRUE(heard().empty());
  cache.add("a", "2").value();
  EXPECT_EQ(heard(), std::vector{"a=1 replaced"s});
  cache.erase("a");
  EXPECT_EQ(heard(), std::vector{"a=2 erased"s});
  for (const char* key : {"b", "c", "d"}) cache.add(key, "3").value();
  EXPECT_EQ(heard(), std::vector{"b=3 evicted"s});
  cache.add("e", "4", {.ttl = milliseconds(10)}).value();
  EXPECT_EQ(heard(), std::vector{"c=3 evicted"s});
  clock_->advance(milliseconds(10));
  EXPECT_FALSE(cache.get("e"));
  EXPECT_EQ(heard(), std::vector{"e=4 expired"s});
  cache.clear();
  EXPECT_EQ(heard(), std::vector{"d=3 cleared"s});
}

TEST_F(MemoryListener, HearsOfExpiryFromEveryVerbThatFindsIt) {
  MemoryCache cache(options());
  const auto expired_by = [&](auto verb) {
    cache.add("k", "v", {.ttl = milliseconds(100)}).value();
    clock_->advance(milliseconds(100));
    verb();
    return heard();
  };
  const std::vector expired{"k=v expired"s};
  const std::vector<std::string_view> keys{"k"};
  EXPECT_EQ(expired_by([&] { static_cast<void>(cache.get("k")); }), expired);
  EXPECT_EQ(expired_by([&] { static_cast<void>(cache.peek("k")); }), expired);
  EXPECT_EQ(expired_by([&] { static_cast<void>(cache.entry("k")); }), expired);
  EXPECT_EQ(expired_by([&] { static_cast<void>(cache.batch_get(keys)); }), expired);
  EXPECT_EQ(expired_by([&] { cache.erase("k"); }), expired);
  EXPECT_EQ(expired_by([&] { cache.batch_erase(keys); }), expired);
  EXPECT_EQ(expired_by([&] { static_cast<void>(cache.size()); }), expired);
  EXPECT_EQ(expired_by([&] { cache.expire(); }), expired);
  EXPECT_EQ(expired_by([&] { cache.clear(); }), expired);
  EXPECT_EQ(expired_by([&] { cache.add("other", "o").value(); }), expired);
  EXPECT_EQ(expired_by([&] { cache.add("k", "w").value(); }), expired);
}

TEST_F(MemoryListener, HearsOfInvalidationResizeAndBatches) {
  MemoryCache cache(options());
  const std::vector<std::string_view> tags{"tag"};
  cache.add("a", "1", {.tags = tags}).value();
  cache.add("b", "2").value();
  cache.add("c", "3").value();
  cache.add("d", "4").value();
  cache.invalidate_tag("tag");
  EXPECT_EQ(heard(), std::vector{"a=1 erased"s});
  cache.invalidate_prefix("b");
  EXPECT_EQ(heard(), std::vector{"b=2 erased"s});
  cache.resize(1).value();
  EXPECT_EQ(heard(), std::vector{"c=3 evicted"s});
  const std::vector<MemoryItem> items{{"d", "5"}, {"e", "6"}};
  cache.batch_add(items);
  EXPECT_EQ(heard(), (std::vector{"d=4 replaced"s, "d=5 evicted"s}));
}

TEST_F(MemoryListener, HearsOfAnOlderValueThatATooLargeOneEnds) {
  MemoryOptions few = options();
  few.max_bytes = 1000;
  MemoryCache cache(few);
  cache.add("k", "older").value();
  EXPECT_FALSE(cache.add("k", std::string(2000, 'v')));
  EXPECT_EQ(heard(), std::vector{"k=older erased"s});
}

TEST_F(MemoryListener, SeesValuesAsTheyWereAdded) {
  MemoryOptions compressing = options();
  compressing.compress_threshold = 10;
  MemoryCache cache(compressing);
  const std::string text(1000, 'x');
  cache.add("k", text).value();
  cache.erase("k");
  EXPECT_EQ(heard(), std::vector{"k=" + text + " erased"});
}

// No lock is held: whatever the listener does to the cache works.
TEST(MemoryListenerCalls, MayUseTheCache) {
  std::unique_ptr<MemoryCache> cache;
  int calls = 0;
  int depth = 0;
  MemoryOptions options{.max_size = 10};
  options.on_removal = [&](std::string_view key, const Value&, RemovalCause) {
    ++calls;
    if (depth > 0) return;  // what the listener itself removed
    ++depth;
    EXPECT_FALSE(cache->get(key));
    cache->add("by the listener", "v").value();
    EXPECT_TRUE(cache->get("by the listener"));
    cache->for_each([](std::string_view, const MemoryEntry&) { return true; });
    EXPECT_LE(cache->size(), 10U);
    EXPECT_TRUE(cache->erase("by the listener"));
    static_cast<void>(cache->stats());
    --depth;
  };
  cache = std::make_unique<MemoryCache>(options);
  for (int i = 0; i < 20; ++i) cache->add("key" + std::to_string(i), "v").value();
  cache->clear();
  EXPECT_GT(calls, 10);
}

}  // namespace
}  // namespace semantrix
