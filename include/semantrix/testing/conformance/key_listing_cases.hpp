#pragma once

#include <semantrix/testing/conformance/batch_cases.hpp>
#include <semantrix/testing/conformance/bytes_cases.hpp>
#include <semantrix/testing/conformance/context.hpp>
#include <semantrix/testing/conformance/ttl_cases.hpp>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

/// `keys`.
namespace semantrix::testing::conformance {

inline std::vector<std::string> sorted(std::vector<std::string> strings) {
  std::ranges::sort(strings);
  return strings;
}

inline void add_all(Client& client, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) client.add(key, "value");
}

inline void lists_each_key_once(Context& test) {
  Client& client = test.client();
  EXPECT_TRUE(client.keys().empty());
  add_all(client, {"b", "a", "c"});
  client.add("a", "again");
  client.erase("c");
  EXPECT_EQ(sorted(client.keys()), (std::vector<std::string>{"a", "b"}));
}

inline void lists_keys_of_any_bytes(Context& test) {
  const std::vector<std::string> keys = awkward_strings();
  add_all(test.client(), keys);
  EXPECT_EQ(sorted(test.client().keys()), sorted(keys));
}

inline void lists_the_keys_that_match(Context& test) {
  Client& client = test.client();
  add_all(client, {"user:1", "user:2", "user:10", "item:1", "USER:1"});
  using Keys = std::vector<std::string>;
  EXPECT_EQ(sorted(client.keys("user:*")), (Keys{"user:1", "user:10", "user:2"}));
  EXPECT_EQ(sorted(client.keys("user:?")), (Keys{"user:1", "user:2"}));
  EXPECT_EQ(sorted(client.keys("*:1")), (Keys{"USER:1", "item:1", "user:1"}));
  EXPECT_EQ(sorted(client.keys("user:[13-9]")), (Keys{"user:1"}));
  EXPECT_EQ(sorted(client.keys("user:[!1]")), (Keys{"user:2"}));
  EXPECT_EQ(sorted(client.keys("user:1")), (Keys{"user:1"}));
  EXPECT_TRUE(client.keys("user").empty());
}

inline void a_backslash_takes_the_meaning_from_a_wildcard(Context& test) {
  Client& client = test.client();
  add_all(client, {"a*b", "axb", "a?b", "a[x]b", "a\\b"});
  using Keys = std::vector<std::string>;
  EXPECT_EQ(client.keys("a\\*b"), (Keys{"a*b"}));
  EXPECT_EQ(client.keys("a\\?b"), (Keys{"a?b"}));
  EXPECT_EQ(client.keys("a\\[x]b"), (Keys{"a[x]b"}));
  EXPECT_EQ(client.keys("a\\\\b"), (Keys{"a\\b"}));
}

inline void an_expired_key_is_not_listed(Context& test) {
  Client& client = test.client();
  client.add("stays", "value");
  client.add("goes", "value", expiring(short_ttl(test)));
  let_expire(test);
  EXPECT_EQ(client.keys(), std::vector<std::string>{"stays"});
}

inline void streams_ten_thousand_keys(Context& test) {
  Client& client = test.client();
  constexpr std::size_t count = 10'000;
  EXPECT_EQ(client.batch_add(numbered_items(count)).stored, count);
  KeyCursor cursor = client.scan("key*");
  std::vector<std::string> listed;
  std::size_t pages = 0;
  for (auto page = client.next_page(cursor); !page.empty(); page = client.next_page(cursor)) {
    ++pages;
    listed.insert(listed.end(), page.begin(), page.end());
  }
  EXPECT_GT(pages, 1U);
  std::ranges::sort(listed);
  EXPECT_EQ(std::ranges::adjacent_find(listed), listed.end());
  EXPECT_EQ(listed.size(), count);
  EXPECT_TRUE(client.next_page(cursor).empty());
}

inline void entries_that_stay_are_listed_while_others_come_and_go(Context& test) {
  Client& client = test.client();
  client.batch_add(numbered_items(3'000));
  KeyCursor cursor = client.scan();
  std::vector<std::string> listed = client.next_page(cursor);
  for (int i = 0; i != 500; ++i) {
    client.erase("key" + std::to_string(i));
    client.add("new" + std::to_string(i), "value");
  }
  for (auto page = client.next_page(cursor); !page.empty(); page = client.next_page(cursor)) {
    listed.insert(listed.end(), page.begin(), page.end());
  }
  std::ranges::sort(listed);
  EXPECT_EQ(std::ranges::adjacent_find(listed), listed.end());
  for (int i = 500; i != 3'000; ++i) {
    EXPECT_TRUE(std::ranges::binary_search(listed, "key" + std::to_string(i))) << i;
  }
}

inline void a_store_that_lists_no_keys_says_so(Context& test) {
  EXPECT_EQ(error_of([&] { return test.client().keys(); }), ErrorCode::not_supported);
}

inline std::vector<Case> key_listing_cases() {
  const auto can = [](const Capability& store, const ConformanceTraits&) {
    return store.can_list_keys;
  };
  const auto can_with_ttl = [](const Capability& store, const ConformanceTraits&) {
    return store.can_list_keys && store.can_ttl;
  };
  const auto cannot = [](const Capability& store, const ConformanceTraits&) {
    return !store.can_list_keys;
  };
  return {{"lists_each_key_once", lists_each_key_once, can},
          {"lists_keys_of_any_bytes", lists_keys_of_any_bytes, can},
          {"lists_the_keys_that_match", lists_the_keys_that_match, can},
          {"a_backslash_takes_the_meaning_from_a_wildcard",
           a_backslash_takes_the_meaning_from_a_wildcard, can},
          {"an_expired_key_is_not_listed", an_expired_key_is_not_listed, can_with_ttl},
          {"streams_ten_thousand_keys", streams_ten_thousand_keys, can},
          {"entries_that_stay_are_listed_while_others_come_and_go",
           entries_that_stay_are_listed_while_others_come_and_go, can},
          {"a_store_that_lists_no_keys_says_so", a_store_that_lists_no_keys_says_so, cannot}};
}

}  // namespace semantrix::testing::conformance
