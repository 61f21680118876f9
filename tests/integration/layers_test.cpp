// The layers that real servers matter to: a near cache that hears of changes, and a store that is
// gone and comes back.
#include "integration/subject.hpp"
#include "support/fault_gate.hpp"
#include <semantrix/blocking_store.hpp>
#include <semantrix/detail/verbs.hpp>
#include <semantrix/layers/fail_open.hpp>
#include <semantrix/layers/near_cache.hpp>
#include <semantrix/layers/tags.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace semantrix::testing {
namespace {

using namespace std::chrono_literals;

/// The middle of how long each of some calls took.
template <class Call>
std::chrono::microseconds median_time(int calls, const Call& call) {
  std::vector<std::chrono::microseconds> times;
  for (int i = 0; i != calls; ++i) {
    const auto start = steady_clock::now();
    call();
    times.push_back(
        std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - start));
  }
  std::nth_element(times.begin(), times.begin() + calls / 2, times.end());
  return times[static_cast<std::size_t>(calls) / 2];
}

class RedisNearCache : public RedisTest {
 protected:
  RedisNearCache() : gate_(server_.endpoint()) { options_.endpoint = gate_.endpoint().text(); }

  /// Copies that nobody tells to go stay for an hour.
  Client near_client() {
    NearCacheOptions near;
    near.ttl = 1h;
    auto store = std::make_shared<ElastiCacheStore>(options_);
    return Client(std::make_shared<NearCacheLayer>(std::move(store), near), Front::awaitable);
  }
  /// Whether what another client writes is seen.
  bool hears(Client& client) {
    static int number = 0;
    const std::string value = "by another " + std::to_string(++number);
    static_cast<void>(client.get("key"));
    cli({"SET", stored("key"), value});
    return comes_true([&] { return client.get("key") == Value(value); });
  }

  /// How many GETs the server has answered.
  int gets_at_server() {
    const std::string figures = cli({"INFO", "commandstats"});
    constexpr std::string_view name = "cmdstat_get:calls=";
    const std::size_t at = figures.find(name);
    return at == std::string::npos ? 0 : std::stoi(figures.substr(at + name.size()));
  }

  FaultGate gate_;
};

TEST_F(RedisNearCache, sees_what_another_client_changes) {
  Client client = near_client();
  client.add("key", "first");
  EXPECT_EQ(client.get("key"), Value("first"));
  EXPECT_TRUE(hears(client));
  EXPECT_TRUE(hears(client));
  cli({"DEL", stored("key")});
  EXPECT_TRUE(comes_true([&] { return client.get("key") == std::nullopt; }));
}

TEST_F(RedisNearCache, a_repeated_get_sends_nothing) {
  Client client = near_client();
  client.add("key", "value");
  EXPECT_TRUE(hears(client));
  cli({"SET", stored("key"), "value"});
  ASSERT_TRUE(comes_true([&] { return client.get("key") == Value("value"); }));
  const Stats before = client.stats();
  for (int i = 0; i != 1000; ++i) EXPECT_EQ(client.get("key"), Value("value"));
  // But for a question a second whether the server is there.
  EXPECT_EQ(client.stats().hits - before.hits, 1000U);
  EXPECT_EQ(cli({"CLIENT", "LIST"}).find("error"), std::string::npos);
}

TEST_F(RedisNearCache, sees_a_change_within_fifty_milliseconds) {
  Client client = near_client();
  client.add("key", "first");
  ASSERT_TRUE(hears(client));
  std::vector<std::string> values;
  for (int i = 0; i != 21; ++i) values.push_back("value " + std::to_string(i));
  auto next = values.begin();
  const auto set_and_see = [&] {
    cli({"SET", stored("key"), *next});
    while (client.get("key") != Value(*next)) std::this_thread::yield();
    ++next;
  };
  // With the start of redis-cli, and in the middle case, since the machine may be busy.
  EXPECT_LE(median_time(21, set_and_see), 50ms);
}

TEST_F(RedisNearCache, a_repeated_get_is_answered_as_by_a_store_in_memory) {
  const auto store = std::make_shared<NearCacheLayer>(std::make_shared<ElastiCacheStore>(options_));
  Client client(store, Front::awaitable);
  client.add("key", "value", {.ttl = 1h});
  EXPECT_EQ(client.get("key"), Value("value"));
  const int sent = gets_at_server();
  for (int i = 0; i != 1000; ++i) {
    // Without a coroutine: the probe has the answer.
    const auto answer = detail::Verbs::attempt_get(*store, "key");
    ASSERT_TRUE(answer && *answer && **answer == Value("value"));
  }
  EXPECT_EQ(gets_at_server(), sent);
  client.close();
}

TEST_F(RedisNearCache, an_expired_entry_is_gone_near_as_well) {
  Client client = near_client();
  client.add("key", "value", {.ttl = 100ms});
  EXPECT_EQ(client.get("key"), Value("value"));
  EXPECT_TRUE(comes_true([&] { return client.get("key") == std::nullopt; }, 2s));
}

TEST_F(RedisNearCache, listens_again_after_its_connection_was_lost) {
  Client client = near_client();
  client.add("key", "first");
  EXPECT_TRUE(hears(client));
  gate_.reset_all();
  EXPECT_TRUE(comes_true([&] {
    try {
      return hears(client);
    } catch (const CacheError&) {
      return false;
    }
  }));
}

TEST_F(RedisNearCache, close_ends_every_connection) {
  Client client = near_client();
  client.add("key", "first");
  EXPECT_TRUE(hears(client));
  EXPECT_EQ(gate_.counts().open, 2U);
  client.close();
  EXPECT_TRUE(comes_true([&] { return gate_.counts().open == 0; }));
  EXPECT_EQ(error_of([&] { return client.get("key"); }), ErrorCode::closed);
}

TEST_F(RedisNearCache, a_store_that_is_dropped_lets_go_of_its_connections) {
  {
    Client client = near_client();
    client.add("key", "first");
    EXPECT_TRUE(hears(client));
  }
  EXPECT_TRUE(comes_true([&] { return gate_.counts().open == 0; }));
}

class RedisTags : public RedisNearCache {
 protected:
  static void add_red(Client& client, std::string_view key, std::string_view value) {
    const std::array<std::string_view, 1> red{"red"};
    AddOptions options;
    options.tags = red;
    client.add(key, value, options);
  }
  Client tags_client(bool near) {
    std::shared_ptr<CacheStore> store = std::make_shared<ElastiCacheStore>(options_);
    if (near) store = std::make_shared<NearCacheLayer>(std::move(store));
    return Client(std::make_shared<TagsLayer>(std::move(store)), Front::awaitable);
  }
};

TEST_F(RedisTags, what_one_client_invalidates_is_gone_for_all) {
  Client client = tags_client(false);
  Client other = tags_client(false);
  add_red(client, "one", "1");
  add_red(other, "two", "2");
  EXPECT_EQ(other.get("one"), Value("1"));
  EXPECT_EQ(client.invalidate_tag("red"), 1U);
  EXPECT_EQ(other.get("one"), std::nullopt);
  EXPECT_EQ(client.get("two"), std::nullopt);
  add_red(client, "one", "new");
  EXPECT_EQ(other.get("one"), Value("new"));
  EXPECT_EQ(cli({"DEL", stored("smx#tag:red")}), "1");
  EXPECT_EQ(other.get("one"), std::nullopt);
}

TEST_F(RedisTags, a_near_cache_hears_of_them) {
  Client client = tags_client(false);
  Client near = tags_client(true);
  ASSERT_TRUE(hears(near));
  add_red(client, "one", "1");
  EXPECT_EQ(near.get("one"), Value("1"));
  EXPECT_EQ(near.get("one"), Value("1"));
  client.invalidate_tag("red");
  EXPECT_TRUE(comes_true([&] { return near.get("one") == std::nullopt; }, 2s));
}

class RedisFailOpen : public RedisNearCache {};

TEST_F(RedisFailOpen, misses_at_once_while_the_server_is_gone_and_recovers) {
  options_.network.connect_timeout = 200ms;
  options_.network.read_timeout = 200ms;
  options_.network.deadline = 500ms;
  const auto layer = std::make_shared<FailOpenLayer>(std::make_shared<ElastiCacheStore>(options_));
  Client client(layer, Front::awaitable);
  client.add("key", "value");
  gate_.refuse();
  gate_.close_all();
  ASSERT_TRUE(comes_true([&] {
    static_cast<void>(client.get("key"));
    return layer->is_open();
  }));
  EXPECT_EQ(client.get("key"), std::nullopt);
  client.add("key", "dropped");
  gate_.accept_again();
  EXPECT_TRUE(comes_true([&] { return client.get("key") == Value("value"); }));
  EXPECT_FALSE(layer->is_open());
}

/// Callers that go on asking, whatever they are told.
class Load {
 public:
  explicit Load(const std::shared_ptr<CacheStore>& store) {
    for (int i = 0; i != 4; ++i) {
      threads_.emplace_back([this, store] {
        BlockingStore caller(store);
        while (!ended_) {
          static_cast<void>(caller.get_exact("key"));
          std::this_thread::sleep_for(200us);
        }
      });
    }
  }
  ~Load() {
    ended_ = true;
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  std::atomic<bool> ended_{false};
  std::vector<std::thread> threads_;
};

TEST_F(RedisFailOpen, under_load_misses_within_a_millisecond_and_recovers_within_five_seconds) {
  options_.network.connect_timeout = 200ms;
  options_.network.read_timeout = 200ms;
  options_.network.deadline = 500ms;
  const auto layer = std::make_shared<FailOpenLayer>(std::make_shared<ElastiCacheStore>(options_));
  Client client(layer, Front::awaitable);
  client.add("key", "value");
  const Load load(layer);
  gate_.refuse();
  gate_.close_all();
  ASSERT_TRUE(comes_true([&] { return layer->is_open(); }));
  // In the middle case: once a second one call tries the store.
  EXPECT_LE(median_time(1001, [&] { EXPECT_EQ(client.get("key"), std::nullopt); }), 1ms);
  gate_.accept_again();
  EXPECT_TRUE(comes_true([&] { return client.get("key") == Value("value"); }, 5s));
}

}  // namespace
}  // namespace semantrix::testing
