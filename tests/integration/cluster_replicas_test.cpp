// Which servers reads ask: the replicas of a cluster, or those behind a name of their own.
#include "integration/cluster_subject.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace semantrix::testing {
namespace {

using Keys = std::vector<std::string>;

class ClusterReplicas : public ClusterTest {
 protected:
  ClusterReplicas() {
    Client writer = client();
    EXPECT_TRUE(writer.batch_add(items_of(keys_)).ok());
    options_.read_from = ReadFrom::replica;
  }

  /// Until the replicas have what was written.
  void wait_for_replicas(Client& store) {
    for (const std::string& key : keys_) {
      ASSERT_TRUE(comes_true([&] { return store.get(key) == of(key); })) << key;
    }
  }

  struct Calls {
    std::uint64_t of_primaries = 0;
    std::uint64_t of_replicas = 0;
  };
  Calls calls(std::string_view line) {
    Calls calls;
    for (const ClusterMember& member : cluster_.members()) {
      auto& sum = member.is_primary() ? calls.of_primaries : calls.of_replicas;
      sum += cluster_.count(member, "commandstats", line);
    }
    return calls;
  }

  const Keys keys_ = many_keys(300);
};

TEST_F(ClusterReplicas, reads_ask_replicas_alone) {
  Client store = client();
  wait_for_replicas(store);
  cluster_.ask_all({"CONFIG", "RESETSTAT"}, "OK");
  for (int round = 0; round != 3; ++round) expect_all(store, keys_);
  EXPECT_EQ(calls("cmdstat_get").of_replicas, 3 * keys_.size());
  EXPECT_EQ(calls("cmdstat_get").of_primaries, 0U);
  const auto found = store.batch_get(keys_);
  for (std::size_t i = 0; i != keys_.size(); ++i) ASSERT_EQ(found.at(i), of(keys_[i]));
  EXPECT_GT(calls("cmdstat_mget").of_replicas, 0U);
  EXPECT_EQ(calls("cmdstat_mget").of_primaries, 0U);
  const auto entry = store.entry(keys_[3]);
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->value, of(keys_[3]));
  EXPECT_EQ(calls("cmdstat_get").of_primaries, 0U);
  EXPECT_EQ(cluster_.count_all("errorstats", "errorstat_MOVED"), 0U);
}

TEST_F(ClusterReplicas, each_replica_is_asked) {
  Client store = client();
  wait_for_replicas(store);
  for (const ClusterMember& replica : cluster_.replicas()) {
    EXPECT_GT(cluster_.count(replica, "commandstats", "cmdstat_get"), 0U) << replica.name;
  }
}

TEST_F(ClusterReplicas, writes_go_to_primaries_and_reach_readers) {
  Client store = client();
  for (const std::string& key : many_keys(30)) {
    store.add(key, "new");
    EXPECT_TRUE(comes_true([&] { return store.get(key) == Value("new"); })) << key;
    EXPECT_TRUE(store.erase(key));
    EXPECT_TRUE(comes_true([&] { return !store.get(key); })) << key;
  }
  EXPECT_EQ(cluster_.count_all("errorstats", "errorstat_READONLY"), 0U);
}

TEST_F(ClusterReplicas, reads_of_primaries_leave_replicas_alone) {
  options_.read_from = ReadFrom::primary;
  cluster_.ask_all({"CONFIG", "RESETSTAT"}, "OK");
  Client store = client();
  expect_all(store, keys_);
  EXPECT_EQ(calls("cmdstat_get").of_replicas, 0U);
  EXPECT_EQ(calls("cmdstat_get").of_primaries, keys_.size());
}

TEST_F(ClusterReplicas, the_nearest_answers_right) {
  options_.read_from = ReadFrom::nearest;
  Client store = client();
  wait_for_replicas(store);
  for (int round = 0; round != 3; ++round) expect_all(store, keys_);
  const auto found = store.batch_get(keys_);
  for (std::size_t i = 0; i != keys_.size(); ++i) ASSERT_EQ(found.at(i), of(keys_[i]));
  store.add("key1", "new");
  EXPECT_TRUE(comes_true([&] { return store.get("key1") == Value("new"); }));
}

TEST_F(ClusterReplicas, a_replica_that_becomes_the_primary_and_back) {
  Client store = client();
  wait_for_replicas(store);
  const ClusterMember primary = cluster_.primaries().at(0);
  cluster_.fail_over_to(cluster_.replica_of(primary));
  cluster_.wait_until_whole();  // calls in between: fault.Failover
  for (const std::string& key : keys_) {
    EXPECT_TRUE(comes_true([&] { return store.get(key) == of(key); })) << key;
    store.add(key, of(key));
  }
  cluster_.wait_until_whole();
  cluster_.fail_over_to(primary);
  cluster_.wait_until_whole();
  wait_for_replicas(store);
}

TEST_F(ClusterReplicas, a_replica_that_hangs_is_gone_round) {
  options_.network.connect_timeout = milliseconds(500);
  options_.network.read_timeout = milliseconds(500);
  options_.network.deadline = milliseconds(3'000);
  Client store = client();
  wait_for_replicas(store);
  const ClusterMember replica = cluster_.replicas().at(0);
  pause_server(replica.name);
  cluster_.set_aside(replica.name);
  for (const std::string& key : keys_) {
    std::optional<Value> found;
    const Ending ending = ending_of([&] {
      found = store.get(key);
      return 0;
    });
    EXPECT_FALSE(ending.error.has_value()) << key << ::testing::PrintToString(ending);
    EXPECT_EQ(found, of(key));
    EXPECT_LT(ending.took, milliseconds(3'000) + slack);
  }
  resume_server(replica.name);
  cluster_.take_back(replica.name);
}

TEST_F(ClusterReplicas, without_replicas_the_primaries_answer) {
  Client store = client();
  wait_for_replicas(store);
  const std::vector<ClusterMember> replicas = cluster_.replicas();
  for (const ClusterMember& replica : replicas) kill_server(replica.name);
  for (int round = 0; round != 3; ++round) {
    for (const std::string& key : keys_) {
      const auto start = steady_clock::now();
      EXPECT_EQ(store.get(key), of(key));
      EXPECT_LT(steady_clock::now() - start, slack) << key;
    }
  }
  EXPECT_EQ(store.batch_get(keys_).at(299), of(keys_[299]));
  // A store that never saw them.
  options_.endpoint = cluster_.primaries().at(0).endpoint.text();
  Client fresh = client();
  expect_all(fresh, keys_);
  for (const ClusterMember& replica : replicas) restart_server(replica.name);
  cluster_.wait_until_whole();
  expect_all(store, keys_);
}

/// Two servers that are no cluster: a primary, open to all and to any password, and its replica.
class ReaderEndpoint : public ::testing::Test {
 protected:
  ReaderEndpoint()
      : primary_(server("redis")),
        replica_(server("redis_password")),
        options_(options_for(primary_)) {
    options_.password = replica_.password;
    options_.reader_endpoint = replica_.endpoint().text();
    options_.read_from = ReadFrom::replica;
    const Endpoint& of = primary_.endpoint();
    redis_cli(replica_, {"REPLICAOF", of.host, std::to_string(of.port)});
    EXPECT_TRUE(comes_true(
        [&] { return info("replication").find("master_link_status:up") != std::string::npos; },
        std::chrono::seconds(20)));
  }
  void TearDown() override { redis_cli(replica_, {"REPLICAOF", "NO", "ONE"}); }

  std::string info(const std::string& section) { return redis_cli(replica_, {"INFO", section}); }
  static bool gets_were_asked_of(const ServerAddress& address) {
    return redis_cli(address, {"INFO", "commandstats"}).find("cmdstat_get:") != std::string::npos;
  }
  void forget_calls() {
    redis_cli(primary_, {"CONFIG", "RESETSTAT"});
    redis_cli(replica_, {"CONFIG", "RESETSTAT"});
  }

  ServerAddress primary_;
  ServerAddress replica_;
  ElastiCacheOptions options_;
};

TEST_F(ReaderEndpoint, reads_ask_the_reader_and_writes_the_primary) {
  Client store = client_of(options_);
  const Keys keys = many_keys(50);
  EXPECT_TRUE(store.batch_add(items_of(keys)).ok());
  for (const std::string& key : keys) {
    EXPECT_TRUE(comes_true([&] { return store.get(key) == of(key); })) << key;
  }
  forget_calls();
  for (const std::string& key : keys) EXPECT_EQ(store.get(key), of(key));
  store.add("key0", "new");
  EXPECT_TRUE(comes_true([&] { return store.get("key0") == Value("new"); }));
  EXPECT_TRUE(gets_were_asked_of(replica_));
  EXPECT_FALSE(gets_were_asked_of(primary_));
  EXPECT_EQ(store.clear(), keys.size());
}

TEST_F(ReaderEndpoint, is_nothing_to_those_who_read_from_the_primary) {
  options_.read_from = ReadFrom::primary;
  EXPECT_EQ(refusal_of(options_), ErrorCode::invalid_argument);
}

/// Who asks for replicas must have some.
TEST_F(ReaderEndpoint, or_a_cluster_is_needed_for_replicas) {
  options_.reader_endpoint.clear();
  Client store = client_of(options_);
  const Ending ending = ending_of_get(store, "key");
  ASSERT_EQ(ending.code(), ErrorCode::invalid_argument) << ::testing::PrintToString(ending);
  EXPECT_NE(ending.error->remedy().find("reader_endpoint"), std::string::npos);
}

TEST_F(ReaderEndpoint, the_nearest_answers_right) {
  options_.read_from = ReadFrom::nearest;
  Client store = client_of(options_);
  for (const std::string& key : many_keys(50)) {
    store.add(key, of(key));
    EXPECT_TRUE(comes_true([&] { return store.get(key) == of(key); })) << key;
  }
}

TEST_F(ReaderEndpoint, without_it_the_primary_answers) {
  Client store = client_of(options_);
  store.add("key", "value");
  EXPECT_TRUE(comes_true([&] { return store.get("key") == Value("value"); }));
  kill_server("redis_password");
  for (int call = 0; call != 50; ++call) EXPECT_EQ(store.get("key"), Value("value"));
  Client fresh = client_of(options_);
  EXPECT_EQ(fresh.get("key"), Value("value"));
  restart_server("redis_password");
}

}  // namespace
}  // namespace semantrix::testing
