// A server that answers but does not serve: loading, out of memory, a replica, full of clients.
#include "integration/subject.hpp"
#include "support/blocking_client.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace semantrix::testing {
namespace {

class RedisServerState : public RedisTest {
 protected:
  RedisServerState() {
    options_.network.read_timeout = milliseconds(1'000);
    options_.network.deadline = milliseconds(2'000);
  }
};

TEST_F(RedisServerState, out_of_memory) {
  Client store = client();
  store.add("key", "value");
  ASSERT_EQ(cli({"CONFIG", "SET", "maxmemory", "1mb", "maxmemory-policy", "noeviction"}), "OK");
  const Ending ending = ending_of_add(store, "large", std::string(2'000'000, 'x'));
  const auto found = store.get("key");
  ASSERT_EQ(cli({"CONFIG", "SET", "maxmemory", "0"}), "OK");
  ASSERT_EQ(ending.code(), ErrorCode::server_out_of_memory) << ::testing::PrintToString(ending);
  EXPECT_FALSE(ending.error->retryable());
  EXPECT_FALSE(ending.error->info().server_message.empty());
  EXPECT_EQ(found, Value("value"));
  store.add("large", "fits now");
  EXPECT_EQ(store.get("large"), Value("fits now"));
  EXPECT_EQ(store.stats().errors.at("server_out_of_memory"), 1U);
}

TEST_F(RedisServerState, out_of_memory_in_the_middle_of_a_batch) {
  Client store = client();
  store.add("key", "value");
  ASSERT_EQ(cli({"CONFIG", "SET", "maxmemory", "1mb", "maxmemory-policy", "noeviction"}), "OK");
  std::vector<BatchItem> items(3);
  for (std::size_t i = 0; i != items.size(); ++i) {
    items[i] = {"item" + std::to_string(i), Value(std::string(500'000, 'x')), std::nullopt};
  }
  const BatchOutcome outcome = store.batch_add(std::move(items));
  ASSERT_EQ(cli({"CONFIG", "SET", "maxmemory", "0"}), "OK");
  EXPECT_EQ(outcome.stored + outcome.failures.size(), 3U);
  ASSERT_FALSE(outcome.ok());
  for (const auto& failure : outcome.failures) {
    EXPECT_EQ(failure.error.code(), ErrorCode::server_out_of_memory);
    EXPECT_EQ(store.get("item" + std::to_string(failure.index)), std::nullopt);
  }
}

TEST_F(RedisServerState, a_replica_takes_no_writes_until_it_is_a_primary) {
  Client store = client();
  store.add("key", "value");
  ASSERT_EQ(cli({"REPLICAOF", "127.0.0.1", "1"}), "OK");
  const Ending ending = ending_of_add(store, "key", "new");
  ASSERT_EQ(cli({"REPLICAOF", "NO", "ONE"}), "OK");
  ASSERT_EQ(ending.code(), ErrorCode::unavailable) << ::testing::PrintToString(ending);
  EXPECT_TRUE(ending.error->retryable());
  EXPECT_LT(ending.took, milliseconds(2'000) + slack);
  EXPECT_TRUE(works_again(store));
  EXPECT_EQ(store.get("key"), Value("value"));
}

TEST_F(RedisServerState, a_server_full_of_clients) {
  const std::string before = cli({"CONFIG", "GET", "maxclients"});
  BlockingClient only(server_.endpoint());
  only.send("CONFIG SET maxclients 1\r\n");
  ASSERT_EQ(only.read(5), "+OK\r\n");
  Client store = client();
  const Ending ending = ending_of_get(store, "key");
  only.send("CONFIG SET maxclients " + before.substr(before.find('\n') + 1) + "\r\n");
  ASSERT_EQ(only.read(5), "+OK\r\n");
  ASSERT_EQ(ending.code(), ErrorCode::connect_failed) << ::testing::PrintToString(ending);
  EXPECT_TRUE(ending.error->retryable());
  EXPECT_TRUE(works_again(store));
}

TEST_F(RedisServerState, a_server_that_is_still_loading) {
  cli({"DEBUG", "POPULATE", "300", "semantrix:filler", "4096"});
  cli({"SET", stored("key"), "value"});
  ASSERT_EQ(cli({"SAVE"}), "OK");
  Client store = client();
  EXPECT_EQ(store.get("key"), Value("value"));
  // 10 ms a key, and a look at the network every few keys.
  restart_server("redis",
                 {"--key-load-delay", "10000", "--loading-process-events-interval-bytes", "1024"});
  options_.network.deadline = milliseconds(300);
  Client impatient = client();
  const Ending ending = ending_of_get(impatient, "key");
  ASSERT_TRUE(ending.error.has_value());
  EXPECT_TRUE(ending.code() == ErrorCode::unavailable || ending.code() == ErrorCode::timeout)
      << ::testing::PrintToString(ending);
  EXPECT_TRUE(ending.error->retryable());
  EXPECT_LT(ending.took, milliseconds(300) + slack);
  EXPECT_TRUE(comes_true(
      [&] {
        try {
          return store.get("key") == Value("value");
        } catch (const CacheError&) {
          return false;
        }
      },
      std::chrono::seconds(15)));
  EXPECT_EQ(cli({"FLUSHALL"}), "OK");
  EXPECT_EQ(cli({"SAVE"}), "OK");
  restart_server("redis");
}

TEST_F(RedisServerState, a_command_that_the_server_has_not) {
  // As a provider that renames commands does it.
  cli({"ACL", "SETUSER", "noscan", "on", ">pw", "~*", "&*", "+@all", "-scan"});
  options_.user = "noscan";
  options_.password = "pw";
  Client store = client();
  store.add("key", "value");
  EXPECT_EQ(error_of([&] { return store.keys(); }), ErrorCode::permission_denied);
  EXPECT_EQ(error_of([&] { return store.clear(); }), ErrorCode::permission_denied);
  EXPECT_EQ(store.get("key"), Value("value"));
}

}  // namespace
}  // namespace semantrix::testing
