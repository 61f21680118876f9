// Every verb on a cluster: the right node for each key, one answer for what lies on all of them.
#include "integration/cluster_subject.hpp"
#include <semantrix/testing/conformance/key_listing_cases.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <string>
#include <vector>

namespace semantrix::testing {
namespace {

using conformance::sorted;
using Keys = std::vector<std::string>;

/// Values of all verbs over a thousand keys.
void use_every_verb(Client& store) {
  const Keys keys = many_keys(1'000);
  AddOptions for_an_hour;
  for_an_hour.ttl = std::chrono::hours(1);
  for (const std::string& key : keys) store.add(key, of(key), for_an_hour);
  for (const std::string& key : keys) {
    ASSERT_EQ(store.get(key), of(key));
    const auto entry = store.entry(key);
    ASSERT_TRUE(entry.has_value()) << key;
    ASSERT_EQ(entry->value, of(key));
    ASSERT_TRUE(entry->ttl.has_value()) << key;
    ASSERT_GT(*entry->ttl, std::chrono::minutes(50));
    ASSERT_LE(*entry->ttl, std::chrono::hours(1));
  }
  for (const std::string& key : keys) {
    ASSERT_TRUE(store.erase(key)) << key;
    ASSERT_FALSE(store.erase(key)) << key;
    ASSERT_EQ(store.get(key), std::nullopt) << key;
    ASSERT_FALSE(store.entry(key).has_value()) << key;
  }
}

using ClusterVerbs = ClusterTest;

TEST_F(ClusterVerbs, single_keys_over_all_slots) {
  Client store = client();
  expect_spread(many_keys(1'000));
  use_every_verb(store);
}

TEST_F(ClusterVerbs, each_value_is_where_the_cluster_looks_for_it) {
  Client store = client();
  for (const std::string& key : many_keys(50)) {
    store.add(key, of(key));
    const ClusterMember primary = cluster_.primary_of(slot_of(key));
    EXPECT_EQ(cluster_.ask(primary, {"GET", stored(key)}), of(key).view());
  }
}

TEST_F(ClusterVerbs, keys_with_hash_tags) {
  Client store = client();
  const Keys keys{"{user1}:a", "{user1}:b",  "b{user1}", "{}c",    "{}{user1}",
                  "{user2",    "}{user1}:d", "{{x}}",    "{\r\n}", "{a}{b}"};
  for (const std::string& key : keys) {
    EXPECT_EQ(redis_cli(cluster_.address(), {"CLUSTER", "KEYSLOT"}, stored(key)),
              std::to_string(slot_of(key)));
    store.add(key, of(key));
  }
  EXPECT_EQ(slot_of("{user1}:a"), slot_of("b{user1}"));
  expect_all(store, keys);
  const auto found = store.batch_get(keys);
  for (std::size_t i = 0; i != keys.size(); ++i) EXPECT_EQ(found.at(i), of(keys[i])) << keys[i];
  EXPECT_EQ(sorted(store.keys()), sorted(keys));
  EXPECT_EQ(store.batch_erase(keys), keys.size());
}

TEST_F(ClusterVerbs, batches_over_all_slots_keep_order_holes_and_repetitions) {
  Client store = client();
  const Keys keys = many_keys(3'000);
  expect_spread(keys);
  Keys even;
  for (std::size_t i = 0; i < keys.size(); i += 2) even.push_back(keys[i]);
  const BatchOutcome outcome = store.batch_add(items_of(even));
  EXPECT_TRUE(outcome.ok());
  EXPECT_EQ(outcome.stored, even.size());
  Keys asked(keys.rbegin(), keys.rend());
  asked.insert(asked.end(), {"key0", "key2", "key1", "key0", "nobody"});
  const auto found = store.batch_get(asked);
  ASSERT_EQ(found.size(), asked.size());
  for (std::size_t i = 0; i != asked.size(); ++i) {
    const bool stored = asked[i] != "nobody" && (asked[i].back() - '0') % 2 == 0;
    ASSERT_EQ(found[i], stored ? std::optional(of(asked[i])) : std::nullopt) << asked[i];
  }
  asked.assign(keys.begin(), keys.begin() + 1'000);
  asked.insert(asked.end(), {"key0", "key2", "nobody"});
  EXPECT_EQ(store.batch_erase(asked), 500U);
  EXPECT_EQ(store.size(), 1'000U);
  EXPECT_EQ(store.stats().deletes, 500U);
}

TEST_F(ClusterVerbs, a_batch_of_one_slot_and_batches_of_one_and_none) {
  Client store = client();
  Keys keys;
  for (const std::string& key : many_keys(600)) keys.push_back("{same}" + key);
  EXPECT_EQ(store.batch_add(items_of(keys)).stored, keys.size());
  const auto found = store.batch_get(keys);
  ASSERT_EQ(found.size(), keys.size());
  for (std::size_t i = 0; i != keys.size(); ++i) ASSERT_EQ(found[i], of(keys[i]));
  EXPECT_EQ(store.batch_get({keys[7]}).at(0), of(keys[7]));
  EXPECT_TRUE(store.batch_get({}).empty());
  EXPECT_EQ(store.batch_add({}).stored, 0U);
  EXPECT_EQ(store.batch_erase({}), 0U);
  EXPECT_EQ(store.batch_erase(keys), keys.size());
}

TEST_F(ClusterVerbs, large_values_in_a_batch_over_all_slots) {
  Client store = client();
  const Keys keys = many_keys(40);
  std::vector<BatchItem> items = items_of(keys);
  for (BatchItem& item : items) {
    item.value = Value(item.key + std::string(500'000, item.key.back()));
  }
  EXPECT_TRUE(store.batch_add(std::move(items)).ok());
  const auto found = store.batch_get(keys);
  for (std::size_t i = 0; i != keys.size(); ++i) {
    ASSERT_TRUE(found.at(i).has_value()) << keys[i];
    EXPECT_TRUE(found[i]->view() == keys[i] + std::string(500'000, keys[i].back())) << keys[i];
  }
}

TEST_F(ClusterVerbs, ttls_of_a_batch) {
  Client store = client();
  std::vector<BatchItem> items = items_of(many_keys(30));
  items[0].ttl = std::chrono::minutes(5);
  AddOptions an_hour;
  an_hour.ttl = std::chrono::hours(1);
  EXPECT_TRUE(store.batch_add(std::move(items), an_hour).ok());
  for (const std::string& key : many_keys(30)) {
    const auto left = store.entry(key).value().ttl;
    ASSERT_TRUE(left.has_value()) << key;
    EXPECT_LE(*left, key == "key0" ? std::chrono::minutes(5) : std::chrono::minutes(60)) << key;
    EXPECT_GT(*left, key == "key0" ? std::chrono::minutes(1) : std::chrono::minutes(50)) << key;
  }
}

TEST_F(ClusterVerbs, listing_counting_and_clearing_reach_every_primary) {
  Client store = client();
  const Keys keys = many_keys(1'000);
  Keys beside;
  for (int i = 0; i != 30; ++i) {
    beside.push_back("beside:" + options_.key_prefix + std::to_string(i));
    cli({"SET", beside.back(), "value"});
  }
  ElastiCacheOptions others = options_;
  others.key_prefix = random_prefix();
  Client theirs = client_of(others);
  EXPECT_TRUE(theirs.batch_add(items_of(many_keys(100))).ok());
  EXPECT_TRUE(store.batch_add(items_of(keys)).ok());
  EXPECT_EQ(sorted(store.keys()), sorted(keys));
  EXPECT_EQ(store.keys("key99?").size(), 10U);
  EXPECT_EQ(store.size(), keys.size());
  EXPECT_EQ(store.clear(), keys.size());
  EXPECT_EQ(store.size(), 0U);
  EXPECT_TRUE(store.keys().empty());
  EXPECT_EQ(store.clear(), 0U);
  EXPECT_EQ(theirs.size(), 100U);
  for (const std::string& key : beside) EXPECT_EQ(cli({"GET", key}), "value") << key;
  EXPECT_EQ(theirs.clear(), 100U);
  for (const std::string& key : beside) EXPECT_EQ(cli({"DEL", key}), "1") << key;
}

TEST_F(ClusterVerbs, nothing_is_sent_that_goes_beyond_the_prefix) {
  cluster_.ask_all({"CONFIG", "RESETSTAT"}, "OK");
  Client store = client();
  EXPECT_TRUE(store.batch_add(items_of(many_keys(100))).ok());
  static_cast<void>(store.size(SizeMode::approximate));
  EXPECT_EQ(store.keys().size(), 100U);
  EXPECT_EQ(store.clear(), 100U);
  for (const char* command : {"cmdstat_flushdb", "cmdstat_flushall", "cmdstat_keys"}) {
    EXPECT_EQ(cluster_.count_all("commandstats", command), 0U) << command;
  }
  EXPECT_GT(cluster_.count_all("commandstats", "cmdstat_scan"), 0U);
}

TEST_F(ClusterVerbs, the_description_says_that_it_is_a_cluster) {
  Client store = client();
  const Description description = store.describe();
  EXPECT_NE(description.server.find("cluster"), std::string::npos) << description.server;
}

TEST_F(ClusterVerbs, a_closed_store_stays_closed) {
  Client store = client();
  store.add("key", "value");
  store.close();
  EXPECT_EQ(ending_of_get(store, "key").code(), ErrorCode::closed);
  EXPECT_EQ(error_of([&] { return store.batch_get({"a", "b", "c"}); }), ErrorCode::closed);
  EXPECT_EQ(error_of([&] { return store.size(); }), ErrorCode::closed);
}

TEST_F(ClusterVerbs, close_ends_what_is_under_way_on_every_node) {
  Client writer = client();
  const Keys keys = many_keys(300);
  ASSERT_TRUE(writer.batch_add(items_of(keys)).ok());
  ElastiCacheStore store(options_);
  boost::asio::io_context context{1};
  std::vector<std::future<std::optional<Value>>> found;
  for (const std::string& key : keys) {
    found.push_back(boost::asio::co_spawn(context, store.get_exact(key), boost::asio::use_future));
  }
  auto closed = boost::asio::co_spawn(context, store.close(), boost::asio::use_future);
  context.run();
  closed.get();
  for (std::size_t i = 0; i != keys.size(); ++i) {
    std::optional<Value> value;
    const Ending ending = ending_of([&] { return value = found[i].get(); });
    if (ending.error) {
      EXPECT_EQ(ending.code(), ErrorCode::closed) << ::testing::PrintToString(ending);
    } else {
      EXPECT_EQ(value, of(keys[i]));
    }
  }
}

class ClusterTls : public ClusterTest {
 protected:
  ClusterTls() : ClusterTest("redis_cluster") {}
};

TEST_F(ClusterTls, every_verb_on_every_node) {
  Client store = client();
  use_every_verb(store);
  const Keys keys = many_keys(500);
  EXPECT_EQ(store.batch_add(items_of(keys)).stored, keys.size());
  const auto found = store.batch_get(keys);
  for (std::size_t i = 0; i != keys.size(); ++i) ASSERT_EQ(found.at(i), of(keys[i]));
  EXPECT_EQ(sorted(store.keys()), sorted(keys));
  EXPECT_EQ(store.clear(), keys.size());
}

TEST_F(ClusterTls, a_new_primary_is_entered_as_the_old_one_was) {
  Client store = client();
  const Keys keys = many_keys(60);
  EXPECT_TRUE(store.batch_add(items_of(keys)).ok());
  for (const ClusterMember& primary : cluster_.primaries()) {
    cluster_.fail_over_to(cluster_.replica_of(primary));
  }
  EXPECT_TRUE(works_again(store));
  expect_all(store, keys);
  EXPECT_EQ(store.clear(), keys.size() + 1);
}

TEST_F(ClusterTls, a_replica_is_entered_as_a_primary_is) {
  options_.read_from = ReadFrom::replica;
  Client store = client();
  const Keys keys = many_keys(60);
  EXPECT_TRUE(store.batch_add(items_of(keys)).ok());
  for (const std::string& key : keys) {
    EXPECT_TRUE(comes_true([&] { return store.get(key) == of(key); })) << key;
  }
}

TEST_F(ClusterTls, without_the_password_or_the_authority_nobody_enters) {
  ElastiCacheOptions wrong = options_;
  wrong.password += "x";
  Client stranger = client_of(wrong);
  EXPECT_EQ(ending_of_get(stranger, "key").code(), ErrorCode::authentication_failed);
  wrong = options_;
  wrong.ssl_ca_certs = certificate_file("stranger.crt");
  Client trusting = client_of(wrong);
  EXPECT_EQ(ending_of_get(trusting, "key").code(), ErrorCode::tls_failed);
}

}  // namespace
}  // namespace semantrix::testing
