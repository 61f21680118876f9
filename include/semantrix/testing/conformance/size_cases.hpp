#pragma once

#include <semantrix/testing/conformance/batch_cases.hpp>
#include <semantrix/testing/conformance/context.hpp>
#include <semantrix/testing/conformance/ttl_cases.hpp>

#include <vector>

/// `size` and `clear`.
namespace semantrix::testing::conformance {

inline void size_counts_entries(Context& test) {
  Client& client = test.client();
  EXPECT_EQ(client.size(), 0U);
  client.batch_add(numbered_items(3));
  client.add("key0", "again");
  EXPECT_EQ(client.size(), 3U);
  client.erase("key1");
  EXPECT_EQ(client.size(), 2U);
}

inline void the_approximate_size_is_a_number(Context& test) {
  Client& client = test.client();
  client.batch_add(numbered_items(3));
  const std::size_t size = client.size(SizeMode::approximate);
  // A server may answer with a figure that is hours old.
  if (!test.capability().networked) {
    EXPECT_EQ(size, 3U);
  }
}

inline void an_expired_entry_is_not_counted(Context& test) {
  Client& client = test.client();
  client.add("stays", "value");
  client.add("goes", "value", expiring(short_ttl(test)));
  EXPECT_EQ(client.size(), 2U);
  let_expire(test);
  EXPECT_EQ(client.size(), 1U);
}

inline void clear_removes_everything(Context& test) {
  Client& client = test.client();
  EXPECT_EQ(client.clear(), 0U);
  client.batch_add(numbered_items(1'500));
  EXPECT_EQ(client.clear(), 1'500U);
  EXPECT_EQ(client.get("key0"), std::nullopt);
  EXPECT_EQ(client.get("key1499"), std::nullopt);
  EXPECT_EQ(client.clear(), 0U);
  client.add("key0", "after");
  EXPECT_EQ(client.get("key0"), Value("after"));
}

inline void a_store_that_cannot_count_says_so(Context& test) {
  EXPECT_EQ(error_of([&] { return test.client().size(); }), ErrorCode::not_supported);
}

inline void a_store_that_cannot_clear_says_so(Context& test) {
  EXPECT_EQ(error_of([&] { return test.client().clear(); }), ErrorCode::not_supported);
}

inline std::vector<Case> size_cases() {
  const auto can_size = [](const Capability& store, const ConformanceTraits&) {
    return store.can_size;
  };
  const auto can_size_and_ttl = [](const Capability& store, const ConformanceTraits&) {
    return store.can_size && store.can_ttl;
  };
  const auto cannot_size = [](const Capability& store, const ConformanceTraits&) {
    return !store.can_size;
  };
  const auto can_clear = [](const Capability& store, const ConformanceTraits&) {
    return store.can_clear;
  };
  const auto cannot_clear = [](const Capability& store, const ConformanceTraits&) {
    return !store.can_clear;
  };
  return {{"size_counts_entries", size_counts_entries, can_size},
          {"the_approximate_size_is_a_number", the_approximate_size_is_a_number, can_size},
          {"an_expired_entry_is_not_counted", an_expired_entry_is_not_counted, can_size_and_ttl},
          {"clear_removes_everything", clear_removes_everything, can_clear},
          {"a_store_that_cannot_count_says_so", a_store_that_cannot_count_says_so, cannot_size},
          {"a_store_that_cannot_clear_says_so", a_store_that_cannot_clear_says_so, cannot_clear}};
}

}  // namespace semantrix::testing::conformance
