// The end of a store: closed, dropped in the middle of a call, copied by fork.
#include "integration/subject.hpp"
#include "support/child.hpp"
#include "support/fault_gate.hpp"
#include <semantrix/async.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace semantrix::testing {
namespace {

class RedisLifetime : public RedisTest {
 protected:
  /// Starts a get whose answer never comes, and waits until it has left.
  std::future<Result<std::optional<Value>>> stuck_get(CacheStore& store, FaultGate& gate) {
    gate.drop(Direction::to_client);
    const std::size_t before = gate.counts().bytes_to_server;
    auto stuck = async_get_exact(store, "key", boost::asio::use_future);
    EXPECT_TRUE(comes_true([&] { return gate.counts().bytes_to_server > before; }));
    return stuck;
  }

  static std::optional<ErrorCode> code_of(std::future<Result<std::optional<Value>>> call) {
    if (call.wait_for(slack) != std::future_status::ready) return std::nullopt;
    return error_of([&call] { return call.get().value(); });
  }
};

TEST_F(RedisLifetime, close_ends_the_connections) {
  FaultGate gate(server_.endpoint());
  options_.endpoint = gate.endpoint().text();
  Client store = client();
  store.add("key", "value");
  EXPECT_EQ(gate.counts().open, 1U);
  store.close();
  EXPECT_TRUE(comes_true([&] { return gate.counts().open == 0; }));
  EXPECT_EQ(ending_of_get(store, "key").code(), ErrorCode::closed);
  EXPECT_EQ(gate.counts().connections, 1U);
}

TEST_F(RedisLifetime, close_fails_what_is_under_way) {
  FaultGate gate(server_.endpoint());
  options_.endpoint = gate.endpoint().text();
  Client store = client();
  store.add("key", "value");
  auto stuck = stuck_get(store.store(), gate);
  store.close();
  EXPECT_EQ(code_of(std::move(stuck)), ErrorCode::closed);
}

TEST_F(RedisLifetime, close_before_the_first_call) {
  Client store = client();
  store.close();
  store.close();
  EXPECT_EQ(ending_of_add(store, "key", "value").code(), ErrorCode::closed);
}

TEST_F(RedisLifetime, close_while_connecting) {
  FaultGate gate(server_.endpoint());
  gate.blackhole();
  options_.endpoint = gate.endpoint().text();
  auto store = std::make_shared<ElastiCacheStore>(options_);
  auto stuck = async_get_exact(*store, "key", boost::asio::use_future);
  EXPECT_TRUE(comes_true([&] { return gate.counts().connections == 1; }));
  await(store->close());
  EXPECT_EQ(code_of(std::move(stuck)), ErrorCode::closed);
}

TEST_F(RedisLifetime, calls_cancelled_while_the_server_is_being_reached_end_at_once) {
  FaultGate gate(server_.endpoint());
  gate.blackhole();
  boost::asio::io_context context{1};
  options_.endpoint = gate.endpoint().text();
  options_.executor = context.get_executor();
  options_.network.connect_timeout = std::chrono::seconds(60);
  ElastiCacheStore store(options_);
  std::array<boost::asio::cancellation_signal, 64> signals;
  std::size_t ended = 0;
  std::size_t cancelled = 0;
  for (auto& signal : signals) {
    auto end = [&](const std::exception_ptr& thrown, const std::optional<Value>&) {
      ++ended;
      const auto code = error_of([&thrown] {
        if (thrown) std::rethrow_exception(thrown);
        return 0;
      });
      if (code == ErrorCode::cancelled) ++cancelled;
    };
    boost::asio::co_spawn(context, store.get_exact("key"),
                          boost::asio::bind_cancellation_slot(signal.slot(), std::move(end)));
  }
  context.run_for(milliseconds(50));
  EXPECT_EQ(ended, 0U);
  for (auto& signal : signals) signal.emit(boost::asio::cancellation_type::terminal);
  const auto end = std::chrono::steady_clock::now() + slack;
  while (ended != signals.size() && std::chrono::steady_clock::now() < end) {
    context.run_for(milliseconds(10));
  }
  EXPECT_EQ(cancelled, signals.size());
}

TEST_F(RedisLifetime, a_store_that_is_dropped_ends_its_connections) {
  FaultGate gate(server_.endpoint());
  options_.endpoint = gate.endpoint().text();
  {
    Client store = client();
    store.add("key", "value");
    EXPECT_EQ(gate.counts().open, 1U);
  }
  EXPECT_TRUE(comes_true([&] { return gate.counts().open == 0; }));
}

/// The call holds what it needs: it ends as if the store were there, or is told that it is not.
TEST_F(RedisLifetime, a_store_may_be_dropped_in_the_middle_of_a_call) {
  FaultGate gate(server_.endpoint());
  options_.endpoint = gate.endpoint().text();
  auto store = std::make_shared<ElastiCacheStore>(options_);
  await(store->add("key", "value"));
  gate.delay(Direction::to_client, milliseconds(300));
  const std::size_t before = gate.counts().bytes_to_server;
  auto pending = async_get_exact(*store, "key", boost::asio::use_future);
  EXPECT_TRUE(comes_true([&] { return gate.counts().bytes_to_server > before; }));
  store.reset();
  ASSERT_EQ(pending.wait_for(slack), std::future_status::ready) << "it hangs";
  const auto code = error_of([&pending] {
    EXPECT_EQ(pending.get().value(), Value("value"));
    return 0;
  });
  EXPECT_EQ(code.value_or(ErrorCode::closed), ErrorCode::closed);
  EXPECT_TRUE(comes_true([&] { return gate.counts().open == 0; }));
}

TEST_F(RedisLifetime, the_callers_context_may_stop_with_calls_under_way) {
  FaultGate gate(server_.endpoint());
  options_.endpoint = gate.endpoint().text();
  {
    boost::asio::io_context context{1};
    options_.executor = context.get_executor();
    ElastiCacheStore store(options_);
    gate.delay(Direction::to_client, milliseconds(200));
    auto never = boost::asio::co_spawn(context, store.get_exact("key"), boost::asio::use_future);
    context.run_for(milliseconds(50));
    EXPECT_EQ(never.wait_for(milliseconds(0)), std::future_status::timeout);
  }
  EXPECT_TRUE(comes_true([&] { return gate.counts().open == 0; }));
}

TEST_F(RedisLifetime, a_thousand_stores_come_and_go) {
  for (int i = 0; i != 1'000; ++i) {
    const ElastiCacheStore unused(options_);
  }
  for (int i = 0; i != 50; ++i) {
    Client store = client();
    store.add("key", "value");
    EXPECT_EQ(store.get("key"), Value("value"));
  }
  const auto few = [this] {
    const std::string clients = cli({"CLIENT", "LIST", "TYPE", "normal"});
    return std::ranges::count(clients, '\n') == 0;
  };
  EXPECT_TRUE(comes_true(few)) << cli({"CLIENT", "LIST"});
}

// The thread sanitizer forbids a child of a process with threads to start threads of its own.
#if !defined(__SANITIZE_THREAD__)

bool reads_its_own(Client& store, const std::string& name) {
  for (int i = 0; i != 100; ++i) {
    const std::string key = name + std::to_string(i);
    store.add(key, "of " + key);
    if (store.get(key) != Value("of " + key)) return false;
  }
  return true;
}

TEST_F(RedisLifetime, a_child_of_fork_connects_afresh_and_leaves_the_parents_connection_alone) {
  FaultGate gate(server_.endpoint());
  options_.endpoint = gate.endpoint().text();
  options_.network.max_pool_connections = 1;
  Client store = client();
  EXPECT_TRUE(reads_its_own(store, "parent"));
  EXPECT_EQ(gate.counts().connections, 1U);
  EXPECT_TRUE(child_can([&] { return reads_its_own(store, "child"); }));
  EXPECT_EQ(gate.counts().connections, 2U);
  EXPECT_TRUE(reads_its_own(store, "parent"));
  EXPECT_EQ(gate.counts().connections, 2U) << "the parent's connection was disturbed";
  EXPECT_EQ(store.get("child99"), Value("of child99"));
}

TEST_F(RedisLifetime, a_child_of_fork_may_drop_the_parents_store) {
  FaultGate gate(server_.endpoint());
  options_.endpoint = gate.endpoint().text();
  auto store = std::make_shared<ElastiCacheStore>(options_);
  await(store->add("key", "value"));
  EXPECT_TRUE(child_can([&] {
    store.reset();
    return true;
  }));
  EXPECT_EQ(await(store->get_exact("key")), Value("value"));
  EXPECT_EQ(gate.counts().connections, 1U);
}

#endif

}  // namespace
}  // namespace semantrix::testing
