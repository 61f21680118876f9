// What the store keeps in the server, seen by redis-cli, and what it makes of what others keep
// there.
#include "integration/subject.hpp"
#include <semantrix/testing/conformance/bytes_cases.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace semantrix::testing {
namespace {

using conformance::noise;
using conformance::prose;

class RedisEntries : public RedisTest {
 protected:
  [[nodiscard]] long long left_ms(std::string_view key) {
    return std::stoll(cli({"PTTL", stored(key)}));
  }
};

TEST_F(RedisEntries, the_default_prefix_is_in_front_of_each_key) {
  options_.key_prefix = ElastiCacheOptions().key_prefix;
  Client store = client();
  store.add("entries_test", "value");
  EXPECT_EQ(cli({"GET", "semantrix:entries_test"}), "value");
  EXPECT_TRUE(store.erase("entries_test"));
  EXPECT_EQ(cli({"EXISTS", "semantrix:entries_test"}), "0");
}

TEST_F(RedisEntries, a_plain_value_is_stored_as_it_is) {
  Client store = client();
  store.add("key", "value");
  EXPECT_EQ(cli({"GET", stored("key")}), "value");
  EXPECT_EQ(cli({"PTTL", stored("key")}), "-1");
}

TEST_F(RedisEntries, a_plain_value_of_another_client_is_read) {
  cli({"SET", stored("theirs"), "hello"});
  cli({"SET", stored("empty"), ""});
  cli({"SET", stored("number"), "17"});
  cli({"INCR", stored("number")});
  Client store = client();
  EXPECT_EQ(store.get("theirs"), Value("hello"));
  EXPECT_EQ(store.get("empty"), Value(""));
  EXPECT_EQ(store.get("number"), Value("18"));
}

TEST_F(RedisEntries, without_a_prefix_keys_are_the_servers_and_clear_must_be_told_all) {
  options_.key_prefix = "";
  Client store = client();
  const std::string key = random_prefix();
  store.add(key, "value");
  EXPECT_EQ(cli({"GET", key}), "value");
  EXPECT_EQ(error_of([&] { return await(store.store().clear()); }), ErrorCode::invalid_argument);
  EXPECT_EQ(store.get(key), Value("value"));
  EXPECT_GE(store.clear(), 1U);
  EXPECT_EQ(store.get(key), std::nullopt);
}

TEST_F(RedisEntries, a_prefix_with_a_hash_tag_is_refused) {
  for (const char* prefix : {"{app}:", "a{", "a}"}) {
    options_.key_prefix = prefix;
    EXPECT_EQ(refusal_of(options_), ErrorCode::invalid_argument) << prefix;
  }
}

TEST_F(RedisEntries, ttls_are_the_servers) {
  options_.default_ttl = std::chrono::minutes(10);
  Client store = client();
  store.add("default", "value");
  AddOptions own;
  own.ttl = std::chrono::minutes(2);
  store.add("own", "value", own);
  std::vector<BatchItem> items(2);
  items[0] = {"batched", Value("value"), std::nullopt};
  items[1] = {"batched own", Value("value"), std::chrono::minutes(1)};
  EXPECT_TRUE(store.batch_add(std::move(items)).ok());
  const std::vector<std::pair<const char*, milliseconds>> expected = {
      {"default", std::chrono::minutes(10)},
      {"own", std::chrono::minutes(2)},
      {"batched", std::chrono::minutes(10)},
      {"batched own", std::chrono::minutes(1)}};
  for (const auto& [key, ttl] : expected) {
    EXPECT_LE(left_ms(key), ttl.count()) << key;
    EXPECT_GT(left_ms(key), ttl.count() - 50'000) << key;
  }
}

TEST_F(RedisEntries, milliseconds_are_kept) {
  Client store = client();
  AddOptions options;
  options.ttl = milliseconds(100'001);
  store.add("key", "value", options);
  EXPECT_GT(left_ms("key"), 50'000);
  EXPECT_LE(left_ms("key"), 100'001);
}

TEST_F(RedisEntries, a_value_worth_it_is_compressed_and_says_so_to_no_reader) {
  options_.compress_threshold = 1'000;
  Client store = client();
  const std::string text = prose(50'000);
  store.add("text", text);
  store.add("noise", noise(50'000));
  store.add("short", prose(999));
  EXPECT_LT(std::stoul(cli({"STRLEN", stored("text")})), text.size() / 2);
  EXPECT_EQ(cli({"GETRANGE", stored("text"), "0", "3"}), "\xf5SMX");
  EXPECT_EQ(cli({"GET", stored("short")}), prose(999));
  EXPECT_EQ(store.get("text"), Value(text));
  EXPECT_EQ(store.get("noise"), Value(noise(50'000)));
  // A store without the option reads what one with it wrote.
  options_.compress_threshold.reset();
  EXPECT_EQ(client().get("text"), Value(text));
  EXPECT_EQ(client().get("noise"), Value(noise(50'000)));
}

TEST_F(RedisEntries, what_cannot_be_compressed_stays_plain) {
  options_.compress_threshold = 100;
  Client store = client();
  std::string digits;
  for (const char byte : noise(5'000)) digits += static_cast<char>('0' + (byte & 0x3f));
  store.add("digits", digits);
  store.add("words", prose(101));
  EXPECT_LE(std::stoul(cli({"STRLEN", stored("digits")})), digits.size());
  EXPECT_LE(std::stoul(cli({"STRLEN", stored("words")})), 101U);
  const std::string bytes = noise(5'000);
  store.add("noise", Value(bytes));
  EXPECT_LE(std::stoul(cli({"STRLEN", stored("noise")})), bytes.size() + 64);
  EXPECT_EQ(store.get("digits"), Value(digits));
  EXPECT_EQ(store.get("noise"), Value(bytes));
}

TEST_F(RedisEntries, values_up_to_twenty_megabytes) {
  Client store = client();
  for (const std::size_t size : {0U, 1U, 16'383U, 16'384U, 16'385U, 1'000'000U, 20'000'000U}) {
    const std::string value = noise(size, size + 1);
    store.add("key", value);
    const auto found = store.get("key");
    ASSERT_TRUE(found.has_value()) << size;
    EXPECT_TRUE(found->view() == value) << size;
    EXPECT_EQ(cli({"STRLEN", stored("key")}), std::to_string(size));
  }
}

TEST_F(RedisEntries, a_value_beyond_the_servers_limit_is_refused) {
  Client store = client();
  store.add("key", "old");
  const Value large = of_bytes(600'000'000);
  EXPECT_EQ(ending_of_add(store, "key", large).code(), ErrorCode::too_large);
  EXPECT_EQ(store.get("key"), std::nullopt) << "an older value contradicts what was to be stored";
  store.add("key", "new");
  EXPECT_EQ(store.get("key"), Value("new"));
  EXPECT_EQ(cli({"GET", stored("key")}), "new");
}

TEST_F(RedisEntries, keys_of_any_bytes_are_the_servers_keys) {
  Client store = client();
  for (const std::string& key :
       {std::string("with spaces"), std::string("with\r\nlines"), std::string("nul\0l", 5),
        std::string("{tag}rest"), std::string("*3\r\n$3\r\nSET\r\n"), noise(65'536)}) {
    store.add(key, "of " + key);
    EXPECT_EQ(store.get(key), Value("of " + key));
    EXPECT_EQ(cli({"EXISTS"}, stored(key)), "1");
    EXPECT_TRUE(store.erase(key));
    EXPECT_EQ(cli({"EXISTS"}, stored(key)), "0");
  }
}

TEST_F(RedisEntries, what_is_no_string_is_a_miss_and_counted) {
  Client store = client();
  cli({"RPUSH", stored("list"), "a", "b"});
  EXPECT_EQ(store.get("list"), std::nullopt);
  EXPECT_EQ(store.stats().corrupt, 1U);
  EXPECT_EQ(store.stats().misses, 1U);
  EXPECT_EQ(store.entry("list").has_value(), false);
  store.add("string", "value");
  const auto found = store.batch_get({"list", "string"});
  EXPECT_EQ(found.at(0), std::nullopt);
  EXPECT_EQ(found.at(1), Value("value"));
  EXPECT_EQ(store.get("string"), Value("value"));
  store.add("list", "replaced");
  EXPECT_EQ(store.get("list"), Value("replaced"));
}

TEST_F(RedisEntries, a_damaged_record_is_a_miss_and_counted) {
  Client store = client();
  cli({"SET", stored("damaged")}, "\xf5SMX\x01 no record at all");
  EXPECT_EQ(store.get("damaged"), std::nullopt);
  EXPECT_EQ(store.batch_get({"damaged"}).at(0), std::nullopt);
  EXPECT_EQ(store.stats().corrupt, 2U);
  EXPECT_EQ(store.stats().hits, 0U);
  EXPECT_EQ(store.stats().misses, 2U);
}

TEST_F(RedisEntries, a_record_with_a_flipped_byte_is_a_miss) {
  options_.compress_threshold = 100;
  Client store = client();
  store.add("key", prose(5'000));
  const auto length = std::stoul(cli({"STRLEN", stored("key")}));
  for (std::size_t at = 4; at < length; at += 7) {
    store.add("key", prose(5'000));
    const std::string before =
        cli({"GETRANGE", stored("key"), std::to_string(at), std::to_string(at)});
    const char flipped = before.empty() ? '\x01' : static_cast<char>(before[0] ^ 0x10);
    cli({"SETRANGE", stored("key"), std::to_string(at)}, std::string(1, flipped));
    const auto found = store.get("key");
    EXPECT_EQ(found.value_or(Value(prose(5'000))), Value(prose(5'000))) << at;
  }
  EXPECT_GT(store.stats().corrupt, 0U);
}

TEST_F(RedisEntries, a_batch_of_ten_thousand) {
  constexpr std::size_t count = 10'000;
  Client store = client();
  std::vector<BatchItem> items;
  std::vector<std::string> keys;
  for (std::size_t i = 0; i != count; ++i) {
    keys.push_back("key" + std::to_string(i));
    items.push_back({keys.back(), Value("of " + keys.back()), std::nullopt});
  }
  const BatchOutcome outcome = store.batch_add(std::move(items));
  EXPECT_EQ(outcome.stored, count);
  EXPECT_TRUE(outcome.ok());
  std::vector<std::string> asked(keys.rbegin(), keys.rend());
  asked.emplace_back("nobody");
  const auto found = store.batch_get(asked);
  ASSERT_EQ(found.size(), count + 1);
  for (std::size_t i = 0; i != count; ++i) ASSERT_EQ(found[i], Value("of " + asked[i]));
  EXPECT_EQ(found.back(), std::nullopt);
  EXPECT_EQ(store.batch_erase(keys), count);
  EXPECT_EQ(store.size(), 0U);
}

}  // namespace
}  // namespace semantrix::testing
