// What each layer does of its own; that it keeps the contract is shown by the conformance suite.
#include "remote_store.hpp"
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layers/fail_open.hpp>
#include <semantrix/layers/near_cache.hpp>
#include <semantrix/layers/negative_cache.hpp>
#include <semantrix/layers/rate_limit.hpp>
#include <semantrix/layers/ttl_jitter.hpp>
#include <semantrix/testing/conformance/client.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace semantrix {
namespace {

using namespace std::chrono_literals;
using testing::FakeClock;
using testing::conformance::await;

// -- near_cache --

struct Near {
  explicit Near(NearCacheOptions options = {}) {
    options.clock = clock;
    store = std::make_shared<NearCacheLayer>(remote, options);
  }
  [[nodiscard]] std::optional<Value> get() const { return await(store->get_exact("key")); }
  [[nodiscard]] int asked() const { return remote->gets + remote->entries; }

  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
  std::shared_ptr<RemoteStore> remote = std::make_shared<RemoteStore>(clock);
  std::shared_ptr<NearCacheLayer> store;
};

TEST(NearCache, a_repeated_get_asks_nobody) {
  const Near near;
  await(near.remote->add("key", "value"));
  EXPECT_EQ(near.get(), Value("value"));
  EXPECT_EQ(near.get(), Value("value"));
  EXPECT_EQ(near.get(), Value("value"));
  EXPECT_EQ(near.asked(), 1);
  const Stats stats = await(near.store->get_stats());
  EXPECT_EQ(stats.hits, 3U);
  EXPECT_EQ(stats.misses, 0U);
}

TEST(NearCache, a_copy_does_not_outlive_its_entry_nor_its_own_ttl) {
  const Near near;
  await(near.remote->add("key", "value", {.ttl = 2s}));
  EXPECT_EQ(near.get(), Value("value"));
  near.clock->advance(1999ms);
  EXPECT_EQ(near.get(), Value("value"));
  EXPECT_EQ(near.asked(), 1);
  near.clock->advance(1ms);
  EXPECT_EQ(near.get(), std::nullopt);
  await(near.remote->add("key", "forever"));
  EXPECT_EQ(near.get(), Value("forever"));
  near.clock->advance(5s);
  EXPECT_EQ(near.get(), Value("forever"));
  EXPECT_EQ(near.asked(), 4);
}

TEST(NearCache, sees_its_own_writes_at_once) {
  const Near near;
  await(near.store->add("key", "one", {.ttl = 1min}));
  EXPECT_EQ(near.get(), Value("one"));
  EXPECT_EQ(near.asked(), 0);
  await(near.store->add("key", "two", {.ttl = 1min}));
  EXPECT_EQ(near.get(), Value("two"));
  await(near.store->erase("key"));
  EXPECT_EQ(near.get(), std::nullopt);
}

TEST(NearCache, an_answer_under_way_does_not_bring_an_old_value_back) {
  const Near near;
  await(near.remote->add("key", "old"));
  boost::asio::io_context context{1};
  boost::asio::steady_timer hold(context, std::chrono::hours(1));
  near.remote->hold = &hold;
  std::vector<std::optional<Value>> answers;
  boost::asio::co_spawn(context, collect_get(*near.store, answers), boost::asio::detached);
  context.poll();
  await(near.store->add("key", "new"));
  hold.cancel();
  context.run();
  near.remote->hold = nullptr;
  EXPECT_EQ(answers.at(0), Value("old"));
  EXPECT_EQ(near.get(), Value("new"));
}

TEST(NearCache, drops_what_the_store_says_has_changed) {
  const Near near;
  await(near.remote->add("key", "old"));
  EXPECT_EQ(near.get(), Value("old"));
  const auto listener = near.remote->listener.lock();
  ASSERT_NE(listener, nullptr);
  listener->on_listening(true);
  EXPECT_EQ(near.get(), Value("old"));
  near.clock->advance(1h);  // watched over, a copy lives as long as its entry
  EXPECT_EQ(near.get(), Value("old"));
  EXPECT_EQ(near.asked(), 2);
  await(near.remote->add("key", "new"));
  listener->on_changed("key");
  EXPECT_EQ(near.get(), Value("new"));
  listener->on_listening(false);
  await(near.remote->add("key", "newer"));
  EXPECT_EQ(near.get(), Value("newer"));
}

TEST(NearCache, a_batch_asks_for_what_is_not_near) {
  const Near near;
  await(near.store->add("key", "one", {.ttl = 1min}));
  await(near.remote->add("other", "two"));
  const auto values = await(near.store->batch_get({"other", "key", "nobody"}));
  EXPECT_EQ(values, (std::vector<std::optional<Value>>{Value("two"), Value("one"), std::nullopt}));
}

// -- negative_cache --

TEST(NegativeCache, remembers_a_miss_until_it_is_added_or_old) {
  auto clock = std::make_shared<FakeClock>();
  auto remote = std::make_shared<RemoteStore>(clock);
  NegativeCacheOptions options;
  options.clock = clock;
  NegativeCacheLayer store(remote, options);
  EXPECT_EQ(await(store.get_exact("key")), std::nullopt);
  EXPECT_EQ(await(store.get_exact("key")), std::nullopt);
  EXPECT_EQ(remote->gets, 1);
  EXPECT_EQ(await(store.get_stats()).misses, 2U);
  await(store.add("key", "value"));
  EXPECT_EQ(await(store.get_exact("key")), Value("value"));
  EXPECT_EQ(await(store.get_exact("other")), std::nullopt);
  await(remote->add("other", "from elsewhere"));
  EXPECT_EQ(await(store.get_exact("other")), std::nullopt);
  clock->advance(1s);
  EXPECT_EQ(await(store.get_exact("other")), Value("from elsewhere"));
}

TEST(NegativeCache, an_error_is_no_miss) {
  auto remote = std::make_shared<RemoteStore>();
  NegativeCacheLayer store(remote);
  remote->failure = ErrorCode::timeout;
  EXPECT_EQ(code_of([&] { return await(store.get_exact("key")); }), ErrorCode::timeout);
  EXPECT_EQ(code_of([&] { return await(store.get_exact("key")); }), ErrorCode::timeout);
}

// -- fail_open --

struct FailOpen {
  FailOpen() {
    FailOpenOptions options;
    options.failures = 3;
    options.clock = clock;
    store = std::make_shared<FailOpenLayer>(remote, options);
  }
  [[nodiscard]] std::optional<Value> get() const { return await(store->get_exact("key")); }

  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
  std::shared_ptr<RemoteStore> remote = std::make_shared<RemoteStore>(clock);
  std::shared_ptr<FailOpenLayer> store;
};

TEST(FailOpen, misses_and_drops_while_the_store_is_out_of_reach) {
  const FailOpen open;
  await(open.store->add("key", "value"));
  open.remote->failure = ErrorCode::connect_failed;
  EXPECT_EQ(open.get(), std::nullopt);
  await(open.store->add("key", "dropped"));
  const BatchOutcome outcome = await(open.store->batch_add({{"a", "1"}, {"b", "2"}}));
  EXPECT_TRUE(outcome.ok());
  EXPECT_EQ(outcome.stored, 0U);
  EXPECT_EQ(await(open.store->batch_get({"key"})).size(), 1U);
}

TEST(FailOpen, asks_nobody_once_it_is_open_and_recovers_by_itself) {
  const FailOpen open;
  await(open.store->add("key", "value"));
  open.remote->failure = ErrorCode::timeout;
  for (int i = 0; i != 3; ++i) EXPECT_EQ(open.get(), std::nullopt);
  EXPECT_TRUE(open.store->is_open());
  const int asked = open.remote->gets;
  for (int i = 0; i != 100; ++i) EXPECT_EQ(open.get(), std::nullopt);
  EXPECT_EQ(open.remote->gets, asked);
  EXPECT_EQ(await(open.store->get_stats()).errors.at("unavailable"), 100U);
  open.clock->advance(1s);
  EXPECT_EQ(open.get(), std::nullopt);  // the one that tries
  EXPECT_EQ(open.get(), std::nullopt);
  EXPECT_EQ(open.remote->gets, asked + 1);
  open.remote->failure.reset();
  open.clock->advance(1s);
  EXPECT_EQ(open.get(), Value("value"));
  EXPECT_FALSE(open.store->is_open());
  EXPECT_EQ(open.get(), Value("value"));
}

TEST(FailOpen, other_errors_are_errors_and_throttling_opens_nothing) {
  const FailOpen open;
  open.remote->failure = ErrorCode::authentication_failed;
  EXPECT_EQ(code_of([&] { return open.get(); }), ErrorCode::authentication_failed);
  open.remote->failure = ErrorCode::throttled;
  for (int i = 0; i != 10; ++i) EXPECT_EQ(open.get(), std::nullopt);
  EXPECT_FALSE(open.store->is_open());
}

// -- rate_limit --

TEST(RateLimit, refuses_what_comes_too_fast) {
  auto clock = std::make_shared<FakeClock>();
  auto remote = std::make_shared<RemoteStore>(clock);
  RateLimitOptions options;
  options.per_second = 10;
  options.burst = 3;
  options.clock = clock;
  RateLimitLayer store(remote, options);
  const auto get = [&] { return code_of([&] { return await(store.get_exact("key")); }); };
  for (int i = 0; i != 3; ++i) EXPECT_EQ(get(), std::nullopt);
  EXPECT_EQ(get(), ErrorCode::overloaded);
  clock->advance(100ms);
  EXPECT_EQ(get(), std::nullopt);
  EXPECT_EQ(get(), ErrorCode::overloaded);
  EXPECT_EQ(remote->gets, 4);
  EXPECT_EQ(await(store.get_stats()).errors.at("overloaded"), 2U);
}

TEST(RateLimit, a_batch_counts_as_its_entries) {
  auto clock = std::make_shared<FakeClock>();
  RateLimitOptions options;
  options.per_second = 10;
  options.burst = 3;
  options.clock = clock;
  RateLimitLayer store(std::make_shared<RemoteStore>(clock), options);
  await(store.batch_get({"1", "2", "3", "4", "5"}));
  clock->advance(200ms);
  EXPECT_EQ(code_of([&] { return await(store.batch_get({"1"})); }), ErrorCode::overloaded);
  clock->advance(100ms);
  EXPECT_EQ(code_of([&] { return await(store.batch_get({"1"})); }), std::nullopt);
}

TEST(RateLimit, a_call_may_wait_for_its_turn) {
  RateLimitOptions options;
  options.per_second = 200;
  options.burst = 1;
  options.max_wait = 10s;
  auto remote = std::make_shared<RemoteStore>();
  RateLimitLayer store(remote, options);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i != 5; ++i) await(store.get_exact("key"));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 15ms);
  EXPECT_EQ(remote->gets, 5);
}

TEST(RateLimit, a_limit_must_be_positive) {
  EXPECT_EQ(code_of([] {
              return RateLimitLayer(std::make_shared<InMemoryStore>(), {}).capability().store;
            }),
            ErrorCode::invalid_argument);
}

// -- ttl_jitter --

TEST(TtlJitter, takes_up_to_a_fraction_off) {
  auto clock = std::make_shared<FakeClock>();
  TtlJitterOptions options;
  options.fraction = 0.2;
  options.random = [] { return 0.5; };
  TtlJitterLayer store(std::make_shared<RemoteStore>(clock), options);
  await(store.add("key", "value", {.ttl = 1000ms}));
  EXPECT_EQ(await(store.get_entry("key")).value().ttl, 900ms);
  await(store.add("key", "value"));
  EXPECT_EQ(await(store.get_entry("key")).value().ttl, std::nullopt);
  await(store.batch_add({{"a", "1", 2000ms}, {"b", "2"}}, {.ttl = 1000ms}));
  EXPECT_EQ(await(store.get_entry("a")).value().ttl, 1800ms);
  EXPECT_EQ(await(store.get_entry("b")).value().ttl, 900ms);
}

}  // namespace
}  // namespace semantrix
