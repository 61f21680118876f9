#pragma once

#include <semantrix/testing/conformance/bounds_cases.hpp>
#include <semantrix/testing/conformance/context.hpp>
#include <semantrix/testing/conformance/key_listing_cases.hpp>
#include <semantrix/testing/conformance/ttl_cases.hpp>

#include <initializer_list>
#include <string>
#include <vector>

/// What the exact policies evict, in stores of three entries.
namespace semantrix::testing::conformance {

/// A full store of "a", "b", "c", added in this order.
inline Client& full_of_three(Context& test) {
  Client& client = test.client(at_most(3));
  add_all(client, {"a", "b", "c"});
  return client;
}

inline void use(Client& client, std::initializer_list<const char*> keys) {
  for (const char* key : keys) EXPECT_TRUE(client.get(key).has_value()) << key;
}

inline void expect_keys(Client& client, std::vector<std::string> keys) {
  EXPECT_EQ(sorted(client.keys()), sorted(std::move(keys)));
}

inline void evicts_exactly_the_least_recently_used(Context& test) {
  Client& client = full_of_three(test);
  use(client, {"a"});
  client.add("d", "value");
  expect_keys(client, {"a", "c", "d"});
  use(client, {"c", "a"});
  client.add("e", "value");
  expect_keys(client, {"a", "c", "e"});
  client.add("f", "value");
  expect_keys(client, {"a", "e", "f"});
  EXPECT_EQ(client.stats().evictions, 3U);
}

inline void a_replacement_counts_as_a_use_for_lru(Context& test) {
  Client& client = full_of_three(test);
  client.add("a", "again");
  client.add("d", "value");
  expect_keys(client, {"a", "c", "d"});
}

inline void evicts_exactly_the_least_frequently_used(Context& test) {
  Client& client = full_of_three(test);
  use(client, {"a", "a", "a", "b", "c", "c"});
  client.add("d", "value");
  expect_keys(client, {"a", "c", "d"});
  client.add("e", "value");
  expect_keys(client, {"a", "c", "e"});
  use(client, {"e", "e", "e", "e"});
  client.add("f", "value");
  expect_keys(client, {"a", "e", "f"});
  EXPECT_EQ(client.stats().evictions, 3U);
}

inline void among_equally_frequent_evicts_the_least_recently_used(Context& test) {
  Client& client = full_of_three(test);
  use(client, {"b", "a", "c"});
  client.add("d", "value");
  expect_keys(client, {"a", "c", "d"});
  use(client, {"d"});
  client.add("e", "value");
  expect_keys(client, {"c", "d", "e"});
}

inline void evicts_exactly_the_oldest(Context& test) {
  Client& client = full_of_three(test);
  use(client, {"a", "a", "a"});
  client.add("d", "value");
  expect_keys(client, {"b", "c", "d"});
  use(client, {"b", "b"});
  client.add("e", "value");
  expect_keys(client, {"c", "d", "e"});
  client.add("f", "value");
  expect_keys(client, {"d", "e", "f"});
  EXPECT_EQ(client.stats().evictions, 3U);
}

inline void a_replacement_keeps_its_age_for_fifo(Context& test) {
  Client& client = full_of_three(test);
  client.add("a", "again");
  client.add("d", "value");
  expect_keys(client, {"b", "c", "d"});
}

/// Looking at an entry is not using it.
inline void get_entry_does_not_count_as_a_use(Context& test) {
  Client& client = full_of_three(test);
  EXPECT_TRUE(client.entry("a").has_value());
  EXPECT_EQ(client.keys().size(), 3U);
  client.add("d", "value");
  expect_keys(client, {"b", "c", "d"});
}

inline void an_erased_entry_makes_room(Context& test) {
  Client& client = full_of_three(test);
  client.erase("b");
  client.add("d", "value");
  expect_keys(client, {"a", "c", "d"});
  EXPECT_EQ(client.stats().evictions, 0U);
}

inline void an_expired_entry_gives_way_before_a_live_one(Context& test) {
  Client& client = test.client(at_most(3));
  client.add("a", "value");
  client.add("b", "value", expiring(short_ttl(test)));
  client.add("c", "value");
  let_expire(test);
  client.add("d", "value");
  EXPECT_EQ(client.get("a"), Value("value"));
  EXPECT_EQ(client.get("c"), Value("value"));
  EXPECT_EQ(client.get("d"), Value("value"));
}

template <EvictionPolicy policy>
bool evicts_by(const Capability&, const ConformanceTraits& traits) {
  return traits.exact_policy == policy;
}

inline std::vector<Case> eviction_cases() {
  const auto lru = evicts_by<EvictionPolicy::lru>;
  const auto lfu = evicts_by<EvictionPolicy::lfu>;
  const auto fifo = evicts_by<EvictionPolicy::fifo>;
  const auto any_exact = [](const Capability&, const ConformanceTraits& traits) {
    return traits.exact_policy.has_value();
  };
  return {
      {"evicts_exactly_the_least_recently_used", evicts_exactly_the_least_recently_used, lru},
      {"a_replacement_counts_as_a_use_for_lru", a_replacement_counts_as_a_use_for_lru, lru},
      {"evicts_exactly_the_least_frequently_used", evicts_exactly_the_least_frequently_used, lfu},
      {"among_equally_frequent_evicts_the_least_recently_used",
       among_equally_frequent_evicts_the_least_recently_used, lfu},
      {"evicts_exactly_the_oldest", evicts_exactly_the_oldest, fifo},
      {"a_replacement_keeps_its_age_for_fifo", a_replacement_keeps_its_age_for_fifo, fifo},
      {"get_entry_does_not_count_as_a_use", get_entry_does_not_count_as_a_use, any_exact},
      {"an_erased_entry_makes_room", an_erased_entry_makes_room, any_exact}};
}

}  // namespace semantrix::testing::conformance
