// What a Memcached server has of an entry, and what becomes of keys and values that it cannot take
// as they are.
#include "integration/memcached_subject.hpp"
#include "protocol/memcache/wire_key.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace semantrix::testing {
namespace {

using namespace std::chrono_literals;

class MemcachedEntries : public MemcachedTest {};

/// Bytes that no compression makes smaller.
std::string noise(std::size_t bytes) {
  std::mt19937_64 random(7);
  std::string text(bytes, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

TEST_F(MemcachedEntries, a_plain_value_is_stored_as_it_is) {
  Client store = client();
  store.add("key1", "value1");
  EXPECT_EQ(raw_get(server_.endpoint(), stored("key1")), "value1");
  raw_set(server_.endpoint(), stored("key2"), "from elsewhere");
  EXPECT_EQ(store.get("key2"), Value("from elsewhere"));
  EXPECT_TRUE(store.erase("key1"));
  EXPECT_FALSE(store.erase("key1"));
  EXPECT_EQ(raw_get(server_.endpoint(), stored("key1")), std::nullopt);
}

TEST_F(MemcachedEntries, a_key_and_a_value_cannot_be_taken_for_commands) {
  raw_set(server_.endpoint(), "witness", "still here");
  Client store = client();
  const std::vector<std::string> keys{std::string(251, 'k'),  "a b",   "a\r\nflush_all\r\n",
                                      std::string("a\0b", 3), "a\x7f", "\tkey"};
  for (const std::string& key : keys) {
    store.add(key, "T0\r\nflush_all\r\n");
    EXPECT_EQ(store.get(key), Value("T0\r\nflush_all\r\n"));
    EXPECT_TRUE(store.entry(key).has_value());
  }
  EXPECT_EQ(store.batch_get(keys).size(), keys.size());
  EXPECT_EQ(store.batch_erase(keys), keys.size());
  EXPECT_EQ(raw_get(server_.endpoint(), "witness"), "still here");
}

TEST_F(MemcachedEntries, keys_of_any_bytes_and_length_come_back) {
  Client store = client();
  const std::size_t room = 250 - options_.key_prefix.size();
  const std::vector<std::string> keys{"k",
                                      std::string(room, 'a'),
                                      std::string(room + 1, 'b'),
                                      std::string(8192, 'c'),
                                      "with spaces",
                                      "cr\r\nlf",
                                      std::string("nul\0", 4),
                                      "#sha256:like a hash",
                                      "\xf0\x9f\x8c\x8d"};
  for (const std::string& key : keys) store.add(key, "of " + key);
  for (const std::string& key : keys) EXPECT_EQ(store.get(key), Value("of " + key));
  std::vector<std::string> listed = store.keys();
  std::vector<std::string> expected = keys;
  std::ranges::sort(listed);
  std::ranges::sort(expected);
  EXPECT_EQ(listed, expected);
  EXPECT_EQ(store.size(), keys.size());
  EXPECT_EQ(store.clear(), keys.size());
}

TEST_F(MemcachedEntries, a_hash_that_another_key_has_is_a_miss) {
  Client store = client();
  store.add("a key", "its value");
  const std::string text = raw(server_.endpoint(), "lru_crawler metadump hash\r\n", "END\r\n");
  ASSERT_NE(text.find("sha256"), std::string::npos);
  // The record of one key under the hash of another, as a collision would have it.
  options_.key_prefix = random_prefix();
  Client other = client();
  other.add("b key", "of b");
  EXPECT_EQ(other.get("a key"), std::nullopt);
}

TEST_F(MemcachedEntries, values_over_the_item_limit_come_back) {
  Client store = client();
  const std::string small = noise(1'047'000);
  for (const std::size_t bytes : {1'048'300U, 1'048'576U, 5U * 1024 * 1024}) {
    const std::string value = noise(bytes);
    store.add("large", Value(value));
    EXPECT_TRUE(store.get("large") == Value(value)) << bytes;
    const auto entry = store.entry("large");
    ASSERT_TRUE(entry.has_value());
    EXPECT_TRUE(entry->value == Value(value));
  }
  EXPECT_EQ(store.size(), 1U);
  EXPECT_EQ(store.keys(), std::vector<std::string>{"large"});
  store.add("large", Value(small));
  EXPECT_TRUE(store.get("large") == Value(small));
  const auto many = store.batch_get({"large", "absent", "large"});
  EXPECT_TRUE(many[0] == Value(small));
  EXPECT_EQ(many[1], std::nullopt);
  EXPECT_TRUE(many[2] == Value(small));
  EXPECT_EQ(store.clear(), 1U);
}

TEST_F(MemcachedEntries, large_values_in_a_batch) {
  Client store = client();
  const std::string large = noise(3U << 20U);
  const auto outcome = store.batch_add(
      {{"small", Value("1"), {}}, {"large", Value(large), 60s}, {"other", Value("2"), {}}});
  EXPECT_TRUE(outcome.ok());
  const auto found = store.batch_get({"small", "large", "other"});
  EXPECT_EQ(found[0], Value("1"));
  EXPECT_TRUE(found[1] == Value(large));
  EXPECT_EQ(found[2], Value("2"));
}

TEST_F(MemcachedEntries, what_compresses_below_the_limit_is_one_item) {
  Client store = client();
  store.add("text", of_bytes(5U << 20U));
  EXPECT_TRUE(store.get("text") == of_bytes(5U << 20U));
  const auto bytes = raw_get(server_.endpoint(), stored("text"));
  ASSERT_TRUE(bytes.has_value());
  EXPECT_LT(bytes->size(), 100'000U);
}

TEST_F(MemcachedEntries, a_set_of_chunks_that_is_torn_is_a_miss) {
  Client store = client();
  store.add("large", Value(noise(3U << 20U)));
  // The third part is the second chunk behind the head.
  const auto chunk = memcache::KeyPrefix::of(options_.key_prefix)->chunk("large", 2);
  ASSERT_EQ(raw(server_.endpoint(), "delete " + std::string(chunk.text()) + "\r\n"), "DELETED\r\n");
  EXPECT_FALSE(store.get("large").has_value());
  EXPECT_FALSE(store.entry("large").has_value());
  store.add("large", "small again");
  EXPECT_EQ(store.get("large"), Value("small again"));
}

TEST_F(MemcachedEntries, what_is_beyond_all_limits_is_refused) {
  Client store = client();
  EXPECT_EQ(ending_of_add(store, std::string(2U << 20U, 'k'), "value").code(),
            ErrorCode::too_large);
  EXPECT_EQ(ending_of_add(store, "key", of_bytes(33U << 20U)).code(), ErrorCode::too_large);
}

TEST_F(MemcachedEntries, ttls_hold_to_the_millisecond_and_beyond_thirty_days) {
  Client store = client();
  const auto start = steady_clock::now();
  store.add("short", "s", {.ttl = 500ms});
  store.add("sixty days", "l", {.ttl = std::chrono::days(60)});
  std::this_thread::sleep_until(start + 300ms);
  const auto found = store.get("short");
  const bool was_late = steady_clock::now() - start >= 480ms;
  EXPECT_TRUE(was_late || found == Value("s"));
  std::this_thread::sleep_until(start + 600ms);
  EXPECT_EQ(store.get("short"), std::nullopt);
  EXPECT_EQ(store.entry("short"), std::nullopt);
  EXPECT_EQ(store.batch_get({"short"})[0], std::nullopt);
  EXPECT_EQ(store.keys(), std::vector<std::string>{"sixty days"});
  EXPECT_FALSE(store.erase("short"));
  const auto entry = store.entry("sixty days");
  ASSERT_TRUE(entry && entry->ttl);
  EXPECT_GT(*entry->ttl, std::chrono::days(59));
  EXPECT_LE(*entry->ttl, std::chrono::days(60));
}

TEST_F(MemcachedEntries, the_time_of_a_value_from_elsewhere_is_the_servers) {
  raw_set(server_.endpoint(), stored("theirs"), "value", 100);
  Client store = client();
  const auto entry = store.entry("theirs");
  ASSERT_TRUE(entry && entry->ttl);
  EXPECT_LE(*entry->ttl, 100s);
  EXPECT_GT(*entry->ttl, 80s);
}

TEST_F(MemcachedEntries, clear_and_keys_stay_within_the_prefix) {
  raw_set(server_.endpoint(), "elsewhere:key", "not ours");
  Client store = client();
  for (int i = 0; i != 600; ++i) store.add("key" + std::to_string(i), "v");
  EXPECT_EQ(store.keys("key1?").size(), 10U);
  EXPECT_EQ(store.size(), 600U);
  EXPECT_EQ(store.clear(), 600U);
  EXPECT_EQ(store.size(), 0U);
  EXPECT_EQ(raw_get(server_.endpoint(), "elsewhere:key"), "not ours");
}

TEST_F(MemcachedEntries, an_empty_prefix_is_cleared_only_if_that_is_asked_for) {
  options_.key_prefix = "";
  Client store = client();
  EXPECT_EQ(error_of([&] { await(store.store().clear()); }), ErrorCode::invalid_argument);
}

TEST_F(MemcachedEntries, options_that_contradict_the_protocol_are_refused) {
  const auto refused = [this](auto change) {
    ElastiCacheOptions options = options_;
    change(options);
    return refusal_of(options) == ErrorCode::invalid_argument;
  };
  EXPECT_TRUE(refused([](ElastiCacheOptions& o) { o.database = 1; }));
  EXPECT_TRUE(refused([](ElastiCacheOptions& o) { o.read_from = ReadFrom::replica; }));
  EXPECT_TRUE(refused([](ElastiCacheOptions& o) { o.reader_endpoint = "reader"; }));
  EXPECT_TRUE(refused([](ElastiCacheOptions& o) { o.key_prefix = "with space"; }));
  EXPECT_TRUE(refused([](ElastiCacheOptions& o) { o.key_prefix = std::string(200, 'p'); }));
  EXPECT_TRUE(refused([](ElastiCacheOptions& o) { o.endpoint = "a,,b"; }));
  EXPECT_TRUE(refused([](ElastiCacheOptions& o) { o.endpoint = "a,a:11211"; }));
  EXPECT_TRUE(refused([](ElastiCacheOptions& o) { o.user = "without a password"; }));
}

TEST_F(MemcachedEntries, what_the_options_say_of_entries_holds) {
  options_.default_ttl = 100s;
  options_.compress_threshold = 100;
  Client store = client();
  store.add("text", of_bytes(10'000));
  EXPECT_EQ(store.get("text"), of_bytes(10'000));
  EXPECT_LT(raw_get(server_.endpoint(), stored("text"))->size(), 1'000U);
  EXPECT_LE(store.entry("text")->ttl, 100s);
  const Stats stats = store.stats();
  EXPECT_EQ(stats.store, "memcached");
  EXPECT_EQ(stats.adds, 1U);
  EXPECT_EQ(stats.hits, 2U);
  EXPECT_GT(stats.raw_bytes, stats.stored_bytes);
}

TEST_F(MemcachedEntries, a_server_that_may_not_list_its_keys) {
  restart_server("memcached", {"-X"});
  Client store = client();
  store.add("key", "value");
  EXPECT_EQ(error_of([&] { static_cast<void>(store.keys()); }), ErrorCode::not_supported);
  EXPECT_EQ(error_of([&] { static_cast<void>(store.size()); }), ErrorCode::not_supported);
  EXPECT_EQ(error_of([&] { store.clear(); }), ErrorCode::not_supported);
  const Description description = store.describe();
  EXPECT_FALSE(description.capability.can_clear);
  EXPECT_EQ(store.get("key"), Value("value"));
  restart_server("memcached");
}

}  // namespace
}  // namespace semantrix::testing
