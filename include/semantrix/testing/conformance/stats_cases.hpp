#pragma once

#include <semantrix/testing/conformance/batch_cases.hpp>
#include <semantrix/testing/conformance/context.hpp>

#include <vector>

/// `get_stats` and `describe`.
namespace semantrix::testing::conformance {

inline void stats_count_what_happened(Context& test) {
  Client& client = test.client();
  client.add("key", "value");
  client.add("key", "again");
  client.batch_add(numbered_items(3));
  EXPECT_TRUE(client.get("key").has_value());
  EXPECT_FALSE(client.get("nobody").has_value());
  EXPECT_EQ(client.batch_get({"key0", "key1", "nobody"}).size(), 3U);
  client.erase("key");
  client.erase("nobody");
  client.batch_erase({"key0", "nobody"});
  const Stats stats = client.stats();
  EXPECT_EQ(stats.store, test.capability().store);
  EXPECT_EQ(stats.adds, 5U);
  EXPECT_EQ(stats.hits, 3U);
  EXPECT_EQ(stats.misses, 2U);
  EXPECT_EQ(stats.deletes, 2U);
  EXPECT_EQ(stats.error_count(), 0U);
  EXPECT_DOUBLE_EQ(stats.hit_ratio(), 0.6);
}

inline void stats_start_at_zero(Context& test) {
  const Stats stats = test.client().stats();
  EXPECT_EQ(stats.adds + stats.hits + stats.misses + stats.deletes + stats.error_count(), 0U);
  EXPECT_DOUBLE_EQ(stats.hit_ratio(), 0.0);
}

inline void describe_tells_what_the_store_can_do(Context& test) {
  const Description description = test.client().describe();
  EXPECT_EQ(description.capability.store, test.capability().store);
  EXPECT_EQ(description.capability.can_ttl, test.capability().can_ttl);
  EXPECT_EQ(description.capability.can_tag, test.capability().can_tag);
  EXPECT_FALSE(description.warning.has_value());
}

inline void the_capability_has_a_name(Context& test) { EXPECT_NE(test.capability().store, ""); }

inline std::vector<Case> stats_cases() {
  return {{"stats_count_what_happened", stats_count_what_happened},
          {"stats_start_at_zero", stats_start_at_zero},
          {"describe_tells_what_the_store_can_do", describe_tells_what_the_store_can_do},
          {"the_capability_has_a_name", the_capability_has_a_name}};
}

}  // namespace semantrix::testing::conformance
