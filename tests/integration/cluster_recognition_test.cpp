// What a store finds behind its endpoint, and what the option `cluster` makes of it.
#include "integration/cluster_subject.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <string>
#include <utility>
#include <vector>

namespace semantrix::testing {
namespace {

using ClusterRecognition = ClusterTest;

TEST_F(ClusterRecognition, any_nodes_endpoint_is_enough) {
  const std::vector<std::string> keys = many_keys(60);
  expect_spread(keys);
  for (const ClusterMode mode : {ClusterMode::automatic, ClusterMode::on}) {
    for (const Endpoint& node : cluster_.address().endpoints) {
      options_.endpoint = node.text();
      options_.cluster = mode;
      Client store = client();
      for (const std::string& key : keys) store.add(key, of(key));
      expect_all(store, keys);
      EXPECT_EQ(store.clear(), keys.size()) << node.text();
    }
  }
}

TEST_F(ClusterRecognition, whatever_the_first_call_is) {
  Client writer = client();
  const std::vector<std::string> keys = many_keys(100);
  ASSERT_TRUE(writer.batch_add(items_of(keys)).ok());
  using First = std::function<bool(Client&)>;
  const std::vector<First> firsts{
      [&](Client& store) { return store.batch_get(keys).at(99) == of(keys[99]); },
      [&](Client& store) { return store.keys().size() == keys.size(); },
      [&](Client& store) { return store.size() == keys.size(); },
      [&](Client& store) { return store.entry(keys[3])->value == of(keys[3]); },
      [&](Client& store) { return store.batch_add(items_of(keys)).ok(); },
      [&](Client& store) { return !store.describe().server.empty(); },
      [&](Client& store) { return store.erase(keys[5]); },
      [&](Client& store) { return store.batch_erase(keys) == keys.size() - 1; },
      [&](Client& store) { return store.clear() == 0; }};
  for (std::size_t i = 0; i != firsts.size(); ++i) {
    Client store = client();
    EXPECT_TRUE(firsts[i](store)) << i;
  }
}

TEST_F(ClusterRecognition, many_first_calls_at_once_learn_the_cluster_together) {
  Client writer = client();
  const std::vector<std::string> keys = many_keys(256);
  ASSERT_TRUE(writer.batch_add(items_of(keys)).ok());
  cluster_.ask_all({"CONFIG", "RESETSTAT"}, "OK");
  ElastiCacheStore store(options_);
  boost::asio::io_context context{1};
  std::vector<std::future<std::optional<Value>>> found;
  found.reserve(keys.size());
  for (const std::string& key : keys) {
    found.push_back(boost::asio::co_spawn(context, store.get_exact(key), boost::asio::use_future));
  }
  context.run();
  for (std::size_t i = 0; i != keys.size(); ++i) EXPECT_EQ(found[i].get(), of(keys[i]));
  EXPECT_LE(cluster_.count_all("commandstats", "cmdstat_cluster|slots"), 6U);
  EXPECT_EQ(cluster_.count_all("errorstats", "errorstat_MOVED"), 0U);
  await(store.close());
}

TEST_F(ClusterRecognition, a_server_that_is_none_is_refused_where_one_is_asked_for) {
  options_.endpoint = server("redis").endpoint().text();
  options_.cluster = ClusterMode::on;
  Client store = client();
  const Ending ending = ending_of_get(store, "key");
  ASSERT_EQ(ending.code(), ErrorCode::not_supported) << ::testing::PrintToString(ending);
  EXPECT_NE(ending.error->message().find("cluster"), std::string::npos)
      << ending.error->to_string();
  EXPECT_FALSE(ending.error->remedy().empty());
  EXPECT_FALSE(ending.error->retryable());
  EXPECT_EQ(ending_of_add(store, "key", "value").code(), ErrorCode::not_supported);
  EXPECT_LT(ending.took, slack);
}

TEST_F(ClusterRecognition, a_server_that_is_none_is_used_as_it_is) {
  options_.endpoint = server("redis").endpoint().text();
  for (const ClusterMode mode : {ClusterMode::automatic, ClusterMode::off}) {
    options_.cluster = mode;
    Client store = client();
    const std::vector<std::string> keys = many_keys(20);
    EXPECT_TRUE(store.batch_add(items_of(keys)).ok());
    expect_all(store, keys);
    EXPECT_EQ(store.clear(), keys.size());
  }
}

TEST_F(ClusterRecognition, a_node_by_itself_serves_its_own_keys_and_names_the_remedy) {
  const ClusterMember node = cluster_.primaries().at(0);
  options_.endpoint = node.endpoint.text();
  options_.cluster = ClusterMode::off;
  Client store = client();
  int own = 0;
  int others = 0;
  for (const std::string& key : many_keys(60)) {
    if (node.serves(slot_of(key))) {
      ++own;
      store.add(key, of(key));
      EXPECT_EQ(store.get(key), of(key));
      continue;
    }
    ++others;
    const Ending ending = ending_of_get(store, key);
    ASSERT_EQ(ending.code(), ErrorCode::unavailable) << ::testing::PrintToString(ending);
    EXPECT_NE(ending.error->remedy().find("cluster=true"), std::string::npos)
        << ending.error->to_string();
  }
  EXPECT_GT(own, 0);
  EXPECT_GT(others, 0);
}

/// A cluster has one database.
TEST_F(ClusterRecognition, another_database_is_an_error_that_says_so) {
  options_.database = 2;
  Client store = client();
  const Ending ending = ending_of_get(store, "key");
  ASSERT_TRUE(ending.error.has_value());
  EXPECT_FALSE(ending.error->retryable()) << ::testing::PrintToString(ending);
  EXPECT_LT(ending.took, slack);
}

}  // namespace
}  // namespace semantrix::testing
