// Layers that have one caller compute a value anew while others still get the old one.
#include "remote_store.hpp"
#include <semantrix/get_or_compute.hpp>
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layers/early_refresh.hpp>
#include <semantrix/layers/near_cache.hpp>
#include <semantrix/layers/stale_while_revalidate.hpp>
#include <semantrix/testing/conformance/client.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace semantrix {
namespace {

using namespace std::chrono_literals;
using testing::FakeClock;
using testing::conformance::await;

enum class Where : std::uint8_t { in_memory, remote, near };

/// A clock, a store of the wanted kind, and whatever lies over it.
class RefreshingLayers : public ::testing::TestWithParam<Where> {
 protected:
  RefreshingLayers() {
    InMemoryOptions memory;
    memory.clock = clock;
    NearCacheOptions near;
    near.clock = clock;
    remote = std::make_shared<RemoteStore>(clock);
    if (GetParam() == Where::in_memory) inner = std::make_shared<InMemoryStore>(std::move(memory));
    if (GetParam() == Where::remote) inner = remote;
    if (GetParam() == Where::near) inner = std::make_shared<NearCacheLayer>(remote, near);
  }

  [[nodiscard]] std::shared_ptr<CacheStore> stale(std::chrono::milliseconds stale_for) const {
    StaleWhileRevalidateOptions options;
    options.stale_for = stale_for;
    options.lease = 10s;
    options.clock = clock;
    return std::make_shared<StaleWhileRevalidateLayer>(inner, options);
  }
  /// Throws a die that falls as `random` says.
  [[nodiscard]] std::shared_ptr<EarlyRefreshLayer> early(const double& random) const {
    EarlyRefreshOptions options;
    options.compute_time = 1s;
    options.random = [&random] { return random; };
    options.clock = clock;
    return std::make_shared<EarlyRefreshLayer>(inner, options);
  }

  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
  std::shared_ptr<RemoteStore> remote;
  std::shared_ptr<CacheStore> inner;
};

std::optional<Value> get(CacheStore& store) { return await(store.get_exact("key")); }

class StaleWhileRevalidate : public RefreshingLayers {};
class EarlyRefresh : public RefreshingLayers {};

TEST_P(StaleWhileRevalidate, past_the_ttl_one_caller_computes_and_the_others_get_the_old_value) {
  const auto store = stale(1min);
  await(store->add("key", "old", {.ttl = 20s}));
  EXPECT_EQ(get(*store), Value("old"));
  clock->advance(19'999ms);
  EXPECT_EQ(get(*store), Value("old"));
  clock->advance(1ms);
  EXPECT_EQ(get(*store), std::nullopt);
  EXPECT_EQ(get(*store), Value("old"));
  EXPECT_EQ(get(*store), Value("old"));
  EXPECT_EQ(await(store->get_entry("key")), std::nullopt);
  await(store->add("key", "new", {.ttl = 20s}));
  EXPECT_EQ(get(*store), Value("new"));
  const Stats stats = await(store->get_stats());
  EXPECT_EQ(stats.hits, 5U);
  EXPECT_EQ(stats.misses, 1U);
}

TEST_P(StaleWhileRevalidate, ends_with_its_time_and_tells_another_when_the_first_fails) {
  const auto store = stale(1min);
  await(store->add("key", "old", {.ttl = 20s}));
  clock->advance(20s);
  EXPECT_EQ(get(*store), std::nullopt);
  clock->advance(9'999ms);
  EXPECT_EQ(get(*store), Value("old"));
  clock->advance(1ms);
  EXPECT_EQ(get(*store), std::nullopt);
  EXPECT_EQ(get(*store), Value("old"));
  clock->advance(49'999ms);
  EXPECT_EQ(get(*store), std::nullopt);
  EXPECT_EQ(get(*store), Value("old"));
  clock->advance(1ms);
  EXPECT_EQ(get(*store), std::nullopt);
  EXPECT_EQ(get(*store), std::nullopt);
}

TEST_P(StaleWhileRevalidate, shows_the_ttl_that_was_asked_for) {
  const auto store = stale(1min);
  await(store->add("key", "value", {.ttl = 20s}));
  await(store->add("forever", "value"));
  clock->advance(5s);
  EXPECT_EQ(await(store->get_entry("key")).value().ttl, 15s);
  EXPECT_EQ(await(store->get_entry("forever")).value().ttl, std::nullopt);
  clock->advance(1h);
  EXPECT_EQ(await(store->get_exact("forever")), Value("value"));
}

TEST_P(StaleWhileRevalidate, a_batch_tells_one_caller_as_well) {
  const auto store = stale(1min);
  await(store->batch_add({{"key", "old"}, {"other", "fresh", 1h}}, {.ttl = 20s}));
  clock->advance(20s);
  using Values = std::vector<std::optional<Value>>;
  EXPECT_EQ(await(store->batch_get({"key", "other"})), (Values{std::nullopt, Value("fresh")}));
  EXPECT_EQ(await(store->batch_get({"key", "other"})), (Values{Value("old"), Value("fresh")}));
  await(store->erase("key"));
  EXPECT_EQ(get(*store), std::nullopt);
}

TEST_P(StaleWhileRevalidate, what_is_past_its_ttl_is_neither_listed_nor_counted_nor_erased) {
  const auto store = stale(1min);
  const std::vector<std::string> keys{"one", "two", "three"};
  for (const std::string& key : keys) await(store->add(key, "old", {.ttl = 20s}));
  await(store->add("fresh", "value", {.ttl = 1h}));
  EXPECT_EQ(await(store->size()), 4U);
  clock->advance(20s);
  EXPECT_EQ(await(store->keys().rest()), std::vector<std::string>{"fresh"});
  EXPECT_EQ(await(store->size()), 1U);
  EXPECT_EQ(await(store->size(SizeMode::approximate)), 4U);
  EXPECT_FALSE(await(store->erase("one")));
  EXPECT_EQ(await(store->batch_erase({"two", "three", "two", "fresh"})), 1U);
  EXPECT_EQ(await(store->size(SizeMode::approximate)), 0U);
}

/// Computes when told to; counts.
awaitable<Value> when_told(boost::asio::steady_timer& told, int& calls) {
  ++calls;
  boost::system::error_code ignored;
  co_await told.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  co_return Value("new");
}

awaitable<void> collect(CacheStore& store, Compute compute, std::vector<Value>& answers) {
  AddOptions options;
  options.ttl = 20s;
  answers.push_back(co_await get_or_compute(store, "key", std::move(compute), options));
}

TEST_P(StaleWhileRevalidate, while_one_computes_get_or_compute_gives_the_others_the_old_value) {
  const auto store = stale(1min);
  await(store->add("key", "old", {.ttl = 20s}));
  clock->advance(20s);
  boost::asio::io_context context{1};
  boost::asio::steady_timer told(context, std::chrono::hours(1));
  int calls = 0;
  const Compute compute = [&] { return when_told(told, calls); };
  std::vector<Value> answers;
  for (int i = 0; i != 100; ++i) {
    boost::asio::co_spawn(context, collect(*store, compute, answers), boost::asio::detached);
  }
  context.poll();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(answers, std::vector<Value>(99, Value("old")));
  told.cancel();
  context.run();
  EXPECT_EQ(answers.back(), Value("new"));
  EXPECT_EQ(get(*store), Value("new"));
}

TEST(StaleWhileRevalidateOnce, refuses_times_that_are_not_positive) {
  const auto make = [](std::chrono::milliseconds stale_for, std::chrono::milliseconds lease) {
    return code_of([&] {
      StaleWhileRevalidateOptions options;
      options.stale_for = stale_for;
      options.lease = lease;
      return StaleWhileRevalidateLayer(std::make_shared<InMemoryStore>(), options).capability();
    });
  };
  EXPECT_EQ(make(0ms, 1s), ErrorCode::invalid_argument);
  EXPECT_EQ(make(1s, -1s), ErrorCode::invalid_argument);
  EXPECT_EQ(make(1s, 1s), std::nullopt);
}

TEST(StaleWhileRevalidateOnce, asks_a_remote_store_once_for_each_read) {
  auto clock = std::make_shared<FakeClock>();
  auto remote = std::make_shared<RemoteStore>(clock);
  StaleWhileRevalidateOptions options;
  options.clock = clock;
  StaleWhileRevalidateLayer store(remote, options);
  await(remote->add("key", "by another", {.ttl = 1h}));
  for (int i = 0; i != 10; ++i) EXPECT_EQ(get(store), Value("by another"));
  EXPECT_EQ(remote->entries, 1);
  EXPECT_EQ(remote->gets, 9);
}

TEST_P(EarlyRefresh, the_nearer_the_end_the_likelier_a_miss) {
  double random = 0.99;  // 1 s × -ln(0.01) = 4.6 s
  const auto store = early(random);
  await(store->add("key", "value", {.ttl = 1min}));
  EXPECT_EQ(get(*store), Value("value"));
  clock->advance(55s);
  EXPECT_EQ(get(*store), Value("value"));
  clock->advance(1s);
  EXPECT_EQ(get(*store), std::nullopt);
  EXPECT_EQ(await(store->get_entry("key")).value().ttl, 4s);
  random = 0.5;  // 0.7 s
  EXPECT_EQ(get(*store), Value("value"));
  clock->advance(3'400ms);
  EXPECT_EQ(get(*store), std::nullopt);
  random = 0;
  clock->advance(599ms);
  EXPECT_EQ(get(*store), Value("value"));
  clock->advance(1ms);
  EXPECT_EQ(get(*store), std::nullopt);
}

TEST_P(EarlyRefresh, measures_how_long_a_computation_takes) {
  const double random = 0;
  const auto store = early(random);
  EXPECT_EQ(store->compute_time(), 1s);
  for (int i = 0; i != 50; ++i) {
    await(store->erase("key"));
    EXPECT_EQ(get(*store), std::nullopt);
    clock->advance(3s);
    await(store->add("key", "value", {.ttl = 1min}));
  }
  EXPECT_NEAR(static_cast<double>(store->compute_time().count()), 3000, 1);
}

TEST_P(EarlyRefresh, get_or_compute_computes_anew_what_is_still_there) {
  double random = 0.999'999;
  const auto store = early(random);
  await(store->add("key", "old", {.ttl = 1s}));
  const Compute compute = []() -> awaitable<Value> { co_return Value("new"); };
  EXPECT_EQ(await(get_or_compute(*store, "key", compute, {.ttl = 1h})), Value("new"));
  EXPECT_EQ(await(get_or_compute(*store, "key", compute, {.ttl = 1h})), Value("new"));
  random = 0;
  EXPECT_EQ(get(*store), Value("new"));
}

TEST(EarlyRefreshOnce, refuses_numbers_that_are_not_positive) {
  for (const double beta : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(),
                            std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(code_of([&] {
                EarlyRefreshOptions options;
                options.beta = beta;
                return EarlyRefreshLayer(std::make_shared<InMemoryStore>(), options).compute_time();
              }),
              ErrorCode::invalid_argument);
  }
}

const auto everywhere = ::testing::Values(Where::in_memory, Where::remote, Where::near);
INSTANTIATE_TEST_SUITE_P(, StaleWhileRevalidate, everywhere);
INSTANTIATE_TEST_SUITE_P(, EarlyRefresh, everywhere);

}  // namespace
}  // namespace semantrix
