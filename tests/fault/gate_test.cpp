// A store behind a faulty network: every call ends as it must and in its time, the next one gets
// its own answer, and the store finds back by itself.
#include "integration/subject.hpp"
#include "support/fault_gate.hpp"
#include <semantrix/async.hpp>
#include <semantrix/testing/conformance/bytes_cases.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <utility>
#include <vector>

namespace semantrix::testing {
namespace {

class Gate : public RedisTest {
 protected:
  Gate() : gate_(server_.endpoint()) {
    options_.endpoint = gate_.endpoint().text();
    options_.network.max_pool_connections = 1;
  }

  /// For tests of a call that ends in its time, without a second try.
  void be_short() {
    options_.network.connect_timeout = milliseconds(300);
    options_.network.read_timeout = milliseconds(300);
    options_.network.deadline = milliseconds(900);
    options_.network.retry_attempts = 0;
  }
  static constexpr milliseconds short_bound = milliseconds(900) + slack;

  /// Each key has a value that names it.
  static void fill(Client& store) {
    for (const char* key : {"a", "b", "c"}) store.add(key, std::string("of ") + key);
  }
  static void expect_own_answers(Client& store) {
    EXPECT_TRUE(works_again(store));
    for (const char* key : {"a", "b", "c", "a"}) {
      EXPECT_EQ(store.get(key), Value(std::string("of ") + key));
    }
    EXPECT_EQ(store.get("nobody"), std::nullopt);
  }

  FaultGate gate_;
};

TEST_F(Gate, every_byte_on_its_own) {
  gate_.split(Direction::to_server);
  gate_.split(Direction::to_client);
  Client store = client();
  fill(store);
  expect_own_answers(store);
  const std::string value = conformance::noise(20'000);
  store.add("long", Value(value));
  EXPECT_EQ(store.get("long"), Value(value));
  const auto found = store.batch_get({"a", "nobody", "b", "long", "c"});
  EXPECT_EQ(found, (std::vector<std::optional<Value>>{Value("of a"), std::nullopt, Value("of b"),
                                                      Value(value), Value("of c")}));
  EXPECT_EQ(store.keys().size(), 5U);
  EXPECT_EQ(store.clear(), 5U);
  EXPECT_EQ(gate_.counts().connections, 1U);
}

TEST_F(Gate, pieces_of_every_size) {
  Client store = client();
  const std::string value = conformance::noise(300);
  for (std::size_t piece = 1; piece != 70; piece += 3) {
    gate_.split(Direction::to_client, piece);
    gate_.split(Direction::to_server, 70 - piece);
    const std::string key = "key" + std::to_string(piece);
    store.add(key, Value(value + key));
    EXPECT_EQ(store.get(key), Value(value + key)) << piece;
    EXPECT_TRUE(store.entry(key).has_value()) << piece;
  }
  EXPECT_EQ(gate_.counts().connections, 1U);
}

TEST_F(Gate, delays_are_waited_for) {
  Client store = client();
  fill(store);
  gate_.delay(Direction::to_client, milliseconds(50));
  gate_.delay(Direction::to_server, milliseconds(50));
  const auto start = steady_clock::now();
  EXPECT_EQ(store.get("a"), Value("of a"));
  EXPECT_GE(steady_clock::now() - start, milliseconds(100));
  EXPECT_EQ(gate_.counts().connections, 1U);
}

TEST_F(Gate, an_answer_that_comes_too_late_is_nobodys) {
  be_short();
  Client store = client();
  fill(store);
  gate_.delay(Direction::to_client, milliseconds(500));
  const Ending ending = ending_of_get(store, "a");
  EXPECT_EQ(ending.code(), ErrorCode::timeout) << ::testing::PrintToString(ending);
  EXPECT_GE(ending.took, milliseconds(290));
  EXPECT_LT(ending.took, short_bound);
  gate_.delay(Direction::to_client, milliseconds(0));
  expect_own_answers(store);
}

TEST_F(Gate, late_answers_among_timely_ones_are_nobodys) {
  be_short();
  Client store = client();
  fill(store);
  for (int round = 0; round != 4; ++round) {
    gate_.delay(Direction::to_client, milliseconds(250 + 40 * round));
    for (const char* key : {"a", "b", "c"}) {
      std::optional<Value> found;
      const Ending ending = ending_of([&] { return found = store.get(key); });
      EXPECT_LT(ending.took, short_bound);
      if (!ending.error) {
        EXPECT_EQ(found, Value(std::string("of ") + key));
      }
    }
  }
  gate_.pass();
  expect_own_answers(store);
}

TEST_F(Gate, a_swallowed_answer_is_not_the_next_calls) {
  be_short();
  Client store = client();
  fill(store);
  gate_.drop(Direction::to_client);
  const Ending ending = ending_of_get(store, "a");
  EXPECT_EQ(ending.code(), ErrorCode::timeout) << ::testing::PrintToString(ending);
  EXPECT_LT(ending.took, short_bound);
  gate_.pass();
  expect_own_answers(store);
}

TEST_F(Gate, a_swallowed_request_is_not_waited_for_forever) {
  be_short();
  Client store = client();
  fill(store);
  gate_.drop(Direction::to_server);
  const Ending ending = ending_of_add(store, "a", "of a");
  EXPECT_EQ(ending.code(), ErrorCode::timeout) << ::testing::PrintToString(ending);
  EXPECT_EQ(ending.error->info().phase, Phase::sent);
  EXPECT_LT(ending.took, short_bound);
  gate_.pass();
  expect_own_answers(store);
}

TEST_F(Gate, a_request_that_the_network_takes_in_part) {
  be_short();
  Client store = client();
  fill(store);
  gate_.blackhole();
  const Ending ending = ending_of_add(store, "large", of_bytes(30'000'000));
  EXPECT_EQ(ending.code(), ErrorCode::timeout) << ::testing::PrintToString(ending);
  EXPECT_LT(ending.took, short_bound);
  gate_.pass();
  gate_.reset_all();
  expect_own_answers(store);
}

TEST_F(Gate, a_black_hole_times_out_and_is_left_behind) {
  be_short();
  Client store = client();
  fill(store);
  gate_.blackhole();
  for (int call = 0; call != 3; ++call) {
    const Ending ending = ending_of_get(store, "a");
    EXPECT_EQ(ending.code(), ErrorCode::timeout) << ::testing::PrintToString(ending);
    EXPECT_LT(ending.took, short_bound);
  }
  gate_.pass();
  expect_own_answers(store);
}

TEST_F(Gate, a_reset_fails_what_is_under_way) {
  be_short();
  options_.network.read_timeout = std::chrono::seconds(10);
  options_.network.deadline = std::chrono::seconds(10);
  Client store = client();
  fill(store);
  gate_.drop(Direction::to_client);
  const std::size_t before = gate_.counts().bytes_to_server;
  auto stuck = async_get_exact(store.store(), "a", boost::asio::use_future);
  EXPECT_TRUE(comes_true([&] { return gate_.counts().bytes_to_server > before; }));
  gate_.pass();
  gate_.reset_all();
  ASSERT_EQ(stuck.wait_for(slack), std::future_status::ready);
  EXPECT_EQ(error_of([&] { return stuck.get().value(); }), ErrorCode::connection_lost);
  expect_own_answers(store);
}

/// However many calls it meets: the server is there, and no reason to give it up.
TEST_F(Gate, a_reset_with_many_calls_under_way_is_one_failure) {
  Client store = client();
  fill(store);
  gate_.drop(Direction::to_client);
  const std::size_t before = gate_.counts().bytes_to_server;
  std::vector<std::future<Result<std::optional<Value>>>> stuck;
  for (int call = 0; call != 80; ++call) {
    stuck.push_back(async_get_exact(store.store(), "a", boost::asio::use_future));
  }
  EXPECT_TRUE(
      comes_true([&] { return gate_.counts().bytes_to_server > before + std::size_t{80} * 30; }));
  gate_.pass();
  gate_.reset_all();
  for (auto& call : stuck) {
    ASSERT_EQ(call.wait_for(slack), std::future_status::ready);
    EXPECT_EQ(error_of([&call] { return call.get().value(); }), std::nullopt);
  }
  EXPECT_EQ(ending_of_get(store, "a").code(), std::nullopt);
}

TEST_F(Gate, an_answer_cut_at_every_byte) {
  be_short();
  options_.network.read_timeout = std::chrono::seconds(10);
  options_.network.deadline = std::chrono::seconds(20);
  Client store = client();
  store.add("a", "of a");
  // "$4\r\nof a\r\n" less its last byte.
  for (std::size_t bytes = 1; bytes != 10; ++bytes) {
    ASSERT_TRUE(works_again(store));
    gate_.close_after(Direction::to_client, bytes);
    const Ending ending = ending_of_get(store, "a");
    EXPECT_EQ(ending.code(), ErrorCode::connection_lost) << bytes;
    EXPECT_LT(ending.took, slack);
  }
  EXPECT_TRUE(works_again(store));
  EXPECT_EQ(store.get("a"), Value("of a"));
}

TEST_F(Gate, an_end_of_file_in_one_direction) {
  Client store = client();
  fill(store);
  gate_.half_close(Direction::to_client);
  expect_own_answers(store);
  gate_.half_close(Direction::to_server);
  expect_own_answers(store);
  gate_.close_all();
  expect_own_answers(store);
  EXPECT_GE(gate_.counts().connections, 4U);
}

TEST_F(Gate, refused_and_accepted_again) {
  be_short();
  Client store = client();
  fill(store);
  gate_.refuse();
  gate_.reset_all();
  EXPECT_TRUE(
      comes_true([&] { return ending_of_get(store, "a").code() == ErrorCode::connect_failed; }));
  for (int call = 0; call != 3; ++call) {
    const Ending ending = ending_of_get(store, "a");
    EXPECT_EQ(ending.code(), ErrorCode::connect_failed) << ::testing::PrintToString(ending);
    EXPECT_LT(ending.took, short_bound);
  }
  gate_.accept_again();
  expect_own_answers(store);
}

/// Nobody calls meanwhile: the store connects in the background.
TEST_F(Gate, refused_for_long_and_found_again_within_its_time) {
  be_short();
  Client store = client();
  fill(store);
  gate_.refuse();
  gate_.reset_all();
  for (const auto end = steady_clock::now() + std::chrono::seconds(3); steady_clock::now() < end;) {
    EXPECT_TRUE(ending_of_get(store, "a").error.has_value());
  }
  gate_.accept_again();
  EXPECT_TRUE(works_again(store));
  expect_own_answers(store);
}

TEST_F(Gate, resets_again_and_again_with_callers_at_work) {
  options_.network.retry_attempts = 0;
  Client store = client();
  fill(store);
  int answered = 0;
  int failed = 0;
  for (int round = 0; round != 300; ++round) {
    if (round % 10 == 5) gate_.reset_all();
    const std::string key(1, static_cast<char>('a' + round % 3));
    std::optional<Value> found;
    const Ending ending = ending_of([&] { return found = store.get(key); });
    if (ending.error) {
      ++failed;
      EXPECT_TRUE(ending.error->retryable()) << ::testing::PrintToString(ending);
      ASSERT_TRUE(works_again(store));
    } else {
      ++answered;
      EXPECT_EQ(found, Value("of " + key));
    }
  }
  EXPECT_GT(answered, 200);
  expect_own_answers(store);
}

}  // namespace
}  // namespace semantrix::testing
