// A server that dies, hangs and returns.
#include "integration/subject.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace semantrix::testing {
namespace {

class Kill : public RedisTest {
 protected:
  Kill() {
    options_.network.connect_timeout = milliseconds(300);
    options_.network.read_timeout = milliseconds(300);
    options_.network.deadline = milliseconds(900);
  }
  static constexpr milliseconds bound = milliseconds(900) + slack;
};

TEST_F(Kill, a_server_that_is_killed_and_started_again) {
  Client store = client();
  store.add("key", "value");
  kill_server("redis");
  EXPECT_TRUE(
      comes_true([&] { return ending_of_get(store, "key").code() == ErrorCode::connect_failed; }));
  const Ending ending = ending_of_add(store, "key", "value");
  EXPECT_EQ(ending.code(), ErrorCode::connect_failed) << ::testing::PrintToString(ending);
  EXPECT_LT(ending.took, bound);
  restart_server("redis");
  EXPECT_TRUE(works_again(store));
  EXPECT_EQ(store.get("key"), std::nullopt);
}

TEST_F(Kill, a_server_that_hangs_and_goes_on) {
  Client store = client();
  store.add("key", "value");
  pause_server("redis");
  for (int call = 0; call != 3; ++call) {
    const Ending ending = ending_of_get(store, "key");
    EXPECT_EQ(ending.code(), ErrorCode::timeout) << ::testing::PrintToString(ending);
    EXPECT_LT(ending.took, bound);
  }
  resume_server("redis");
  EXPECT_TRUE(works_again(store));
  EXPECT_EQ(store.get("key"), Value("value"));
}

TEST_F(Kill, a_server_that_is_not_there_yet) {
  kill_server("redis");
  Client store = client();
  const Ending ending = ending_of_get(store, "key");
  EXPECT_EQ(ending.code(), ErrorCode::connect_failed) << ::testing::PrintToString(ending);
  EXPECT_LT(ending.took, bound);
  restart_server("redis");
  EXPECT_TRUE(works_again(store));
}

TEST_F(Kill, threads_at_work_while_the_server_dies_and_returns) {
  Client first = client();
  first.add("key", "value");
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  for (int number = 0; number != 3; ++number) {
    threads.emplace_back([&, number, store = first]() mutable {
      const std::string key = "key" + std::to_string(number);
      while (!done) {
        try {
          store.add(key, "of " + key);
          const auto found = store.get(key);
          if (found && *found != Value("of " + key)) ++wrong;
        } catch (const CacheError& error) {
          ++failed;
          if (!error.error().retryable()) ++wrong;
        }
      }
    });
  }
  for (int round = 0; round != 3; ++round) {
    const int before = failed;
    kill_server("redis");
    EXPECT_TRUE(comes_true([&] { return failed > before + 3; }));
    restart_server("redis");
    EXPECT_TRUE(works_again(first));
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace semantrix::testing
