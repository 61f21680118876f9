#pragma once

#include <semantrix/testing/conformance/context.hpp>
#include <semantrix/testing/conformance/ttl_cases.hpp>

#include <chrono>
#include <vector>

/// `get_entry`.
namespace semantrix::testing::conformance {

inline void get_entry_of_a_miss_is_nothing(Context& test) {
  EXPECT_FALSE(test.client().entry("nobody").has_value());
}

inline void get_entry_gives_the_value(Context& test) {
  test.client().add("key", "value");
  const std::optional<Entry> entry = test.client().entry("key");
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->value, Value("value"));
  EXPECT_EQ(entry->ttl, std::nullopt);
  EXPECT_TRUE(entry->tags.empty());
}

inline void get_entry_gives_the_ttl_that_remains(Context& test) {
  Client& client = test.client();
  const milliseconds ttl = std::chrono::minutes(2);
  client.add("key", "value", expiring(ttl));
  if (test.exact_time()) {
    EXPECT_EQ(client.entry("key").value().ttl, ttl);
    test.advance(std::chrono::seconds(50));
    EXPECT_EQ(client.entry("key").value().ttl, ttl - std::chrono::seconds(50));
    return;
  }
  const std::optional<milliseconds> left = client.entry("key").value().ttl;
  ASSERT_TRUE(left.has_value());
  EXPECT_LE(*left, ttl);
  EXPECT_GT(*left, ttl / 2);
}

inline std::vector<Case> entry_cases() {
  const auto ttl = [](const Capability& store, const ConformanceTraits&) { return store.can_ttl; };
  return {{"get_entry_of_a_miss_is_nothing", get_entry_of_a_miss_is_nothing},
          {"get_entry_gives_the_value", get_entry_gives_the_value},
          {"get_entry_gives_the_ttl_that_remains", get_entry_gives_the_ttl_that_remains, ttl}};
}

}  // namespace semantrix::testing::conformance
