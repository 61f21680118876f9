// Which keys a store is asked for most.
#include <semantrix/blocking_store.hpp>
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layer.hpp>
#include <semantrix/testing/conformance/client.hpp>

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace semantrix {
namespace {

using testing::conformance::await;

/// More than a thread may let pass before it counts for a new store.
constexpr int few = 200;

/// One key in two, another in four, the rest each one of thousands.
void ask(BlockingStore& store, int times) {
  for (int i = 0; i != times; ++i) {
    const std::string rare = "rare" + std::to_string(i % 5'000);
    const std::array<std::string, 4> keys{"hottest", "hot", "hottest", rare};
    static_cast<void>(store.get_exact(keys[static_cast<std::size_t>(i) % keys.size()]));
  }
}

TEST(HotKeys, are_found_with_their_shares) {
  BlockingStore store(std::make_shared<InMemoryStore>());
  ask(store, 400'000);
  const std::vector<HotKey> keys = store.store().hot_keys();
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].key, "hottest");
  EXPECT_NEAR(keys[0].share, 0.5, 0.1);
  EXPECT_EQ(keys[1].key, "hot");
  EXPECT_NEAR(keys[1].share, 0.25, 0.1);
}

TEST(HotKeys, have_no_text_among_the_figures) {
  BlockingStore store(std::make_shared<InMemoryStore>());
  static_cast<void>(store.batch_get(std::vector<std::string>(few, "a secret")));
  const Stats stats = store.get_stats();
  ASSERT_EQ(stats.hot_keys.size(), 1U);
  EXPECT_EQ(stats.hot_keys[0].key, "");
  EXPECT_NE(stats.hot_keys[0].digest, 0U);
  EXPECT_GT(stats.hot_keys[0].share, 0.99);
  EXPECT_EQ(stats.to_json().find("secret"), std::string::npos);
}

TEST(HotKeys, that_are_long_are_told_by_their_beginning) {
  InMemoryStore store;
  for (int i = 0; i != few; ++i) static_cast<void>(await(store.get_exact(std::string(1'000, 'x'))));
  ASSERT_EQ(store.hot_keys().size(), 1U);
  EXPECT_EQ(store.hot_keys()[0].key, std::string(256, 'x'));
  EXPECT_TRUE(store.hot_keys(0).empty());
}

TEST(HotKeys, of_yesterday_are_forgotten) {
  BlockingStore store(std::make_shared<InMemoryStore>());
  for (int i = 0; i != 10'000; ++i) static_cast<void>(store.get_exact("yesterday"));
  for (int i = 0; i != 2'000'000; ++i) static_cast<void>(store.get_exact("today"));
  const std::vector<HotKey> keys = store.store().hot_keys();
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys[0].key, "today");
}

TEST(HotKeys, are_counted_where_they_are_asked_for) {
  const auto inner = std::make_shared<InMemoryStore>();
  class Plain final : public Layer {
   public:
    using Layer::Layer;
  } layer(inner);
  for (int i = 0; i != few; ++i) static_cast<void>(await(layer.get_exact("key")));
  EXPECT_EQ(layer.hot_keys().size(), 1U);
  EXPECT_EQ(await(layer.get_stats()).hot_keys.size(), 1U);
  EXPECT_TRUE(inner->hot_keys().empty());
}

TEST(HotKeys, are_counted_by_many_threads) {
  BlockingStore store(std::make_shared<InMemoryStore>());
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i) threads.emplace_back([&] { ask(store, 50'000); });
  for (std::thread& thread : threads) thread.join();
  const std::vector<HotKey> keys = store.store().hot_keys();
  ASSERT_GE(keys.size(), 2U);
  EXPECT_EQ(keys[0].key, "hottest");
}

}  // namespace
}  // namespace semantrix
