// `keys`, `size` and `clear` stay within their prefix, whatever it looks like.
#include "integration/subject.hpp"
#include <semantrix/testing/conformance/key_listing_cases.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace semantrix::testing {
namespace {

using conformance::sorted;
using Keys = std::vector<std::string>;

using RedisScope = RedisTest;

TEST_F(RedisScope, other_prefixes_are_left_alone) {
  Client mine = client();
  ElastiCacheOptions others = options_;
  others.key_prefix = random_prefix();
  Client theirs = client_of(others);
  const std::string beside = "beside:" + options_.key_prefix + "key";
  cli({"SET", beside, "value"});
  for (const char* key : {"a", "b", "c"}) mine.add(key, "mine");
  theirs.add("a", "theirs");
  EXPECT_EQ(mine.size(), 3U);
  EXPECT_EQ(theirs.size(), 1U);
  EXPECT_EQ(mine.clear(), 3U);
  EXPECT_EQ(mine.size(), 0U);
  EXPECT_EQ(theirs.get("a"), Value("theirs"));
  EXPECT_EQ(cli({"GET", beside}), "value");
  EXPECT_EQ(cli({"DEL", beside}), "1");
}

TEST_F(RedisScope, a_prefix_is_no_pattern) {
  const std::string unique = random_prefix();
  options_.key_prefix = unique + R"(a*[x]?\^-:)";
  Client store = client();
  cli({"SET", unique + R"(abx?\^-:decoy)", "value"});
  cli({"SET", unique + R"(a*xz\^-:decoy)", "value"});
  cli({"SET", unique + R"(a*[x]z\^-:decoy)", "value"});
  for (const char* key : {"one", "*", "[ab]", "?", "\\"}) store.add(key, "value");
  EXPECT_EQ(sorted(store.keys()), sorted(Keys{"one", "*", "[ab]", "?", "\\"}));
  EXPECT_EQ(store.keys("\\*"), Keys{"*"});
  EXPECT_EQ(store.keys("\\[ab]"), Keys{"[ab]"});
  EXPECT_EQ(sorted(store.keys("?")), sorted(Keys{"*", "?", "\\"}));
  EXPECT_EQ(store.size(), 5U);
  EXPECT_EQ(store.clear(), 5U);
  EXPECT_EQ(cli({"EXISTS", unique + R"(abx?\^-:decoy)", unique + R"(a*xz\^-:decoy)",
                 unique + R"(a*[x]z\^-:decoy)"}),
            "3");
}

TEST_F(RedisScope, a_prefix_of_any_bytes) {
  options_.key_prefix = random_prefix() + std::string("\0\r\n \xff", 5);
  Client store = client();
  store.add("key", "value");
  EXPECT_EQ(store.keys(), Keys{"key"});
  EXPECT_EQ(cli({"GET"}, stored("key")), "value");
  EXPECT_EQ(store.clear(), 1U);
}

TEST_F(RedisScope, a_prefix_that_begins_anothers_covers_it) {
  Client outer = client();
  ElastiCacheOptions within = options_;
  within.key_prefix += "inner:";
  Client inner = client_of(within);
  inner.add("key", "value");
  EXPECT_EQ(outer.keys(), Keys{"inner:key"});
  EXPECT_EQ(outer.get("inner:key"), Value("value"));
}

TEST_F(RedisScope, databases_are_apart) {
  ElastiCacheOptions second = options_;
  second.database = 2;
  Client first_store = client();
  Client second_store = client_of(second);
  first_store.add("key", "first");
  second_store.add("key", "second");
  EXPECT_EQ(first_store.get("key"), Value("first"));
  EXPECT_EQ(second_store.get("key"), Value("second"));
  EXPECT_EQ(second_store.clear(), 1U);
  EXPECT_EQ(first_store.get("key"), Value("first"));
  second.database = 4'000'000;
  Client none = client_of(second);
  EXPECT_EQ(ending_of_get(none, "key").code(), ErrorCode::invalid_argument);
}

/// Nothing that takes the whole server is ever sent.
TEST_F(RedisScope, the_server_sees_no_command_that_goes_beyond_the_prefix) {
  cli({"CONFIG", "RESETSTAT"});
  Client store = client();
  store.add("key", "value");
  EXPECT_EQ(store.size(), 1U);
  static_cast<void>(store.size(SizeMode::approximate));
  EXPECT_EQ(store.keys(), Keys{"key"});
  EXPECT_EQ(store.clear(), 1U);
  const std::string calls = cli({"INFO", "commandstats"});
  for (const char* command : {"flushdb", "flushall", "keys"}) {
    EXPECT_EQ(calls.find(std::string("cmdstat_") + command + ":"), std::string::npos) << command;
  }
  EXPECT_NE(calls.find("cmdstat_scan:"), std::string::npos);
}

}  // namespace
}  // namespace semantrix::testing
