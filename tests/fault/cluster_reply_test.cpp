// Where the nodes of a cluster send their callers, sensibly or not.
#include "fault/played_cluster.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace semantrix::testing {
namespace {

using ClusterReply = PlayedCluster;

/// What a loaded machine may add to a deadline.
constexpr milliseconds allowance{700};

TEST_F(ClusterReply, a_played_cluster_works) {
  topology(
      slots_text({range_text(0, 8'000, {a_text()}), range_text(8'001, last_slot, {b_text()})}));
  Client store = client();
  for (int i = 0; i != 30; ++i) EXPECT_EQ(store.get("key" + std::to_string(i)), Value("good"));
  EXPECT_GT(a_.count("GET"), 0U);
  EXPECT_GT(b_.count("GET"), 0U);
  EXPECT_EQ(a_.count("GET") + b_.count("GET"), 30U);
}

TEST_F(ClusterReply, nodes_that_send_a_call_to_each_other_forever) {
  to_keys(a_, [this](const Arrival&) { return moved(b_.endpoint()); });
  to_keys(b_, [this](const Arrival&) { return moved(a_.endpoint()); });
  Client store = client();
  expect_unavailable(ending_of_get(store, "key"));
  EXPECT_GE(a_.count("GET") + b_.count("GET"), 2U);
  EXPECT_LE(a_.count("GET") + b_.count("GET"), 6U) << "more than five redirections";
  const std::size_t before = a_.count("SET") + b_.count("SET");
  expect_unavailable(ending_of_add(store, "key", "value"));
  EXPECT_LE(a_.count("SET") + b_.count("SET"), before + 6U);
}

TEST_F(ClusterReply, nodes_that_ask_each_other_forever) {
  to_keys(a_, [this](const Arrival&) { return moved(b_.endpoint(), "ASK"); });
  to_keys(b_, [this](const Arrival&) { return moved(a_.endpoint(), "ASK"); });
  Client store = client();
  expect_unavailable(ending_of_get(store, "key"));
  EXPECT_LE(a_.count("GET") + b_.count("GET"), 6U);
}

/// A name that leads to another server than before: only a new connection finds it.

TEST_F(ClusterReply, a_call_that_is_sent_to_where_it_came_from_dials_anew) {
  options_.network.retry_attempts = 2;
  for (const bool with_host : {true, false}) {
    std::size_t oldest = 0;
    std::optional<std::size_t> newest;
    AnsweringServer node;
    options_.endpoint = node.endpoint().text();
    topology(slots_text(
        {range_text(0, last_slot, {node_text("127.0.0.1", node.endpoint().port, 'c')})}));
    const Endpoint self = with_host ? node.endpoint() : Endpoint{"", node.endpoint().port};
    to_keys(node, [&](const Arrival& arrival) -> Reply {
      if (!newest) newest = oldest = arrival.connection;
      return arrival.connection > oldest ? "$4\r\nmine\r\n" : moved(self);
    });
    {
      Client store = client();
      EXPECT_EQ(store.get("key"), Value("mine")) << with_host;
      EXPECT_EQ(store.get("key"), Value("mine")) << with_host;
      store.close();
    }
    EXPECT_GE(node.connections(), 2U);
    node.answer([](const Arrival&) { return Reply(); });
  }
}

TEST_F(ClusterReply, a_server_that_always_sends_a_call_to_itself) {
  to_keys(a_, [this](const Arrival&) { return moved(a_.endpoint()); });
  Client store = client();
  expect_unavailable(ending_of_get(store, "key"));
  EXPECT_LE(a_.count("GET"), 6U);
  EXPECT_LE(a_.connections(), 12U);
}

TEST_F(ClusterReply, a_redirection_that_nobody_can_read_is_an_error) {
  for (const std::string text : {"-MOVED\r\n", "-MOVED 5\r\n", "-MOVED 5 nowhere\r\n",
                                 "-MOVED 99999 127.0.0.1:1\r\n", "-MOVED 5 127.0.0.1:0\r\n",
                                 "-ASK 5 127.0.0.1:70000\r\n", "-ASK\r\n", "-MOVED 5 ?:6379\r\n"}) {
    to_keys(a_, [text](const Arrival&) { return Reply(text); });
    Client store = client();
    const Ending ending = ending_of_get(store, "key");
    ASSERT_TRUE(ending.error.has_value()) << text;
    EXPECT_LT(ending.took, milliseconds(3'000) + slack) << text;
    to_keys(a_, [](const Arrival&) { return "$4\r\ngood\r\n"; });
    EXPECT_TRUE(comes_true([&] { return !ending_of_get(store, "key").error; })) << text;
  }
}

TEST_F(ClusterReply, a_call_is_asked_for_behind_asking_each_time) {
  to_keys(a_, [this](const Arrival&) { return moved(b_.endpoint(), "ASK"); });
  std::map<std::size_t, bool> asked;
  // As a server does: one command behind ASKING is taken, any other is sent back.
  const auto refusal = [this] { return Reply(moved(a_.endpoint())); };
  b_.answer([&, refusal](const Arrival& arrival) -> Reply {
    const std::string& name = arrival.words[0];
    if (name == "ASKING") {
      asked[arrival.connection] = true;
      return "+OK\r\n";
    }
    if (Reply greeting = of_handshake(name)) return greeting;
    if (!std::exchange(asked[arrival.connection], false)) return refusal();
    if (name == "PTTL") return ":60000\r\n";
    if (name == "SET") return "+OK\r\n";
    if (name == "UNLINK") return fmt::format(":{}\r\n", arrival.words.size() - 1);
    if (name == "GET") return "$4\r\ngood\r\n";
    std::string many = fmt::format("*{}\r\n", arrival.words.size() - 1);
    for (std::size_t i = 1; i != arrival.words.size(); ++i) many += "$4\r\ngood\r\n";
    return many;
  });
  Client store = client();
  EXPECT_EQ(store.get("key"), Value("good"));
  EXPECT_EQ(store.get("key"), Value("good"));
  EXPECT_EQ(a_.count("GET"), 2U) << "ASK is for one call and changes no map";
  const auto entry = store.entry("key");
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->value, Value("good"));
  EXPECT_EQ(entry->ttl, std::chrono::minutes(1));
  EXPECT_TRUE(store.erase("key"));
  store.add("key", "value");
  const std::vector<std::string> keys{"{t}a", "{t}b", "{t}c"};
  EXPECT_EQ(store.batch_get(keys), (std::vector<std::optional<Value>>(3, Value("good"))));
  EXPECT_EQ(store.batch_erase(keys), 3U);
  std::vector<BatchItem> items(3);
  for (std::size_t i = 0; i != 3; ++i) items[i].key = keys[i];
  EXPECT_TRUE(store.batch_add(std::move(items)).ok());
  for (const char* name : {"GET", "PTTL", "SET", "MGET", "UNLINK"}) {
    for (const auto& [before, words] : with_predecessors(b_, name)) EXPECT_EQ(before, "ASKING");
  }
}

TEST_F(ClusterReply, one_item_of_a_batch_is_elsewhere) {
  to_keys(a_, [this](const Arrival& arrival) -> Reply {
    if (arrival.words[1].ends_with("b")) return moved(b_.endpoint(), "ASK");
    return "+OK\r\n";
  });
  to_keys(b_, [](const Arrival&) { return "+OK\r\n"; });
  Client store = client();
  std::vector<BatchItem> items(3);
  for (std::size_t i = 0; i != 3; ++i) items[i].key = "{t}" + std::string(1, "abc"[i]);
  const BatchOutcome outcome = store.batch_add(std::move(items));
  EXPECT_TRUE(outcome.ok());
  EXPECT_EQ(outcome.stored, 3U);
  const auto at_b = with_predecessors(b_, "SET");
  ASSERT_GE(at_b.size(), 1U);
  for (const auto& [before, words] : at_b) {
    EXPECT_EQ(before, "ASKING");
    // What is stored there without being sent there is stored twice.
    EXPECT_TRUE(words.at(1).ends_with("b")) << words.at(1);
  }
}

TEST_F(ClusterReply, what_time_cures_is_tried_again) {
  options_.network.retry_attempts = 3;
  for (const std::string error :
       {"-CLUSTERDOWN The cluster is down\r\n", "-CLUSTERDOWN Hash slot not served\r\n",
        "-TRYAGAIN Multiple keys request during rehashing of slot\r\n",
        "-LOADING Redis is loading the dataset in memory\r\n"}) {
    std::atomic<int> left{1};
    to_keys(a_, [&left, error](const Arrival&) -> Reply {
      return left-- > 0 ? error : "$4\r\ngood\r\n";
    });
    Client store = client();
    EXPECT_EQ(store.get("key"), Value("good")) << error;
    store.close();
  }
}

TEST_F(ClusterReply, a_batch_that_comes_between_is_tried_again) {
  options_.network.retry_attempts = 3;
  std::atomic<int> left{2};
  to_keys(a_, [&left](const Arrival&) -> Reply {
    return left-- > 0 ? "-TRYAGAIN Multiple keys request during rehashing of slot\r\n"
                      : "*2\r\n$4\r\ngood\r\n$-1\r\n";
  });
  Client store = client();
  EXPECT_EQ(store.batch_get({"{t}a", "{t}b"}),
            (std::vector<std::optional<Value>>{Value("good"), std::nullopt}));
}

TEST_F(ClusterReply, a_primary_that_is_none_any_more) {
  options_.network.retry_attempts = 2;
  to_keys(a_, [](const Arrival& arrival) -> Reply {
    if (arrival.words[0] == "GET") return "$4\r\ngood\r\n";
    return "-READONLY You can't write against a read only replica.\r\n";
  });
  to_keys(b_, [](const Arrival&) { return "+OK\r\n"; });
  Client store = client();
  EXPECT_EQ(store.get("key"), Value("good"));
  topology(owned_by_b());
  EXPECT_TRUE(comes_true([&] { return !ending_of_add(store, "key", "value").error; }));
  EXPECT_GE(b_.count("SET"), 1U);
}

/// Some of the slots, or a node that cannot be found, are no trouble of the others.

/// One item after the other is tried again, all in the batch's time.
TEST_F(ClusterReply, a_batch_that_nobody_serves_ends_in_its_time) {
  options_.network.deadline = milliseconds(2'000);
  options_.network.read_timeout = milliseconds(2'000);
  options_.network.retry_attempts = 2;
  to_keys(a_, [](const Arrival& arrival) -> Reply {
    // A server that takes its time over each.
    std::this_thread::sleep_for(milliseconds(15));
    const bool one = arrival.words[0] == "SET" || arrival.words.size() == 2;
    return one ? "-CLUSTERDOWN Hash slot not served\r\n" : "-TRYAGAIN half is elsewhere\r\n";
  });
  Client store = client();
  std::vector<BatchItem> items(100);
  std::vector<std::string> keys;
  for (std::size_t i = 0; i != items.size(); ++i) {
    items[i].key = "{t}" + std::to_string(i);
    keys.push_back(items[i].key);
  }
  const milliseconds longest = milliseconds(2'000) + allowance;
  auto start = steady_clock::now();
  EXPECT_EQ(store.batch_add(std::move(items)).failures.size(), 100U);
  EXPECT_LT(steady_clock::now() - start, longest);
  start = steady_clock::now();
  EXPECT_TRUE(ending_of([&] { return store.batch_get(keys); }).error.has_value());
  EXPECT_LT(steady_clock::now() - start, longest);
  start = steady_clock::now();
  EXPECT_TRUE(ending_of([&] { return store.batch_erase(keys); }).error.has_value());
  EXPECT_LT(steady_clock::now() - start, longest);
}

}  // namespace
}  // namespace semantrix::testing
