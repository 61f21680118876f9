// The verbs. Bounds: memory_bounds_test.cpp; time: memory_expiry_test.cpp; the listener:
// memory_listener_test.cpp; get_or_compute: memory_compute_test.cpp.
#include <semantrix/memory_cache.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace semantrix {
namespace {

using std::chrono::milliseconds;
using namespace std::string_literals;
using Views = std::vector<std::string_view>;

ErrorCode code_of(const Result<void>& result) {
  return result ? ErrorCode::internal : result.error().code();
}

TEST(MemoryCache, GivesBackWhatWasAdded) {
  MemoryCache cache;
  EXPECT_FALSE(cache.get("key"));
  cache.add("key", "value").value();
  EXPECT_EQ(cache.get("key")->view(), "value");
  cache.add("key", "").value();
  EXPECT_EQ(cache.get("key")->view(), "");
  EXPECT_EQ(cache.size(), 1U);
}

TEST(MemoryCache, TakesAnyBytes) {
  MemoryCache cache;
  const std::string zeros("\0\xff\n", 3);
  cache.add({zeros, zeros, true, {}}).value();
  EXPECT_EQ(cache.get(zeros)->view(), zeros);
  EXPECT_TRUE(cache.get(zeros)->binary());
  EXPECT_FALSE(cache.get(std::string("\0\xff", 2)));
}

TEST(MemoryCache, GivesTheSameBytesWithoutACopy) {
  MemoryCache cache;
  cache.add("key", "value").value();
  const Value one = *cache.get("key");
  EXPECT_EQ(cache.get("key")->data(), one.data());
  cache.clear();
  EXPECT_EQ(one.view(), "value");
}

TEST(MemoryCache, RefusesAnEmptyKeyAndABadTtl) {
  MemoryCache cache;
  EXPECT_EQ(code_of(cache.add("", "value")), ErrorCode::invalid_argument);
  for (const auto ttl : {milliseconds(0), milliseconds(-1), milliseconds::min(),
                         milliseconds::max(), milliseconds(std::chrono::hours(24 * 365 * 1001))}) {
    EXPECT_EQ(code_of(cache.add("key", "value", {.ttl = ttl})), ErrorCode::invalid_argument);
  }
  EXPECT_THROW(cache.get_or_compute("", [] { return Value(); }), CacheError);
  EXPECT_EQ(cache.size(), 0U);
}

std::string refusal(const MemoryOptions& options) {
  try {
    const MemoryCache cache(options);
  } catch (const CacheError& error) {
    return error.code() == ErrorCode::invalid_argument ? error.what() : "another code";
  }
  return "";
}

TEST(MemoryCache, RefusesOptionsByName) {
  const auto names = [](const MemoryOptions& options, const std::string& name) {
    return refusal(options).find(name) != std::string::npos;
  };
  EXPECT_TRUE(names({.max_size = 0}, "max_size"));
  EXPECT_TRUE(names({.max_bytes = 10}, "max_bytes"));
  EXPECT_TRUE(names({.default_ttl = milliseconds(0)}, "default_ttl"));
  EXPECT_TRUE(names({.time_to_idle = milliseconds(-1)}, "time_to_idle"));
  EXPECT_TRUE(names({.compress_dictionary = 1024}, "compress_dictionary"));
  EXPECT_TRUE(names({.compress_threshold = 1, .compress_dictionary = 1}, "compress_dictionary"));
  EXPECT_TRUE(names({.shards = 3}, "shards"));
  EXPECT_EQ(refusal({.max_size = 1}), "");
}

TEST(MemoryCache, Erases) {
  MemoryCache cache;
  cache.add("key", "value").value();
  EXPECT_TRUE(cache.erase("key"));
  EXPECT_FALSE(cache.erase("key"));
  EXPECT_FALSE(cache.get("key"));
  EXPECT_FALSE(cache.erase(""));
}

TEST(MemoryCache, PeeksUnseen) {
  MemoryCache cache({.max_size = 2, .eviction_policy = EvictionPolicy::lru});
  cache.add("old", "o").value();
  cache.add("new", "n").value();
  EXPECT_EQ(cache.peek("old")->view(), "o");
  EXPECT_EQ(cache.entry("old")->value.view(), "o");
  EXPECT_FALSE(cache.peek("absent"));
  EXPECT_FALSE(cache.entry("absent"));
  EXPECT_EQ(cache.stats().hits, 0U);
  EXPECT_EQ(cache.stats().misses, 0U);
  cache.add("newer", "n").value();
  EXPECT_FALSE(cache.peek("old"));
}

class MemoryCacheShards : public ::testing::TestWithParam<std::size_t> {
 protected:
  MemoryCache cache_{{.max_size = 1000, .shards = GetParam()}};
};

TEST_P(MemoryCacheShards, GetsInTheCallersOrder) {
  for (const char* key : {"a", "b", "c"}) cache_.add(key, key).value();
  const Views keys{"c", "absent", "a", "c", ""};
  const auto values = cache_.batch_get(keys);
  ASSERT_EQ(values.size(), 5U);
  EXPECT_EQ(values[0]->view(), "c");
  EXPECT_FALSE(values[1]);
  EXPECT_EQ(values[2]->view(), "a");
  EXPECT_EQ(values[3]->view(), "c");
  EXPECT_FALSE(values[4]);
  EXPECT_EQ(cache_.stats().hits, 3U);
  EXPECT_EQ(cache_.stats().misses, 2U);
  EXPECT_TRUE(cache_.batch_get({}).empty());
}

TEST_P(MemoryCacheShards, AddsManyAndSaysOfEach) {
  const std::vector<MemoryItem> items{{"a", "1"}, {"", "2"}, {"b", "3"}, {"a", "4"}};
  const auto outcomes = cache_.batch_add(items);
  ASSERT_EQ(outcomes.size(), 4U);
  EXPECT_TRUE(outcomes[0] && outcomes[2] && outcomes[3]);
  EXPECT_EQ(code_of(outcomes[1]), ErrorCode::invalid_argument);
  EXPECT_EQ(cache_.get("a")->view(), "4");  // the later of the two
  EXPECT_EQ(cache_.get("b")->view(), "3");
  EXPECT_EQ(cache_.size(), 2U);
}

TEST_P(MemoryCacheShards, ErasesManyAndSaysHowMany) {
  for (const char* key : {"a", "b", "c"}) cache_.add(key, key).value();
  const Views keys{"a", "absent", "c", "a"};
  EXPECT_EQ(cache_.batch_erase(keys), 2U);
  EXPECT_EQ(cache_.keys(), std::vector{"b"s});
}

TEST_P(MemoryCacheShards, VisitsEachKeyOnce) {
  std::map<std::string, std::string> expected;
  for (int i = 0; i < 500; ++i) {
    const std::string key = "key" + std::to_string(i);
    expected[key] = "value" + std::to_string(i);
    cache_.add(key, expected[key]).value();
  }
  std::map<std::string, std::string> seen;
  cache_.for_each([&](std::string_view key, const MemoryEntry& entry) {
    EXPECT_TRUE(seen.emplace(key, entry.value.str()).second);
    return true;
  });
  EXPECT_EQ(seen, expected);
  int visits = 0;
  cache_.for_each([&](std::string_view, const MemoryEntry&) { return ++visits < 3; });
  EXPECT_EQ(visits, 3);
}

TEST_P(MemoryCacheShards, LetsAVisitorChangeTheCache) {
  for (int i = 0; i < 100; ++i) cache_.add("key" + std::to_string(i), "v").value();
  cache_.for_each([&](std::string_view key, const MemoryEntry&) {
    cache_.erase(key);
    cache_.add("other" + std::string(key), "v").value();
    return !key.starts_with("other");
  });
  EXPECT_GE(cache_.size(), 100U);
}

TEST_P(MemoryCacheShards, MatchesKeys) {
  for (const char* key : {"user:1", "user:2", "session:1", "star*"}) cache_.add(key, "v").value();
  auto users = cache_.keys("user:?");
  std::sort(users.begin(), users.end());
  EXPECT_EQ(users, (std::vector{"user:1"s, "user:2"s}));
  EXPECT_EQ(cache_.keys("star\\*"), std::vector{"star*"s});
  EXPECT_EQ(cache_.keys().size(), 4U);
  EXPECT_TRUE(cache_.keys("no*").empty());
}

TEST_P(MemoryCacheShards, InvalidatesByTagAndPrefix) {
  const Views red{"red"};
  const Views both{"red", "blue"};
  cache_.add("a:1", "v", {.tags = red}).value();
  cache_.add("a:2", "v", {.tags = both}).value();
  cache_.add("b:1", "v").value();
  EXPECT_EQ(cache_.invalidate_tag("blue"), 1U);
  EXPECT_FALSE(cache_.get("a:2"));
  EXPECT_EQ(cache_.invalidate_tag("re"), 0U);
  EXPECT_EQ(cache_.invalidate_prefix("a:"), 1U);
  EXPECT_EQ(cache_.keys(), std::vector{"b:1"s});
  EXPECT_EQ(cache_.stats().deletes, 2U);
  EXPECT_EQ(cache_.invalidate_prefix(""), 1U);
}

TEST_P(MemoryCacheShards, Clears) {
  for (int i = 0; i < 100; ++i) cache_.add("key" + std::to_string(i), "v").value();
  EXPECT_EQ(cache_.clear(), 100U);
  EXPECT_EQ(cache_.clear(), 0U);
  EXPECT_EQ(cache_.size(), 0U);
  EXPECT_EQ(cache_.bytes(), 0U);
  cache_.add("key", "again").value();
  EXPECT_TRUE(cache_.get("key"));
}

TEST_P(MemoryCacheShards, Counts) {
  cache_.add("a", "12345").value();
  cache_.add("a", "123").value();
  cache_.add("b", "1").value();
  static_cast<void>(cache_.get("a"));
  static_cast<void>(cache_.get("absent"));
  cache_.erase("b");
  const Stats stats = cache_.stats();
  EXPECT_EQ(stats.store, "memory");
  EXPECT_EQ(stats.adds, 3U);
  EXPECT_EQ(stats.hits, 1U);
  EXPECT_EQ(stats.misses, 1U);
  EXPECT_EQ(stats.deletes, 1U);
  EXPECT_EQ(stats.size, 1U);
  EXPECT_EQ(stats.value_bytes_in, 9U);
  EXPECT_EQ(stats.value_bytes_out, 3U);
  EXPECT_EQ(stats.bytes, cache_.bytes());
  EXPECT_GT(stats.bytes, 4U);
}

INSTANTIATE_TEST_SUITE_P(Of, MemoryCacheShards, ::testing::Values(1, 8),
                         [](const auto& tested) { return std::to_string(tested.param); });

TEST(MemoryCache, ChoosesShardsForLargeCachesOfInexactPolicies) {
  EXPECT_EQ(MemoryCache({.max_size = 1000}).shard_count(), 1U);
  EXPECT_GT(MemoryCache({.max_size = 1'000'000}).shard_count(), 1U);
  const MemoryOptions exact{.max_size = 1'000'000, .eviction_policy = EvictionPolicy::lru};
  EXPECT_EQ(MemoryCache(exact).shard_count(), 1U);
}

TEST(MemoryCache, CompressesWhatIsLargeEnough) {
  MemoryCache cache({.compress_threshold = 100});
  const std::string text(10'000, 'x');
  cache.add("key", text).value();
  cache.add({"binary", text, true, {}}).value();
  EXPECT_LT(cache.bytes(), 1000U);
  EXPECT_EQ(cache.get("key")->view(), text);
  EXPECT_FALSE(cache.get("key")->binary());
  EXPECT_TRUE(cache.get("binary")->binary());
  EXPECT_EQ(cache.entry("key")->value.view(), text);
  const Stats stats = cache.stats();
  EXPECT_EQ(stats.raw_bytes, 20'000U);
  EXPECT_LT(stats.stored_bytes, 1000U);
  EXPECT_EQ(stats.value_bytes_in, 20'000U);
}

TEST(MemoryCache, CanBeMoved) {
  MemoryCache cache;
  cache.add("key", "value").value();
  MemoryCache other(std::move(cache));
  EXPECT_TRUE(other.get("key"));
  MemoryCache third;
  third = std::move(other);
  EXPECT_TRUE(third.get("key"));
}

}  // namespace
}  // namespace semantrix
