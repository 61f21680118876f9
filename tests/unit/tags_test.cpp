// Tags by generations, over a store that has none.
#include "remote_store.hpp"
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layers/near_cache.hpp>
#include <semantrix/layers/tags.hpp>
#include <semantrix/testing/conformance/client.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix {
namespace {

using namespace std::chrono_literals;
using testing::conformance::await;

constexpr std::string_view red_key = "smx#tag:red";
constexpr std::array<std::string_view, 1> red{"red"};
constexpr std::array<std::string_view, 2> red_and_round{"red", "round"};

AddOptions tagged(std::span<const std::string_view> tags) {
  AddOptions options;
  options.tags = tags;
  return options;
}

/// One server, and two processes that reach it.
class Tags : public ::testing::Test {
 protected:
  [[nodiscard]] TagsOptions options() const {
    TagsOptions options;
    options.clock = clock;
    return options;
  }

  std::shared_ptr<testing::FakeClock> clock = std::make_shared<testing::FakeClock>();
  std::shared_ptr<RemoteStore> remote = std::make_shared<RemoteStore>(clock);
  TagsLayer store{remote, options()};
  TagsLayer other{remote, options()};

  [[nodiscard]] std::string generation() const {
    return await(remote->get_exact(red_key)).value_or(Value("none")).str();
  }
};

TEST_F(Tags, hold_across_processes) {
  await(store.add("one", "value", tagged(red)));
  await(other.add("two", "value", tagged(red_and_round)));
  EXPECT_EQ(await(other.get_exact("one")), Value("value"));
  EXPECT_EQ(await(store.get_entry("two")).value().tags, (std::vector<std::string>{"red", "round"}));
  EXPECT_EQ(await(other.invalidate_tag("red")), 1U);
  using Values = std::vector<std::optional<Value>>;
  EXPECT_EQ(await(store.batch_get({"one", "two"})), Values(2));
  EXPECT_EQ(await(other.get_entry("two")), std::nullopt);
}

TEST_F(Tags, a_lost_generation_is_a_miss_and_never_comes_back) {
  await(store.add("key", "value", tagged(red)));
  await(remote->erase(red_key));
  EXPECT_EQ(await(store.get_exact("key")), std::nullopt);
  clock->advance(1ms);
  await(other.add("new", "value", tagged(red)));
  EXPECT_EQ(await(store.get_exact("new")), Value("value"));
  EXPECT_EQ(await(store.get_exact("key")), std::nullopt);
}

TEST_F(Tags, a_generation_that_is_written_again_late_revives_nothing) {
  await(store.add("key", "old", tagged(red)));
  const std::string first = generation();
  EXPECT_EQ(await(store.invalidate_tag("red")), 1U);
  EXPECT_GT(generation(), first);
  await(store.add("other", "value", tagged(red)));
  await(remote->add(red_key, first));
  EXPECT_EQ(await(store.get_exact("key")), std::nullopt);
  EXPECT_EQ(await(store.get_exact("other")), std::nullopt);
  await(store.add("other", "value", tagged(red)));
  EXPECT_EQ(await(store.get_exact("other")), Value("value"));
  EXPECT_EQ(await(store.get_exact("key")), std::nullopt);
  EXPECT_EQ(await(other.get_exact("key")), std::nullopt);
}

TEST_F(Tags, a_lost_generation_that_is_invalidated_stays_lost) {
  await(store.add("key", "value", tagged(red)));
  const std::string first = generation();
  await(remote->erase(red_key));
  EXPECT_EQ(await(store.invalidate_tag("red")), 0U);
  await(store.add("other", "value", tagged(red)));
  EXPECT_GT(generation(), first);
  EXPECT_EQ(await(store.get_exact("key")), std::nullopt);
}

TEST_F(Tags, a_clock_that_goes_back_costs_misses_and_no_more) {
  clock->advance(1h);
  await(store.add("key", "value", tagged(red)));
  await(remote->erase(red_key));
  TagsOptions behind = options();
  behind.clock = std::make_shared<testing::FakeClock>();
  TagsLayer late(remote, behind);
  await(late.add("late", "value", tagged(red)));
  EXPECT_EQ(await(late.get_exact("late")), Value("value"));
  EXPECT_EQ(await(store.get_exact("late")), std::nullopt);
  await(store.add("key", "new", tagged(red)));
  EXPECT_EQ(await(late.get_exact("key")), Value("new"));
  await(late.add("late", "again", tagged(red)));
  EXPECT_EQ(await(store.get_exact("late")), Value("again"));
}

TEST_F(Tags, end_with_their_ttl) {
  await(store.add("key", "value", tagged(red)));
  clock->advance(std::chrono::hours(24 * 365) - 1ms);
  EXPECT_EQ(await(store.get_exact("key")), Value("value"));
  clock->advance(1ms);
  EXPECT_EQ(await(store.get_exact("key")), std::nullopt);
}

awaitable<void> add_red(CacheStore& store, std::string key) {
  co_await store.add(key, "value", tagged(red));
}

TEST_F(Tags, an_add_that_was_under_way_while_its_tag_was_invalidated_is_a_miss) {
  await(store.add("before", "value", tagged(red)));
  boost::asio::io_context context{1};
  boost::asio::steady_timer hold(context, 1h);
  remote->hold = &hold;
  boost::asio::co_spawn(context, add_red(store, "key"), boost::asio::detached);
  context.poll();
  remote->hold = nullptr;
  EXPECT_EQ(await(other.invalidate_tag("red")), 1U);
  hold.cancel();
  context.run();
  EXPECT_TRUE(await(remote->get_exact("key")).has_value());
  EXPECT_EQ(await(store.get_exact("key")), std::nullopt);
  EXPECT_EQ(await(other.get_exact("key")), std::nullopt);
}

TEST_F(Tags, many_first_adds_of_a_tag_begin_one_generation) {
  boost::asio::io_context context{1};
  for (int i = 0; i != 100; ++i) {
    boost::asio::co_spawn(context, add_red(store, std::to_string(i)), boost::asio::detached);
  }
  context.run();
  EXPECT_EQ(remote->adds, 101);
  for (int i = 0; i != 100; ++i) {
    EXPECT_EQ(await(other.get_exact(std::to_string(i))), Value("value")) << i;
  }
}

TEST_F(Tags, an_untagged_value_is_stored_as_it_is) {
  await(store.add("key", "value"));
  EXPECT_EQ(await(remote->get_exact("key")), Value("value"));
  await(store.add("tagged", "value", tagged(red)));
  EXPECT_NE(await(remote->get_exact("tagged")), Value("value"));
  await(store.add("tagged", Value("bytes").as_binary(), tagged(red)));
  EXPECT_TRUE(await(store.get_exact("tagged")).value().binary());
}

TEST_F(Tags, a_value_that_looks_like_a_record_comes_back) {
  const Value looks(std::string("\xF5SMX and more"));
  await(store.add("key", looks));
  EXPECT_EQ(await(store.get_exact("key")), looks);
  await(store.batch_add({{"other", looks}}));
  EXPECT_EQ(await(other.get_exact("other")), looks);
  await(remote->add("key", looks));
  EXPECT_EQ(await(store.get_exact("key")), std::nullopt);
  EXPECT_EQ(await(store.get_stats()).corrupt, 1U);
}

TEST_F(Tags, its_own_keys_are_nobodys_entries) {
  await(store.add("key", "value", tagged(red)));
  await(store.add("smooth", "value", tagged(red)));
  EXPECT_EQ(await(store.size()), 2U);
  auto keys = await(store.keys().rest());
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(keys, (std::vector<std::string>{"key", "smooth"}));
  EXPECT_EQ(await(store.get_exact(red_key)), std::nullopt);
  EXPECT_EQ(await(store.get_entry(red_key)), std::nullopt);
  EXPECT_EQ(await(store.batch_get({std::string(red_key)})).front(), std::nullopt);
  EXPECT_FALSE(await(store.erase(red_key)));
  EXPECT_EQ(await(store.batch_erase({std::string(red_key), "nobody"})), 0U);
  EXPECT_EQ(await(store.invalidate_prefix("sm")), 1U);
  EXPECT_EQ(await(store.get_exact("key")), Value("value"));
  EXPECT_EQ(await(store.clear()), 1U);
  EXPECT_EQ(await(remote->size()), 0U);
}

TEST_F(Tags, its_own_keys_cannot_be_added) {
  EXPECT_EQ(code_of([&] {
              await(store.add(red_key, "mine"));
              return 0;
            }),
            ErrorCode::invalid_argument);
  const BatchOutcome outcome =
      await(store.batch_add({{"one", "1"}, {std::string(red_key), "mine"}, {"two", "2"}}));
  EXPECT_EQ(outcome.stored, 2U);
  ASSERT_EQ(outcome.failures.size(), 1U);
  EXPECT_EQ(outcome.failures.front().index, 1U);
  EXPECT_EQ(await(store.get_exact("two")), Value("2"));
}

TEST_F(Tags, figures_are_the_callers) {
  await(store.add("key", "value", tagged(red_and_round)));
  await(store.add("key", "value", tagged(red_and_round)));
  EXPECT_TRUE(await(store.get_exact("key")).has_value());
  EXPECT_TRUE(await(store.batch_get({"key"})).front().has_value());
  await(store.invalidate_tag("red"));
  EXPECT_FALSE(await(store.get_exact("key")).has_value());
  const Stats stats = await(store.get_stats());
  EXPECT_EQ(stats.adds, 2U);
  EXPECT_EQ(stats.hits, 2U);
  EXPECT_EQ(stats.misses, 1U);
}

TEST_F(Tags, a_store_out_of_reach_says_so) {
  await(store.add("key", "value", tagged(red)));
  remote->failure = ErrorCode::unavailable;
  const auto adding = [&] {
    await(store.add("key", "new", tagged(red)));
    return 0;
  };
  EXPECT_EQ(code_of(adding), ErrorCode::unavailable);
  EXPECT_EQ(code_of([&] { return await(store.invalidate_tag("red")); }), ErrorCode::unavailable);
  EXPECT_EQ(code_of([&] { return await(store.get_exact("key")); }), ErrorCode::unavailable);
}

TEST(TagsOnce, over_a_near_cache_a_repeated_get_asks_nobody) {
  auto remote = std::make_shared<RemoteStore>();
  TagsLayer store(std::make_shared<NearCacheLayer>(remote));
  await(store.add("key", "value", tagged(red)));
  EXPECT_EQ(await(store.get_exact("key")), Value("value"));
  const int asked = remote->gets + remote->entries;
  for (int i = 0; i != 10; ++i) EXPECT_EQ(await(store.get_exact("key")), Value("value"));
  EXPECT_EQ(remote->gets + remote->entries, asked);
  EXPECT_EQ(await(store.get_stats()).hits, 11U);
  EXPECT_EQ(await(store.invalidate_tag("red")), 1U);
  EXPECT_EQ(await(store.get_exact("key")), std::nullopt);
}

TEST(TagsOnce, refuses_a_ttl_that_is_not_positive) {
  EXPECT_EQ(code_of([] {
              TagsOptions options;
              options.tag_ttl = 0ms;
              return TagsLayer(std::make_shared<InMemoryStore>(), options).capability();
            }),
            ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace semantrix
