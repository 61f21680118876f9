#pragma once

#include <semantrix/executor.hpp>
#include <semantrix/testing/conformance/client.hpp>
#include <semantrix/testing/conformance/context.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// Many callers, threads and executors at once.
namespace semantrix::testing::conformance {

inline constexpr int callers = 4;
inline constexpr int rounds = 300;

/// What every caller stores under a key, so that any hit can be checked.
inline std::string value_of(const std::string& key) { return "the value of " + key; }

inline void threads_see_whole_values(Context& test) {
  test.client();
  std::vector<std::thread> threads;
  for (int caller = 0; caller != callers; ++caller) {
    threads.emplace_back([caller, client = test.another_client()]() mutable {
      for (int round = 0; round != rounds; ++round) {
        const std::string key = "key" + std::to_string((round * (caller + 3)) % 17);
        client.add(key, value_of(key));
        const std::optional<Value> found = client.get(key);
        EXPECT_EQ(found.value_or(Value(value_of(key))), Value(value_of(key)));
        if (round % 7 == caller) client.erase(key);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

inline void threads_see_their_own_writes(Context& test) {
  test.client();
  std::vector<std::thread> threads;
  for (int caller = 0; caller != callers; ++caller) {
    threads.emplace_back([caller, client = test.another_client()]() mutable {
      for (int round = 0; round != rounds; ++round) {
        const std::string key = std::to_string(caller) + ":" + std::to_string(round % 11);
        const std::string value = key + "#" + std::to_string(round);
        client.add(key, value);
        EXPECT_EQ(client.get(key), Value(value));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

inline awaitable<int> calls_in_turn(CacheStore& store, int caller) {
  int wrong = 0;
  for (int round = 0; round != rounds; ++round) {
    const std::string key = std::to_string(caller) + ":" + std::to_string(round % 11);
    const Value value(key + "#" + std::to_string(round));
    co_await store.add(key, value);
    const std::optional<Value> found = co_await store.get_exact(key);
    if (found != value) ++wrong;
  }
  co_return wrong;
}

inline void coroutines_share_one_executor(Context& test) {
  CacheStore& store = test.client().store();
  boost::asio::io_context context{1};
  std::vector<std::future<int>> wrong;
  for (int caller = 0; caller != 16; ++caller) {
    wrong.push_back(
        boost::asio::co_spawn(context, calls_in_turn(store, caller), boost::asio::use_future));
  }
  context.run();
  for (std::future<int>& count : wrong) EXPECT_EQ(count.get(), 0);
}

inline void coroutines_use_executors_of_their_own(Context& test) {
  CacheStore& store = test.client().store();
  boost::asio::thread_pool pool(2);
  boost::asio::io_context context{1};
  std::vector<std::future<int>> wrong;
  for (int caller = 0; caller != 4; ++caller) {
    wrong.push_back(
        boost::asio::co_spawn(pool, calls_in_turn(store, caller), boost::asio::use_future));
    wrong.push_back(boost::asio::co_spawn(context, calls_in_turn(store, caller + 100),
                                          boost::asio::use_future));
    wrong.push_back(boost::asio::co_spawn(library_executor(), calls_in_turn(store, caller + 200),
                                          boost::asio::use_future));
  }
  context.run();
  for (std::future<int>& count : wrong) EXPECT_EQ(count.get(), 0);
  // What resumed the last coroutine may still hold the pool's executor.
  pool.join();
}

inline awaitable<int> times_resumed_elsewhere(CacheStore& store, std::thread::id home) {
  int elsewhere = 0;
  for (int round = 0; round != 20; ++round) {
    co_await store.add("key", Value("value"));
    if (std::this_thread::get_id() != home) ++elsewhere;
    const auto found = co_await store.get_exact("key");
    if (std::this_thread::get_id() != home || !found) ++elsewhere;
  }
  co_return elsewhere;
}

inline void a_call_resumes_on_its_callers_executor(Context& test) {
  CacheStore& store = test.client().store();
  EXPECT_EQ(await(times_resumed_elsewhere(store, std::this_thread::get_id())), 0);
}

inline std::vector<Case> concurrency_cases() {
  return {{"threads_see_whole_values", threads_see_whole_values},
          {"threads_see_their_own_writes", threads_see_their_own_writes},
          {"coroutines_share_one_executor", coroutines_share_one_executor},
          {"coroutines_use_executors_of_their_own", coroutines_use_executors_of_their_own},
          {"a_call_resumes_on_its_callers_executor", a_call_resumes_on_its_callers_executor}};
}

}  // namespace semantrix::testing::conformance
