// What a cluster says of itself: malformed, incomplete, unusual, or too often asked for.
#include "fault/played_cluster.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace semantrix::testing {
namespace {

using ClusterDescription = PlayedCluster;

TEST_F(ClusterDescription, a_malformed_description_is_an_error_and_the_next_may_be_right) {
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

TEST_F(ClusterDescription, a_cluster_that_names_nobody_is_unavailable) {
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

TEST_F(ClusterDescription, a_refusal_to_describe_the_cluster_is_told) {
  topology("-NOPERM this user has no permissions to run the 'cluster|slots' command\r\n");
  Client store = client();
  const Ending ending = ending_of_get(store, "key");
  EXPECT_EQ(ending.code(), ErrorCode::permission_denied) << ::testing::PrintToString(ending);
}

TEST_F(ClusterDescription, a_node_without_a_host_is_on_the_host_that_was_asked) {
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

TEST_F(ClusterDescription, slots_that_nobody_serves_are_unavailable_alone) {
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

TEST_F(ClusterDescription, many_calls_that_are_sent_elsewhere_ask_once_for_the_new_map) {
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

/// The store is open: whatever became of the node, that is not what the caller is told.
TEST_F(ClusterDescription, a_node_that_leaves_while_its_keys_are_listed) {
  topology(slots_text({range_text(0, last_slot, {b_text()})}));
  to_keys(b_, [this](const Arrival& arrival) -> Reply {
    if (arrival.words[0] != "SCAN") return moved(a_.endpoint());
    return "*2\r\n" + bulk("17") + "*1\r\n" + bulk(options_.key_prefix + "listed");
  });
  to_keys(a_, [](const Arrival& arrival) -> Reply {
    if (arrival.words[0] != "SCAN") return "$4\r\ngood\r\n";
    return "*2\r\n$1\r\n0\r\n*0\r\n";
  });
  Client store = client();
  KeyCursor cursor = store.scan();
  EXPECT_EQ(store.next_page(cursor), std::vector<std::string>{"listed"});
  // Two changes: a node that left is kept until the second, for calls that are on their way.
  for (const std::string& text :
       {owned_by_a(), slots_text({range_text(0, last_slot, {b_text()})}), owned_by_a(),
        slots_text({range_text(0, last_slot, {a_text(), node_text("127.0.0.1", 1, 'x')})})}) {
    topology(text);
    const std::size_t before = a_.count("CLUSTER") + b_.count("CLUSTER");
    to_keys(a_, [this](const Arrival&) { return moved(b_.endpoint()); });
    EXPECT_TRUE(comes_true([&] {
      static_cast<void>(ending_of_get(store, "key"));
      return a_.count("CLUSTER") + b_.count("CLUSTER") > before;
    }));
  }
  const Ending ending = ending_of([&] { return store.next_page(cursor); });
  ASSERT_EQ(ending.code(), ErrorCode::unavailable) << ::testing::PrintToString(ending);
  EXPECT_TRUE(ending.error->retryable());
}

}  // namespace
}  // namespace semantrix::testing
