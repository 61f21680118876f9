// One look-up, and one computation, for all who ask at the same time.
#include "remote_store.hpp"
#include <semantrix/get_or_compute.hpp>
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layers/single_flight.hpp>
#include <semantrix/testing/conformance/client.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace semantrix {
namespace {

using namespace std::chrono_literals;
using testing::FakeClock;
using testing::conformance::await;

// -- get_or_compute --

awaitable<Value> slow_answer(std::atomic<int>& calls) {
  ++calls;
  const auto executor = co_await boost::asio::this_coro::executor;
  for (int i = 0; i != 20; ++i) co_await boost::asio::post(executor, boost::asio::use_awaitable);
  co_return Value("answer");
}

void a_thousand_callers(const std::shared_ptr<CacheStore>& store) {
  std::atomic<int> calls{0};
  const Compute compute = [&calls] { return slow_answer(calls); };
  boost::asio::thread_pool pool(2);
  std::vector<std::future<Value>> answers;
  for (int i = 0; i != 1000; ++i) {
    answers.push_back(boost::asio::co_spawn(pool, get_or_compute(*store, "key", compute),
                                            boost::asio::use_future));
  }
  for (auto& answer : answers) EXPECT_EQ(answer.get(), Value("answer"));
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(await(store->get_exact("key")), Value("answer"));
}

TEST(GetOrCompute, a_thousand_callers_run_the_function_once_over_a_network) {
  a_thousand_callers(std::make_shared<RemoteStore>());
}

TEST(GetOrCompute, a_thousand_callers_run_the_function_once_in_memory) {
  a_thousand_callers(std::make_shared<InMemoryStore>());
}

TEST(GetOrCompute, keeps_the_ttl_and_counts_a_miss_once) {
  auto clock = std::make_shared<FakeClock>();
  InMemoryOptions options;
  options.clock = clock;
  InMemoryStore store(std::move(options));
  std::atomic<int> calls{0};
  const Compute compute = [&calls] { return slow_answer(calls); };
  EXPECT_EQ(await(get_or_compute(store, "key", compute, {.ttl = 1s})), Value("answer"));
  EXPECT_EQ(await(get_or_compute(store, "key", compute, {.ttl = 1s})), Value("answer"));
  const Stats stats = await(store.get_stats());
  EXPECT_EQ(stats.misses, 1U);
  EXPECT_EQ(stats.hits, 1U);
  clock->advance(2s);
  await(get_or_compute(store, "key", compute));
  EXPECT_EQ(calls, 2);
}

awaitable<Value> failing() {
  throw std::runtime_error("no answer");
  co_return Value();
}

TEST(GetOrCompute, an_exception_reaches_the_caller_and_nothing_is_kept) {
  InMemoryStore store;
  EXPECT_THROW(await(get_or_compute(store, "key", failing)), std::runtime_error);
  EXPECT_EQ(await(store.get_exact("key")), std::nullopt);
  std::atomic<int> calls{0};
  const Compute compute = [&calls] { return slow_answer(calls); };
  EXPECT_EQ(await(get_or_compute(store, "key", compute)), Value("answer"));
}

TEST(GetOrCompute, a_value_that_cannot_be_stored_is_returned) {
  InMemoryOptions options;
  options.max_bytes = 1024;
  InMemoryStore store(std::move(options));
  const Compute compute = []() -> awaitable<Value> { co_return Value(std::string(5000, 'x')); };
  EXPECT_EQ(await(get_or_compute(store, "key", compute)).size(), 5000U);
  EXPECT_EQ(code_of([&] { return await(get_or_compute(store, "", compute)); }),
            ErrorCode::invalid_argument);
}

/// A computation that ends when it is cancelled, or when told.
awaitable<Value> until(boost::asio::steady_timer& told, int& calls) {
  ++calls;
  if (calls > 1) co_return Value("second");
  co_await told.async_wait(boost::asio::use_awaitable);
  co_return Value("first");
}

awaitable<void> collect(CacheStore& store, Compute compute, std::vector<Value>& answers) {
  answers.push_back(co_await get_or_compute(store, "key", std::move(compute)));
}

TEST(GetOrCompute, who_waits_takes_over_from_a_cancelled_caller) {
  InMemoryStore store;
  boost::asio::io_context context{1};
  boost::asio::steady_timer never(context, std::chrono::hours(1));
  int calls = 0;
  const Compute compute = [&] { return until(never, calls); };
  std::vector<Value> answers;
  boost::asio::cancellation_signal signal;
  std::exception_ptr thrown;
  boost::asio::co_spawn(
      context, collect(store, compute, answers),
      boost::asio::bind_cancellation_slot(
          signal.slot(), [&](std::exception_ptr why) { thrown = std::move(why); }));
  for (int i = 0; i != 3; ++i) {
    boost::asio::co_spawn(context, collect(store, compute, answers), boost::asio::detached);
  }
  context.poll();
  EXPECT_EQ(calls, 1);
  signal.emit(boost::asio::cancellation_type::terminal);
  context.run();
  EXPECT_NE(thrown, nullptr);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(answers, std::vector<Value>(3, Value("second")));
}

TEST(GetOrCompute, a_waiter_that_is_cancelled_leaves_the_others) {
  InMemoryStore store;
  boost::asio::io_context context{1};
  boost::asio::steady_timer told(context, std::chrono::hours(1));
  std::atomic<int> calls{0};
  const Compute compute = [&]() -> awaitable<Value> {
    ++calls;
    boost::system::error_code ignored;
    co_await told.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    co_return Value("answer");
  };
  std::vector<Value> answers;
  boost::asio::cancellation_signal signal;
  std::exception_ptr thrown;
  boost::asio::co_spawn(context, collect(store, compute, answers), boost::asio::detached);
  boost::asio::co_spawn(
      context, collect(store, compute, answers),
      boost::asio::bind_cancellation_slot(
          signal.slot(), [&](std::exception_ptr why) { thrown = std::move(why); }));
  context.poll();
  signal.emit(boost::asio::cancellation_type::terminal);
  context.poll();
  EXPECT_NE(thrown, nullptr);
  told.cancel();
  context.run();
  EXPECT_EQ(answers, std::vector<Value>{Value("answer")});
  EXPECT_EQ(calls, 1);
}

TEST(GetOrCompute, threads_share_one_computation) {
  BlockingStore store(std::make_shared<RemoteStore>());
  std::atomic<int> calls{0};
  std::vector<std::thread> threads;
  for (int i = 0; i != 8; ++i) {
    threads.emplace_back([&] {
      const auto compute = [&calls] {
        ++calls;
        return Value("answer");
      };
      EXPECT_EQ(get_or_compute(store, "key", compute), Value("answer"));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(calls, 1);
}

// -- single_flight --

TEST(SingleFlight, many_callers_ask_the_store_once) {
  auto remote = std::make_shared<RemoteStore>();
  SingleFlightLayer store(remote);
  await(store.add("key", "value"));
  boost::asio::io_context context{1};
  std::vector<std::optional<Value>> answers;
  for (int i = 0; i != 100; ++i) {
    boost::asio::co_spawn(context, collect_get(store, answers), boost::asio::detached);
  }
  context.run();
  EXPECT_EQ(answers, std::vector<std::optional<Value>>(100, Value("value")));
  EXPECT_EQ(remote->gets, 1);
}

TEST(SingleFlight, a_read_after_a_write_does_not_join_one_from_before) {
  auto remote = std::make_shared<RemoteStore>();
  SingleFlightLayer store(remote);
  await(store.add("key", "old"));
  boost::asio::io_context context{1};
  boost::asio::steady_timer hold(context, std::chrono::hours(1));
  remote->hold = &hold;
  std::vector<std::optional<Value>> answers;
  boost::asio::co_spawn(context, collect_get(store, answers), boost::asio::detached);
  context.poll();
  await(store.add("key", "new"));
  boost::asio::co_spawn(context, collect_get(store, answers), boost::asio::detached);
  context.poll();
  hold.cancel();
  context.run();
  EXPECT_EQ(answers, (std::vector<std::optional<Value>>{Value("old"), Value("new")}));
}

}  // namespace
}  // namespace semantrix
