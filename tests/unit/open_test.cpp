#include <semantrix/blocking_store.hpp>
#include <semantrix/in_memory_store.hpp>
#include <semantrix/open.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace semantrix {
namespace {

std::string error_of(std::string_view url) {
  try {
    (void)open(url);
  } catch (const CacheError& thrown) {
    EXPECT_EQ(thrown.code(), ErrorCode::invalid_argument) << url;
    return thrown.what();
  }
  return "opened";
}

MemoryOptions options_of(std::string_view url) {
  const std::shared_ptr<CacheStore> store = open(url);
  auto* const memory = dynamic_cast<InMemoryStore*>(store.get());
  if (memory == nullptr) {
    ADD_FAILURE() << url << " opened no InMemoryStore";
    return {};
  }
  return memory->cache().options();
}

TEST(Open, GivesAStoreThatWorks) {
  BlockingStore store(open("memory://"));
  store.add("key1", "value1");
  EXPECT_EQ(store.get_exact("key1"), Value("value1"));
  EXPECT_EQ(store.get_exact("key2"), std::nullopt);
}

TEST(Open, DoesNotMindTheCaseOfTheScheme) {
  EXPECT_EQ(open("MEMORY://")->capability().store, "memory");
}

TEST(Open, GivesEachCallAStoreOfItsOwn) {
  BlockingStore first(open("memory://"));
  first.add("key1", "value1");
  EXPECT_EQ(BlockingStore(open("memory://")).size(), 0U);
}

TEST(Open, UsesTheDefaultsOfTheOptions) {
  const MemoryOptions options = options_of("memory://");
  const MemoryOptions defaults;
  EXPECT_EQ(options.max_size, defaults.max_size);
  EXPECT_EQ(options.max_bytes, defaults.max_bytes);
  EXPECT_EQ(options.eviction_policy, defaults.eviction_policy);
  EXPECT_EQ(options.default_ttl, std::nullopt);
}

TEST(Open, ReadsEveryOption) {
  const MemoryOptions options = options_of(
      "memory://?max_size=100&max_bytes=64m&eviction_policy=LFU&default_ttl=1.5h&time_to_idle=250ms"
      "&compress_threshold=1k&compress_dictionary=16k&shards=1");
  EXPECT_EQ(options.max_size, 100U);
  EXPECT_EQ(options.max_bytes, 64U << 20U);
  EXPECT_EQ(options.eviction_policy, EvictionPolicy::lfu);
  EXPECT_EQ(options.default_ttl, std::chrono::minutes(90));
  EXPECT_EQ(options.time_to_idle, std::chrono::milliseconds(250));
  EXPECT_EQ(options.compress_threshold, 1024U);
  EXPECT_EQ(options.compress_dictionary, 16'384U);
  EXPECT_EQ(options.shards, 1U);
}

TEST(Open, LoadsAndWritesTheSnapshot) {
  const std::string url = "memory://?snapshot=" + testing::TempDir() + "open_test my cache.snap";
  {
    BlockingStore store(open(url));
    store.clear();
    store.add("key1", "value1");
    store.close();
  }
  BlockingStore store(open(url));
  EXPECT_EQ(store.get_exact("key1"), Value("value1"));
  store.clear();
  store.close();
}

TEST(Open, SaysWhatIsWrongInOneSentence) {
  std::string schemes;
  for (const StoreKind& kind : store_kinds()) {
    const bool last = &kind == &store_kinds().back();
    if (!schemes.empty()) schemes += last ? " and " : ", ";
    schemes += kind.scheme;
  }
  EXPECT_EQ(error_of("carrier-pigeon://x"),
            "unknown scheme 'carrier-pigeon'; this build opens: " + schemes);
  EXPECT_EQ(error_of("memry://"),
            "unknown scheme 'memry'; this build opens: " + schemes + "; did you mean memory://?");
  EXPECT_EQ(error_of("memory://?max_sise=5"),
            "unknown option 'max_sise'; did you mean 'max_size'?");
  EXPECT_EQ(error_of("memory://?max_size=1&max_size=2"),
            "option 'max_size' is given twice; keep one of them");
  EXPECT_EQ(error_of("memory://?default_ttl=-5"),
            "option 'default_ttl': duration '-5' is negative; give a number with ms, s, m, h or d, "
            "e.g. 1.5h; bare numbers are seconds");
  EXPECT_EQ(error_of("memory://?eviction_policy=lro"),
            "option 'eviction_policy': unknown eviction policy 'lro'; did you mean 'lru'?");
  const std::string remedy =
      "; write its options after a question mark, e.g. memory://?max_size=1000&snapshot=PATH";
  EXPECT_EQ(error_of("memory://something"), "memory:// takes no host" + remedy);
  EXPECT_EQ(error_of("memory:///tmp/cache"), "memory:// takes no path" + remedy);
  EXPECT_EQ(error_of("memory://ann:pw@"), "memory:// takes no user or password" + remedy);
}

TEST(Open, RefusesWhatTheStoreRefuses) {
  EXPECT_NE(error_of("memory://?max_size=0").find("max_size"), std::string::npos);
  EXPECT_NE(error_of("memory://?shards=3").find("shards"), std::string::npos);
}

TEST(Open, NeverShowsAPassword) {
  for (const std::string_view url : {"redis://ann:hunter2@h", "redis://ann:hunter2@h:x",
                                     "memory://ann:hunter2@?a=b", "memory://?password=hunter2"}) {
    EXPECT_EQ(error_of(url).find("hunter2"), std::string::npos) << error_of(url);
  }
}

TEST(StoreKinds, HaveExamplesThatOpen) {
  ASSERT_FALSE(store_kinds().empty());
  for (const StoreKind& kind : store_kinds()) {
    ASSERT_NE(kind.capability, nullptr) << kind.scheme;
    EXPECT_EQ(kind.example.find(std::string(kind.scheme) + "://"), 0U);
    EXPECT_EQ(open(kind.example)->capability().store, kind.capability->store);
  }
}

TEST(StoreKinds, DescribeTheirOptions) {
  for (const StoreKind& kind : store_kinds()) {
    std::set<std::string_view> names;
    for (const UrlOption& option : kind.options) {
      EXPECT_TRUE(names.insert(option.name).second) << option.name << " comes twice";
      EXPECT_FALSE(option.kind.empty()) << option.name;
      EXPECT_EQ(option.summary.back(), '.') << option.name;
    }
  }
}

TEST(StoreKinds, SayTheDefaultsThatHold) {
  for (const UrlOption& option : store_kinds().front().options) {
    if (option.by_default.empty()) continue;
    const std::string url =
        "memory://?" + std::string(option.name) + "=" + std::string(option.by_default);
    const MemoryOptions options = options_of(url);
    const MemoryOptions defaults;
    EXPECT_EQ(options.max_size, defaults.max_size);
    EXPECT_EQ(options.eviction_policy, defaults.eviction_policy);
    EXPECT_EQ(options.compress_dictionary, defaults.compress_dictionary);
    EXPECT_EQ(options.shards, defaults.shards) << option.name;
  }
}

}  // namespace
}  // namespace semantrix
