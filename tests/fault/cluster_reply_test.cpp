// Clusters that answer as no healthy one does: what they say of themselves, and where they send
// their callers. The nodes are played.
#include "integration/subject.hpp"
#include "support/answering_server.hpp"
#include "support/dialogue.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace semantrix::testing {
namespace {

using Arrival = AnsweringServer::Arrival;
using Reply = std::optional<std::string>;

std::string bulk(const std::string& text) {
  return fmt::format("${}\r\n{}\r\n", text.size(), text);
}

/// Of CLUSTER SLOTS.
std::string node_text(const std::string& host, std::uint16_t port, char id) {
  return "*4\r\n" + bulk(host) + fmt::format(":{}\r\n", port) + bulk(std::string(40, id)) +
         "*0\r\n";
}
std::string range_text(int first, int last, const std::vector<std::string>& nodes) {
  std::string text = fmt::format("*{}\r\n:{}\r\n:{}\r\n", 2 + nodes.size(), first, last);
  for (const std::string& node : nodes) text += node;
  return text;
}
std::string slots_text(const std::vector<std::string>& ranges) {
  std::string text = fmt::format("*{}\r\n", ranges.size());
  for (const std::string& range : ranges) text += range;
  return text;
}

std::string moved(const Endpoint& to, const char* word = "MOVED") {
  return fmt::format("-{} 5 {}\r\n", word, to.text());
}

/// Two nodes: what they say of the cluster, and to commands on keys.
class ClusterReply : public ::testing::Test {
 protected:
  static constexpr int last_slot = 16'383;

  ClusterReply() : options_(options_at(a_.endpoint())) {
    options_.network.retry_attempts = 0;
    options_.network.deadline = milliseconds(3'000);
    options_.network.read_timeout = milliseconds(1'000);
    handshake_ = redis_handshake();
    std::string& hello = handshake_["HELLO"];
    const std::string standalone = "+standalone";
    hello.replace(hello.find(standalone), standalone.size(), "+cluster");
    handshake_["ASKING"] = "+OK\r\n";
    topology(owned_by_a());
    to_keys(a_, [](const Arrival&) { return "$4\r\ngood\r\n"; });
    to_keys(b_, [](const Arrival&) { return "$4\r\ngood\r\n"; });
  }

  [[nodiscard]] std::string a_text() const {
    return node_text("127.0.0.1", a_.endpoint().port, 'a');
  }
  [[nodiscard]] std::string b_text() const {
    return node_text("127.0.0.1", b_.endpoint().port, 'b');
  }
  [[nodiscard]] std::string owned_by_a() const {
    return slots_text({range_text(0, last_slot, {a_text()})});
  }
  [[nodiscard]] std::string owned_by_b() const {
    return slots_text({range_text(0, last_slot, {b_text()})});
  }

  /// What both say to CLUSTER SLOTS from now on.
  void topology(std::string text) {
    const std::lock_guard lock(mutex_);
    topology_ = std::move(text);
  }

  /// What a node says to commands that are no handshake.
  void to_keys(AnsweringServer& node, std::function<Reply(const Arrival&)> answer) {
    node.answer([this, answer = std::move(answer)](const Arrival& arrival) -> Reply {
      const std::string& name = arrival.words.at(0);
      if (name == "CLUSTER" && arrival.words.size() > 1) return of_cluster(arrival.words[1]);
      const Reply greeting = of_handshake(name);
      return greeting ? greeting : answer(arrival);
    });
  }

  [[nodiscard]] Reply of_handshake(const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto known = handshake_.find(name);
    return known != handshake_.end() ? Reply(known->second) : std::nullopt;
  }

  /// The commands of that name, and what went before each on its connection.
  static std::vector<std::pair<std::string, RespCommand>> with_predecessors(
      const AnsweringServer& node, const std::string& name) {
    std::map<std::size_t, std::string> before;
    std::vector<std::pair<std::string, RespCommand>> found;
    for (const Arrival& arrival : node.arrivals()) {
      if (arrival.words[0] == name) found.emplace_back(before[arrival.connection], arrival.words);
      before[arrival.connection] = arrival.words[0];
    }
    return found;
  }

  [[nodiscard]] Client client() const { return client_of(options_); }

  void expect_unavailable(const Ending& ending) {
    ASSERT_EQ(ending.code(), ErrorCode::unavailable) << ::testing::PrintToString(ending);
    EXPECT_FALSE(ending.error->message().empty());
    EXPECT_LT(ending.took, milliseconds(3'000) + slack);
  }

  // What the nodes' threads see outlives them.
  std::mutex mutex_;
  std::string topology_;                          // guarded by mutex_
  std::map<std::string, std::string> handshake_;  // guarded by mutex_
  AnsweringServer a_;
  AnsweringServer b_;
  ElastiCacheOptions options_;

 private:
  Reply of_cluster(const std::string& question) {
    if (!same_name(question, "SLOTS")) return "-ERR unknown subcommand '" + question + "'\r\n";
    const std::lock_guard lock(mutex_);
    return topology_;
  }
};

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
    to_keys(a_, [text](const Arrival&) { return text; });
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
    if (const Reply greeting = of_handshake(name)) return greeting;
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

TEST_F(ClusterReply, a_malformed_description_is_an_error_and_the_next_may_be_right) {
  for (const std::string text :
       {":5\r\n", "+OK\r\n", "*1\r\n:5\r\n", "*1\r\n*2\r\n:0\r\n:99999\r\n",
        "*1\r\n*3\r\n:5\r\n:1\r\n*0\r\n", "*1\r\n*3\r\n:0\r\n:16383\r\n+node\r\n",
        "*1\r\n*3\r\n:-1\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:1\r\n",
        "*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:99999\r\n",
        "*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n:127\r\n:1\r\n", "%1\r\n+a\r\n+b\r\n",
        "*4294967295\r\n*3\r\n", "$-2\r\n"}) {
    topology(text);
    Client store = client();
    const Ending ending = ending_of_get(store, "key");
    EXPECT_EQ(ending.code(), ErrorCode::protocol_error) << text << ::testing::PrintToString(ending);
    EXPECT_LT(ending.took, milliseconds(3'000) + slack);
    topology(owned_by_a());
    EXPECT_TRUE(comes_true([&] { return !ending_of_get(store, "key").error; })) << text;
    store.close();
  }
}

TEST_F(ClusterReply, a_cluster_that_names_nobody_is_unavailable) {
  for (const std::string& text :
       {std::string("*0\r\n"), slots_text({range_text(0, last_slot, {node_text("?", 6379, 'x')})}),
        slots_text({range_text(0, last_slot, {node_text("127.0.0.1", 0, 'x')})})}) {
    to_keys(a_, [](const Arrival&) { return "-CLUSTERDOWN Hash slot not served\r\n"; });
    topology(text);
    Client store = client();
    expect_unavailable(ending_of_get(store, "key"));
    to_keys(a_, [](const Arrival&) { return "$4\r\ngood\r\n"; });
    topology(owned_by_a());
    EXPECT_TRUE(comes_true([&] { return !ending_of_get(store, "key").error; })) << text;
    store.close();
  }
}

TEST_F(ClusterReply, a_refusal_to_describe_the_cluster_is_told) {
  topology("-NOPERM this user has no permissions to run the 'cluster|slots' command\r\n");
  Client store = client();
  const Ending ending = ending_of_get(store, "key");
  EXPECT_EQ(ending.code(), ErrorCode::permission_denied) << ::testing::PrintToString(ending);
}

TEST_F(ClusterReply, a_node_without_a_host_is_on_the_host_that_was_asked) {
  const std::string null_host =
      fmt::format("*4\r\n$-1\r\n:{}\r\n{}*0\r\n", b_.endpoint().port, bulk(std::string(40, 'b')));
  for (const std::string& b_node : {node_text("", b_.endpoint().port, 'b'), null_host}) {
    topology(slots_text({range_text(0, 8'000, {node_text("", a_.endpoint().port, 'a')}),
                         range_text(8'001, last_slot, {b_node})}));
    Client store = client();
    const std::size_t before = b_.count("GET");
    for (int i = 0; i != 30; ++i) EXPECT_EQ(store.get("key" + std::to_string(i)), Value("good"));
    EXPECT_GT(b_.count("GET"), before);
    store.close();
  }
}

/// Some of the slots, or a node that cannot be found, are no trouble of the others.
TEST_F(ClusterReply, slots_that_nobody_serves_are_unavailable_alone) {
  to_keys(a_, [](const Arrival& arrival) -> Reply {
    return arrival.words[1].find("{lost}") != std::string::npos
               ? "-CLUSTERDOWN Hash slot not served\r\n"
               : "$4\r\ngood\r\n";
  });
  const int lost = 11'000;
  topology(slots_text({range_text(0, lost, {a_text()})}));
  Client store = client();
  int served = 0;
  for (int i = 0; i != 30; ++i) {
    if (!ending_of_get(store, "key" + std::to_string(i)).error) ++served;
  }
  EXPECT_EQ(served, 30) << "any node knows, or says so";
  expect_unavailable(ending_of_get(store, "{lost}"));
}

TEST_F(ClusterReply, many_calls_that_are_sent_elsewhere_ask_once_for_the_new_map) {
  to_keys(a_, [this](const Arrival&) { return moved(b_.endpoint()); });
  boost::asio::io_context context{1};
  ElastiCacheStore store(options_);
  Client client(std::shared_ptr<CacheStore>(&store, [](CacheStore*) {}), Front::awaitable);
  EXPECT_EQ(client.get("key"), Value("good"));
  std::vector<std::future<std::optional<Value>>> found;
  for (int i = 0; i != 256; ++i) {
    found.push_back(boost::asio::co_spawn(context, store.get_exact("key" + std::to_string(i)),
                                          boost::asio::use_future));
  }
  context.run();
  for (auto& each : found) EXPECT_EQ(each.get(), Value("good"));
  EXPECT_LE(a_.count("CLUSTER") + b_.count("CLUSTER"), 8U);
  topology(owned_by_b());
  // Once it is there, nobody is sent elsewhere.
  EXPECT_TRUE(comes_true([&] {
    const std::size_t before = a_.count("GET");
    EXPECT_EQ(client.get("key"), Value("good"));
    return a_.count("GET") == before;
  }));
  await(store.close());
}

class ReplicaReply : public ClusterReply {
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
    to_keys(b_, [error](const Arrival&) { return error; });
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
