// Replicas that cannot serve: a read is answered by somebody else.
#include "fault/played_cluster.hpp"

#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <string>

namespace semantrix::testing {
namespace {

class ReplicaReply : public PlayedCluster {
 protected:
  ReplicaReply() {
    options_.read_from = ReadFrom::replica;
    topology(slots_text({range_text(0, last_slot, {a_text(), b_text()})}));
    to_keys(a_, [](const Arrival& arrival) -> Reply {
      return arrival.words[0] == "SET" ? "+OK\r\n" : "$7\r\nprimary\r\n";
    });
    to_keys(b_, [](const Arrival&) { return "$7\r\nreplica\r\n"; });
  }
};

TEST_F(ReplicaReply, a_replica_is_told_first_that_reads_will_come) {
  Client store = client();
  EXPECT_EQ(store.get("key"), Value("replica"));
  store.add("key", "value");
  EXPECT_EQ(b_.count("SET"), 0U);
  EXPECT_EQ(a_.count("GET"), 0U);
  std::map<std::size_t, bool> told;
  for (const Arrival& arrival : b_.arrivals()) {
    if (arrival.words[0] == "READONLY") told[arrival.connection] = true;
    if (arrival.words[0] != "GET") continue;
    EXPECT_TRUE(told[arrival.connection]);
  }
}

TEST_F(ReplicaReply, a_replica_that_cannot_serve_is_gone_round) {
  options_.network.retry_attempts = 2;
  for (const std::string error :
       {"-LOADING Redis is loading the dataset in memory\r\n",
        "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.\r\n",
        "-CLUSTERDOWN The cluster is down\r\n"}) {
    to_keys(b_, [error](const Arrival&) { return Reply(error); });
    Client store = client();
    for (int i = 0; i != 5; ++i) EXPECT_EQ(store.get("key"), Value("primary")) << error;
    store.close();
  }
}

TEST_F(ReplicaReply, a_replica_that_leaves_is_gone_round) {
  options_.network.retry_attempts = 2;
  to_keys(b_, [](const Arrival&) { return Reply(); });
  Client store = client();
  for (int i = 0; i != 5; ++i) EXPECT_EQ(store.get("key"), Value("primary"));
}

TEST_F(ReplicaReply, a_replica_that_refuses_readers_is_gone_round) {
  options_.network.retry_attempts = 2;
  {
    const std::lock_guard lock(mutex_);
    handshake_["READONLY"] = "-NOPERM this user has no permissions to run 'readonly'\r\n";
  }
  to_keys(b_, [this](const Arrival&) { return moved(a_.endpoint()); });
  Client store = client();
  for (int i = 0; i != 5; ++i) EXPECT_EQ(store.get("key"), Value("primary"));
}

}  // namespace
}  // namespace semantrix::testing
