// What no local Memcached does: clusters that name their nodes, old versions, serverless caches.
#include "integration/memcached_subject.hpp"
#include "support/played_memcached.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace semantrix::testing {
namespace {

std::string nodes(int version, const std::vector<const PlayedMemcached*>& servers) {
  std::string text = std::to_string(version) + "\n";
  for (const PlayedMemcached* server : servers) {
    text += fmt::format("localhost|127.0.0.1|{} ", server->endpoint().port);
  }
  text.back() = '\n';
  return text;
}

MemcachedManners cluster_of(std::string payload) {
  MemcachedManners manners;
  manners.cluster = std::move(payload);
  return manners;
}

std::vector<std::string> some_keys() {
  std::vector<std::string> keys;
  for (int i = 0; i != 40; ++i) keys.push_back("key" + std::to_string(i));
  return keys;
}

class MemcachedPlayed : public ::testing::Test {
 protected:
  static ElastiCacheOptions options(const PlayedMemcached& server) {
    return memcached_options(server.endpoint().text());
  }
};

TEST_F(MemcachedPlayed, a_cluster_names_its_nodes) {
  PlayedMemcached first;
  PlayedMemcached second;
  PlayedMemcached endpoint(cluster_of(nodes(1, {&first, &second})));
  Client store = client_of(options(endpoint));
  for (const std::string& key : some_keys()) store.add(key, "v");
  EXPECT_EQ(first.keys().size() + second.keys().size(), 40U);
  EXPECT_GT(first.keys().size(), 0U);
  EXPECT_GT(second.keys().size(), 0U);
  EXPECT_TRUE(endpoint.keys().empty());
  for (const auto& value : store.batch_get(some_keys())) EXPECT_EQ(value, Value("v"));
  EXPECT_EQ(store.size(), 40U);
  EXPECT_NE(store.describe().server.find("of 2 servers"), std::string::npos);
}

TEST_F(MemcachedPlayed, nodes_that_fail_have_the_cluster_asked_again_and_only_news_counts) {
  PlayedMemcached first;
  auto second = std::make_unique<PlayedMemcached>();
  PlayedMemcached endpoint(cluster_of(nodes(2, {&first, second.get()})));
  ElastiCacheOptions given = options(endpoint);
  given.network.connect_timeout = milliseconds(300);
  given.network.deadline = milliseconds(900);
  Client store = client_of(given);
  for (const std::string& key : some_keys()) store.add(key, "v");
  // An older state is no news, whoever tells it.
  endpoint.behave(cluster_of(nodes(1, {&first})));
  second.reset();
  const auto works = [&] {
    return std::ranges::all_of(
        some_keys(), [&](const std::string& key) { return !ending_of_get(store, key).error; });
  };
  EXPECT_FALSE(works());
  endpoint.behave(cluster_of(nodes(3, {&first})));
  EXPECT_TRUE(comes_true(works));
  EXPECT_EQ(store.describe().server, "memcached 1.6.18");
}

TEST_F(MemcachedPlayed, a_server_that_names_no_cluster) {
  PlayedMemcached server;
  ElastiCacheOptions given = options(server);
  given.cluster = ClusterMode::on;
  given.network.deadline = milliseconds(900);
  Client store = client_of(given);
  EXPECT_EQ(ending_of_get(store, "key").code(), ErrorCode::not_supported);
  store.close();
  given.cluster = ClusterMode::off;
  const std::size_t asked = server.count("config");
  Client off = client_of(given);
  off.add("key", "value");
  EXPECT_EQ(server.count("config"), asked);
  given.cluster = ClusterMode::automatic;
  Client automatic = client_of(given);
  EXPECT_EQ(automatic.get("key"), Value("value"));
  EXPECT_EQ(server.count("config"), asked + 1);
}

TEST_F(MemcachedPlayed, old_servers_are_spoken_to_in_their_own_words) {
  MemcachedManners old;
  old.version = "1.4.5";
  PlayedMemcached server(old);
  Client store = client_of(options(server));
  store.add("key", "value");
  store.add("ends", "soon", {.ttl = std::chrono::hours(1)});
  EXPECT_EQ(store.get("key"), Value("value"));
  EXPECT_EQ(store.entry("ends")->value, Value("soon"));
  EXPECT_GT(*store.entry("ends")->ttl, std::chrono::minutes(59));
  EXPECT_TRUE(store.batch_add({{"a", Value("1"), {}}, {"b", Value("2"), {}}}).ok());
  EXPECT_EQ(store.batch_get({"a", "b", "c"})[1], Value("2"));
  EXPECT_TRUE(store.erase("key"));
  EXPECT_FALSE(store.erase("key"));
  EXPECT_EQ(server.count("mg") + server.count("ms") + server.count("md"), 0U);
  EXPECT_EQ(server.count("get AmazonElastiCache:cluster"), 1U);
}

TEST_F(MemcachedPlayed, an_old_cluster_names_its_nodes_under_a_key) {
  PlayedMemcached node;
  MemcachedManners old = cluster_of(nodes(1, {&node}));
  old.version = "1.4.5";
  PlayedMemcached endpoint(old);
  Client store = client_of(options(endpoint));
  store.add("key", "value");
  EXPECT_EQ(node.keys().size(), 1U);
}

TEST_F(MemcachedPlayed, a_serverless_cache) {
  MemcachedManners serverless;
  serverless.tells_settings = false;
  serverless.lists_keys = false;
  PlayedMemcached server(serverless);
  Client store = client_of(options(server));
  // Lines of more than 16 KB are refused there.
  std::vector<std::string> keys;
  for (int i = 0; i != 256; ++i) keys.push_back(std::string(180, 'k') + std::to_string(i));
  for (const std::string& key : keys) store.add(key, "v");
  for (const auto& value : store.batch_get(keys)) EXPECT_EQ(value, Value("v"));
  for (const std::string& line : server.lines()) EXPECT_LE(line.size(), 16'000U);
  const auto code = error_of([&] { store.clear(); });
  EXPECT_EQ(code, ErrorCode::not_supported);
  EXPECT_EQ(error_of([&] { static_cast<void>(store.size()); }), ErrorCode::not_supported);
  const Description description = store.describe();
  EXPECT_FALSE(description.capability.can_list_keys);
  EXPECT_FALSE(description.capability.can_size);
  EXPECT_FALSE(description.capability.can_clear);
  EXPECT_EQ(server.count("flush_all"), 0U);
}

TEST_F(MemcachedPlayed, a_small_item_limit_is_learnt_from_the_server) {
  MemcachedManners small;
  small.item_limit = 2048;
  PlayedMemcached server(small);
  Client store = client_of(options(server));
  std::mt19937_64 random(7);
  std::string value;
  for (int i = 0; i != 3000; ++i) value += static_cast<char>(random());
  store.add("key", Value(value));
  EXPECT_TRUE(store.get("key") == Value(value));
  EXPECT_GT(server.keys().size(), 1U);
  EXPECT_EQ(store.size(), 1U);
  EXPECT_EQ(store.clear(), 1U);
  EXPECT_EQ(server.keys().size(), 0U);
}

TEST_F(MemcachedPlayed, a_batch_takes_one_round_trip) {
  PlayedMemcached server;
  Client store = client_of(options(server));
  const std::vector<std::string> keys = some_keys();
  for (const std::string& key : keys) store.add(key, "v");
  const std::size_t before = server.lines().size();
  for (const auto& value : store.batch_get(keys)) EXPECT_EQ(value, Value("v"));
  EXPECT_EQ(server.lines().size() - before, 1U);
}

}  // namespace
}  // namespace semantrix::testing
