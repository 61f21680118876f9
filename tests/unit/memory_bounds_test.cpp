#include "memory/record.hpp"
#include <semantrix/memory_cache.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace semantrix {
namespace {

std::string name_of(int number) { return "key" + std::to_string(number); }
std::size_t charge_of(std::size_t key, std::size_t value) {
  return memory::Record::charge_of(key, value, 0);
}

using PolicyAndShards = std::tuple<EvictionPolicy, std::size_t>;

class MemoryBounds : public ::testing::TestWithParam<PolicyAndShards> {
 protected:
  [[nodiscard]] static MemoryOptions options(std::size_t max_size) {
    MemoryOptions made;
    made.max_size = max_size;
    std::tie(made.eviction_policy, made.shards) = GetParam();
    return made;
  }
};

TEST_P(MemoryBounds, HoldExactlyMaxSize) {
  for (const std::size_t max_size : {std::size_t{1}, std::size_t{2}, std::size_t{100}}) {
    MemoryCache cache(options(max_size));
    for (int i = 0; i < 500; ++i) {
      cache.add(name_of(i), "v").value();
      ASSERT_TRUE(cache.peek(name_of(i))) << i;
      ASSERT_EQ(cache.size(), std::min(max_size, static_cast<std::size_t>(i) + 1));
    }
  }
}

TEST_P(MemoryBounds, AllowMaxSizeDistinctKeys) {
  MemoryCache cache(options(1000));
  for (int i = 0; i < 1000; ++i) cache.add(name_of(i), "v").value();
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(cache.peek(name_of(i))) << i;
  EXPECT_EQ(cache.stats().evictions, 0U);
}

TEST_P(MemoryBounds, HoldForBytesAndItemsAtOnce) {
  MemoryOptions both = options(50);
  both.max_bytes = 20'000;
  MemoryCache cache(both);
  for (int i = 0; i < 2000; ++i) {
    const std::string key = name_of(i % 300);
    const std::string value(static_cast<std::size_t>(i) * 37 % 1500, 'v');
    cache.add(key, value).value();
    ASSERT_EQ(cache.peek(key)->view(), value);
    ASSERT_LE(cache.size(), 50U);
    ASSERT_LE(cache.bytes(), 20'000U);
  }
}

TEST_P(MemoryBounds, AcceptAnEntryAsLargeAsTheCache) {
  MemoryOptions few = options(100);
  few.max_bytes = 10'000;
  MemoryCache cache(few);
  for (int i = 0; i < 50; ++i) cache.add(name_of(i), "v").value();
  const std::string largest(10'000 - charge_of(5, 0), 'v');
  cache.add("large", largest).value();
  EXPECT_EQ(cache.get("large")->view(), largest);
  EXPECT_EQ(cache.size(), 1U);
  EXPECT_EQ(cache.bytes(), 10'000U);
  cache.add("small", "v").value();
  EXPECT_TRUE(cache.get("small"));
  EXPECT_EQ(cache.size(), 1U);
}

TEST_P(MemoryBounds, RefuseWhatIsLargerAndKeepNoOlderValue) {
  MemoryOptions few = options(100);
  few.max_bytes = 10'000;
  MemoryCache cache(few);
  cache.add("key", "older").value();
  cache.add("other", "v").value();
  const std::string too_large(10'001 - charge_of(3, 0), 'v');
  const auto added = cache.add("key", too_large);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code(), ErrorCode::too_large);
  EXPECT_FALSE(cache.get("key"));
  EXPECT_TRUE(cache.get("other"));
  EXPECT_EQ(cache.stats().rejected, 1U);
  const std::vector<MemoryItem> items{{"other", too_large}, {"fits", "v"}};
  const auto outcomes = cache.batch_add(items);
  EXPECT_FALSE(outcomes[0]);
  EXPECT_TRUE(outcomes[1]);
  EXPECT_FALSE(cache.get("other"));
  EXPECT_TRUE(cache.get("fits"));
}

TEST_P(MemoryBounds, KeepNothingOlderThanWhatABatchRefuses) {
  MemoryOptions few = options(100);
  few.max_bytes = 10'000;
  MemoryCache cache(few);
  cache.add("key", "oldest").value();
  const std::string too_large(10'000, 'v');
  const std::vector<MemoryItem> items{{"key", "fits"},   {"other", too_large}, {"key", too_large},
                                      {"other", "fits"}, {"third", "older"},   {"third", "newer"}};
  const auto outcomes = cache.batch_add(items);
  ASSERT_EQ(outcomes.size(), items.size());
  EXPECT_TRUE(outcomes[0]);
  EXPECT_EQ(outcomes[1].error().code(), ErrorCode::too_large);
  EXPECT_EQ(outcomes[2].error().code(), ErrorCode::too_large);
  EXPECT_TRUE(outcomes[3]);
  EXPECT_FALSE(cache.get("key")) << "what the refused value was to replace is gone";
  EXPECT_EQ(cache.get("other")->view(), "fits") << "it came after what was refused";
  EXPECT_EQ(cache.get("third")->view(), "newer");
}

TEST_P(MemoryBounds, RefuseTagsThatTogetherExceedWhatARecordCounts) {
  MemoryCache cache(options(100));
  cache.add("key", "older").value();
  const std::string megabyte(std::size_t{1} << 20, 't');
  const std::vector<std::string_view> tags(4096, megabyte);
  const auto added = cache.add("key", "v", {.tags = tags});
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code(), ErrorCode::too_large);
  EXPECT_FALSE(cache.get("key"));
}

TEST_P(MemoryBounds, ReplaceWithALargerValueByMakingRoom) {
  MemoryOptions few = options(100);
  few.max_bytes = 5000;
  MemoryCache cache(few);
  for (int i = 0; i < 20; ++i) cache.add(name_of(i), std::string(100, 'v')).value();
  cache.add(name_of(10), std::string(4000, 'w')).value();
  EXPECT_EQ(cache.get(name_of(10))->size(), 4000U);
  EXPECT_LE(cache.bytes(), 5000U);
  cache.add(name_of(10), "w").value();
  EXPECT_LE(cache.bytes(), 5000U);
}

TEST_P(MemoryBounds, FollowAResize) {
  MemoryCache cache(options(100));
  for (int i = 0; i < 100; ++i) cache.add(name_of(i), std::string(100, 'v')).value();
  cache.resize(10).value();
  EXPECT_EQ(cache.size(), 10U);
  for (int i = 0; i < 100; ++i) cache.add(name_of(i), "v").value();
  EXPECT_EQ(cache.size(), 10U);
  cache.resize(50, 1000).value();
  EXPECT_LE(cache.bytes(), 1000U);
  for (int i = 0; i < 100; ++i) {
    cache.add(name_of(i), std::string(50, 'v')).value();
    ASSERT_LE(cache.bytes(), 1000U);
  }
  cache.resize(500).value();
  for (int i = 0; i < 500; ++i) cache.add(name_of(i), "v").value();
  EXPECT_EQ(cache.size(), 500U);
}

TEST_P(MemoryBounds, KeepTheLaterOfTwoInABatch) {
  constexpr int keys = 16;
  MemoryCache cache(options(keys));
  for (int turn = 0; turn < 50; ++turn) {
    for (int i = 0; i < keys; ++i)
      cache.add("filler" + std::to_string(turn * keys + i), "v").value();
    std::vector<std::string> names;
    names.reserve(keys);
    for (int i = 0; i < keys; ++i) names.push_back("turn" + std::to_string(turn * 100 + i / 2));
    std::vector<MemoryItem> items;
    items.reserve(keys);
    for (int i = 0; i < keys; ++i)
      items.push_back({names[static_cast<std::size_t>(i)], i % 2 == 0 ? "older" : "newer"});
    for (const auto& outcome : cache.batch_add(items)) ASSERT_TRUE(outcome);
    for (const std::string& name : names) {
      const auto value = cache.peek(name);
      if (value) {
        ASSERT_EQ(value->view(), "newer");
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, MemoryBounds,
                         ::testing::Combine(::testing::ValuesIn(all_eviction_policies),
                                            ::testing::Values(std::size_t{1}, std::size_t{16})),
                         [](const auto& tested) {
                           return std::string(to_string(std::get<0>(tested.param))) + "_" +
                                  std::to_string(std::get<1>(tested.param));
                         });

TEST(MemoryResize, RefusesBoundsThatHoldNothing) {
  MemoryCache cache;
  cache.add("key", "value").value();
  EXPECT_EQ(cache.resize(0).error().code(), ErrorCode::invalid_argument);
  EXPECT_EQ(cache.resize(10, 10).error().code(), ErrorCode::invalid_argument);
  EXPECT_TRUE(cache.get("key"));
}

// A listener of an eviction lowers the bounds below the entry that the eviction makes room for.
TEST(MemoryResize, EndsAnAddThatNoLongerFits) {
  std::unique_ptr<MemoryCache> cache;
  MemoryOptions options{.max_size = 100, .max_bytes = 10'000, .shards = 2};
  options.on_removal = [&](std::string_view, const Value&, RemovalCause) {
    cache->resize(100, 1000).value();
  };
  cache = std::make_unique<MemoryCache>(options);
  for (int i = 0; i < 100; ++i) {
    cache->resize(100, 10'000).value();
    for (int fill = 0; fill < 5; ++fill) cache->add(name_of(fill), std::string(1000, 'v')).value();
    cache->add("large" + std::to_string(i), std::string(9000, 'v')).value();
    ASSERT_LE(cache->bytes(), 1000U);
  }
}

}  // namespace
}  // namespace semantrix
