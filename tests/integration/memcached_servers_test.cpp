// Memcached servers that die, hang, are cut off and return; three of them; one behind a password.
#include "integration/memcached_subject.hpp"
#include "support/fault_gate.hpp"
#include "support/versioned_load.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

namespace semantrix::testing {
namespace {

using namespace std::chrono_literals;

void be_quick(NetworkOptions& network) {
  network.connect_timeout = milliseconds(300);
  network.read_timeout = milliseconds(300);
  network.deadline = milliseconds(900);
}

// -- One server --

class MemcachedFaults : public MemcachedTest {
 protected:
  MemcachedFaults() : gate_(server_.endpoint()) {
    options_.endpoint = gate_.endpoint().text();
    be_quick(options_.network);
  }

  /// Nothing gets through any more.
  void cut_off() {
    gate_.refuse();
    gate_.reset_all();
  }
  void let_through() {
    gate_.pass();
    gate_.accept_again();
  }

  FaultGate gate_;
};

TEST_F(MemcachedFaults, a_server_that_is_killed_and_started_again) {
  options_.endpoint = server_.endpoint().text();
  Client store = client();
  store.add("key", "value");
  kill_server("memcached");
  EXPECT_TRUE(
      comes_true([&] { return ending_of_get(store, "key").code() == ErrorCode::connect_failed; }));
  restart_server("memcached");
  EXPECT_TRUE(works_again(store));
  EXPECT_EQ(store.get("key"), std::nullopt);
}

TEST_F(MemcachedFaults, a_write_that_was_lost_leaves_no_older_value_to_read) {
  Client store = client();
  store.add("replaced", "old");
  store.add("erased", "old");
  store.add("untouched", "old");
  cut_off();
  EXPECT_TRUE(ending_of_add(store, "replaced", "new").error.has_value());
  EXPECT_TRUE(ending_of([&] { return store.erase("erased"); }).error.has_value());
  let_through();
  EXPECT_TRUE(works_again(store));
  EXPECT_EQ(raw_get(server_.endpoint(), stored("replaced")), "old");
  EXPECT_EQ(store.get("replaced"), std::nullopt);
  EXPECT_EQ(store.batch_get({"erased", "untouched"})[0], std::nullopt);
  EXPECT_EQ(store.get("untouched"), Value("old"));
  // At once, or, if the write may have left, when it can no longer arrive.
  for (const std::string key : {"replaced", "erased"}) {
    EXPECT_TRUE(comes_true([&] {
      EXPECT_EQ(store.get(key), std::nullopt);
      return !raw_get(server_.endpoint(), stored(key)).has_value();
    })) << key;
  }
}

TEST_F(MemcachedFaults, a_batch_that_was_lost_leaves_no_older_values_either) {
  options_.network.on_error = OnError::miss;
  Client store = client();
  store.add("a", "old");
  store.add("b", "old");
  cut_off();
  EXPECT_EQ(store.batch_add({{"a", Value("new"), {}}, {"b", Value("new"), {}}}).stored, 0U);
  EXPECT_EQ(store.get("a"), std::nullopt);
  let_through();
  EXPECT_TRUE(works_again(store));
  EXPECT_EQ(store.entry("a"), std::nullopt);
  EXPECT_EQ(store.get("b"), std::nullopt);
  EXPECT_TRUE(comes_true([&] {
    store.add("b", "newer");
    return store.get("b") == Value("newer");
  }));
  EXPECT_GT(store.stats().errors.size(), 0U);
}

TEST_F(MemcachedFaults, an_answer_that_is_lost_is_an_unknown_outcome_and_no_stale_read) {
  Client store = client();
  store.add("key", "old");
  gate_.drop(Direction::to_client);
  const Ending ending = ending_of_add(store, "key", "new");
  EXPECT_TRUE(ending.error.has_value());
  EXPECT_LT(ending.took, milliseconds(900) + slack);
  gate_.pass();
  gate_.reset_all();
  EXPECT_TRUE(works_again(store));
  EXPECT_NE(store.get("key"), Value("old"));
}

TEST_F(MemcachedFaults, a_write_that_is_executed_late_is_not_read) {
  Client store = client();
  store.add("key", "old");
  gate_.drop(Direction::to_client);
  EXPECT_EQ(ending_of_add(store, "key", "late").code(), ErrorCode::timeout);
  gate_.pass();
  gate_.reset_all();
  EXPECT_TRUE(comes_true([&] { return !ending_of_add(store, "key", "new").code(); }));
  // The server's doing, had the first write still been before it.
  raw_set(server_.endpoint(), stored("key"), "late");
  EXPECT_EQ(store.get("key"), std::nullopt);
  // Trusted again once a call's time has passed.
  EXPECT_TRUE(comes_true([&] {
    store.add("key", "newer");
    return store.get("key") == Value("newer");
  }));
}

TEST_F(MemcachedFaults, a_write_that_was_sent_is_not_sent_again) {
  options_.network.max_pool_connections = 1;
  Client store = client();
  store.add("key", "old");
  gate_.close_after(Direction::to_client, 1);
  EXPECT_EQ(ending_of_add(store, "key", "new").code(), ErrorCode::connection_lost);
  EXPECT_EQ(store.stats().retries, 0U);
  EXPECT_EQ(store.get("key"), std::nullopt);
}

TEST_F(MemcachedFaults, bytes_that_come_one_by_one) {
  options_.network = NetworkOptions();
  options_.network.read_timeout = std::chrono::seconds(10);
  options_.network.deadline = std::chrono::seconds(20);
  Client store = client();
  gate_.split(Direction::to_client);
  gate_.split(Direction::to_server);
  store.add("key", "value");
  EXPECT_EQ(store.batch_get({"key", "absent", "key"})[2], Value("value"));
  EXPECT_EQ(store.size(), 1U);
  EXPECT_TRUE(store.erase("key"));
}

TEST_F(MemcachedFaults, close_ends_the_connections) {
  Client store = client();
  store.add("key", "value");
  store.close();
  EXPECT_TRUE(comes_true([&] { return gate_.counts().open == 0; }));
  EXPECT_EQ(ending_of_get(store, "key").code(), ErrorCode::closed);
  EXPECT_EQ(ending_of_add(store, "key", "value").code(), ErrorCode::closed);
  EXPECT_EQ(error_of([&] { static_cast<void>(store.size()); }), ErrorCode::closed);
}

// -- A password --

class MemcachedPassword : public MemcachedTest {
 protected:
  MemcachedPassword() : MemcachedTest("memcached_password") {}
};

TEST_F(MemcachedPassword, lets_in_who_knows_it) {
  Client store = client();
  store.add("key", "value");
  EXPECT_EQ(store.get("key"), Value("value"));
  EXPECT_EQ(store.size(), 1U);
  store.clear();
}

TEST_F(MemcachedPassword, keeps_out_who_does_not) {
  options_.password = "wrong";
  Client wrong = client();
  EXPECT_EQ(ending_of_get(wrong, "key").code(), ErrorCode::authentication_failed);
  options_.user.clear();
  options_.password.clear();
  Client none = client();
  const Ending ending = ending_of_get(none, "key");
  EXPECT_EQ(ending.code(), ErrorCode::authentication_failed) << ::testing::PrintToString(ending);
}

TEST_F(MemcachedPassword, is_not_told_a_server_that_does_not_ask_for_it) {
  const ServerAddress open = server("memcached");
  ElastiCacheOptions options = memcached_options(open.endpoint().text());
  options.user = "cache";
  options.password = "secret";
  Client store = client_of(options);
  store.add("key", "value");
  EXPECT_EQ(raw_get(open.endpoint(), "login"), std::nullopt);
}

// -- Three servers --

class MemcachedThree : public MemcachedTest {
 protected:
  MemcachedThree() : MemcachedTest("memcached_three") {}

  /// Which of them has the key.
  std::vector<std::size_t> holders(const std::string& key) {
    std::vector<std::size_t> having;
    for (std::size_t i = 0; i != server_.endpoints.size(); ++i) {
      if (raw_get(server_.endpoints[i], stored(key))) having.push_back(i);
    }
    return having;
  }
};

TEST_F(MemcachedThree, share_the_keys) {
  Client store = client();
  std::set<std::size_t> used;
  std::vector<std::string> keys;
  for (int i = 0; i != 60; ++i) {
    const std::string key = "key" + std::to_string(i);
    keys.push_back(key);
    store.add(key, "of " + key);
    const auto having = holders(key);
    ASSERT_EQ(having.size(), 1U);
    used.insert(having.front());
  }
  EXPECT_EQ(used.size(), 3U);
  const auto values = store.batch_get(keys);
  for (std::size_t i = 0; i != keys.size(); ++i) EXPECT_EQ(values[i], Value("of " + keys[i]));
  EXPECT_EQ(store.size(), 60U);
  EXPECT_EQ(store.batch_erase({keys[0], keys[1], keys[2]}), 3U);
  EXPECT_EQ(store.clear(), 57U);
  EXPECT_NE(store.describe().server.find("of 3 servers"), std::string::npos);
}

TEST_F(MemcachedThree, one_that_is_dead_fails_its_own_keys_alone) {
  be_quick(options_.network);
  Client store = client();
  std::vector<std::string> keys;
  for (int i = 0; i != 30; ++i) keys.push_back("key" + std::to_string(i));
  std::vector<std::string> dead;
  for (const std::string& key : keys) {
    store.add(key, "old");
    if (holders(key).front() == 1) dead.push_back(key);
  }
  ASSERT_FALSE(dead.empty());
  kill_server("memcached_three_2");
  for (const std::string& key : keys) {
    const bool is_dead = std::ranges::find(dead, key) != dead.end();
    EXPECT_EQ(ending_of_get(store, key).error.has_value(), is_dead) << key;
    if (!is_dead) continue;
    EXPECT_TRUE(ending_of_add(store, key, "new").error.has_value());
  }
  restart_server("memcached_three_2");
  EXPECT_TRUE(comes_true([&] { return !ending_of_get(store, dead.front()).error; }));
  for (const std::string& key : dead) EXPECT_EQ(store.get(key), std::nullopt) << key;
}

TEST_F(MemcachedThree, one_is_killed_under_load) {
  be_quick(options_.network);
  boost::asio::io_context context(1);
  options_.executor = context.get_executor();
  auto store = std::make_shared<ElastiCacheStore>(options_);
  VersionedLoad::Plan plan;
  for (int caller = 0; caller != 16; ++caller) {
    auto& keys = plan.keys.emplace_back();
    for (int i = 0; i != 6; ++i) keys.push_back(fmt::format("{}.{}", caller, i));
  }
  plan.shard = [](const std::string&) { return std::size_t{0}; };
  plan.batches = true;
  VersionedLoad load(*store, context.get_executor(), plan);
  std::thread thread([&, work = boost::asio::make_work_guard(context)] { context.run(); });
  EXPECT_TRUE(comes_true([&] { return load.report().calls() > 500; }));
  kill_server("memcached_three_3");
  const auto before = load.report();
  EXPECT_TRUE(comes_true([&] {
    const auto now = load.report();
    return now.failures() > before.failures() + 20 &&
           now.calls() - now.failures() > before.calls() - before.failures() + 300;
  }));
  restart_server("memcached_three_3");
  const auto failed = load.report().failures();
  EXPECT_TRUE(comes_true([&] { return load.report().calls() > before.calls() + 2'000; }));
  EXPECT_TRUE(load.stop(std::chrono::seconds(10)));
  const LoadReport report = load.report();
  fmt::print("{}", report.text());
  EXPECT_EQ(report.wrong, std::vector<std::string>());
  EXPECT_EQ(report.older, 0U);
  EXPECT_GT(failed, 0U);
  context.stop();
  thread.join();
}

}  // namespace
}  // namespace semantrix::testing
