#pragma once

#include <semantrix/testing/conformance/batch_cases.hpp>
#include <semantrix/testing/conformance/bytes_cases.hpp>
#include <semantrix/testing/conformance/context.hpp>

#include <string>
#include <vector>

/// `max_size` and `max_bytes`: strict whenever a call returns, whatever the policy and the
/// sharding.
namespace semantrix::testing::conformance {

inline StoreRequest at_most(std::size_t entries) {
  StoreRequest request;
  request.max_size = entries;
  return request;
}

inline StoreRequest at_most_bytes(std::size_t bytes) {
  StoreRequest request;
  request.max_bytes = bytes;
  return request;
}

inline void as_many_entries_as_max_size_are_all_readable(Context& test) {
  constexpr std::size_t capacity = 1'000;
  Client& client = test.client(at_most(capacity));
  for (std::size_t i = 0; i != capacity; ++i) client.add("key" + std::to_string(i), "value");
  for (std::size_t i = 0; i != capacity; ++i) {
    EXPECT_EQ(client.get("key" + std::to_string(i)), Value("value")) << i;
  }
  EXPECT_EQ(client.stats().evictions, 0U);
}

inline void never_holds_more_than_max_size(Context& test) {
  constexpr std::size_t capacity = 100;
  Client& client = test.client(at_most(capacity));
  for (std::size_t i = 0; i != capacity * 5; ++i) {
    client.add("key" + std::to_string(i), "value");
    ASSERT_LE(client.size(), capacity);
  }
  client.batch_add(numbered_items(capacity * 3));
  EXPECT_EQ(client.size(), capacity);
  EXPECT_EQ(client.keys().size(), capacity);
}

inline void an_accepted_add_is_readable_at_once(Context& test) {
  Client& client = test.client(at_most(64));
  for (int i = 0; i != 2'000; ++i) {
    const std::string key = "key" + std::to_string(i);
    client.add(key, "value");
    ASSERT_EQ(client.get(key), Value("value")) << i;
  }
}

inline void a_store_of_one_entry_holds_the_last(Context& test) {
  Client& client = test.client(at_most(1));
  for (int i = 0; i != 10; ++i) {
    const std::string key = "key" + std::to_string(i);
    client.add(key, "value");
    EXPECT_EQ(client.keys(), std::vector<std::string>{key});
  }
}

inline void never_holds_more_than_max_bytes(Context& test) {
  constexpr std::size_t capacity = 100'000;
  Client& client = test.client(at_most_bytes(capacity));
  for (std::size_t i = 0; i != 500; ++i) {
    client.add("key" + std::to_string(i), noise(i * 7 % 3'000, i));
    ASSERT_LE(client.stats().bytes, capacity) << i;
  }
  EXPECT_GT(client.stats().evictions, 0U);
  EXPECT_GT(client.stats().bytes, capacity / 2);
}

inline void an_entry_larger_than_everything_is_refused(Context& test) {
  constexpr std::size_t capacity = 100'000;
  Client& client = test.client(at_most_bytes(capacity));
  client.add("other", "value");
  client.add("key", "old");
  EXPECT_EQ(error_of([&] {
              client.add("key", noise(capacity + 1));
              return 0;
            }),
            ErrorCode::too_large);
  EXPECT_EQ(client.get("key"), std::nullopt) << "an older value would contradict";
  EXPECT_EQ(client.get("other"), Value("value"));
  EXPECT_EQ(client.stats().rejected, 1U);
}

inline void a_large_entry_is_accepted_whatever_the_sharding(Context& test) {
  constexpr std::size_t capacity = 1'000'000;
  Client& client = test.client(at_most_bytes(capacity));
  for (int i = 0; i != 20; ++i) client.add("key" + std::to_string(i), noise(40'000));
  const std::string large = noise(900'000);
  client.add("large", large);
  const std::optional<Value> found = client.get("large");
  ASSERT_TRUE(found.has_value());
  EXPECT_TRUE(found->view() == large);
  EXPECT_LE(client.stats().bytes, capacity);
}

inline void a_replacement_may_grow_to_the_bound(Context& test) {
  constexpr std::size_t capacity = 200'000;
  Client& client = test.client(at_most_bytes(capacity));
  client.add("other", noise(50'000));
  for (const std::size_t size : {10U, 10'000U, 150'000U, 190'000U, 5U}) {
    client.add("key", noise(size, size));
    ASSERT_TRUE(client.get("key").has_value()) << size;
    EXPECT_EQ(client.get("key")->size(), size);
    EXPECT_LE(client.stats().bytes, capacity);
  }
}

inline std::vector<Case> bounds_cases() {
  const auto bounded = [](const Capability&, const ConformanceTraits& traits) {
    return traits.bounded;
  };
  return {{"as_many_entries_as_max_size_are_all_readable",
           as_many_entries_as_max_size_are_all_readable, bounded},
          {"never_holds_more_than_max_size", never_holds_more_than_max_size, bounded},
          {"an_accepted_add_is_readable_at_once", an_accepted_add_is_readable_at_once, bounded},
          {"a_store_of_one_entry_holds_the_last", a_store_of_one_entry_holds_the_last, bounded},
          {"never_holds_more_than_max_bytes", never_holds_more_than_max_bytes, bounded},
          {"an_entry_larger_than_everything_is_refused", an_entry_larger_than_everything_is_refused,
           bounded},
          {"a_large_entry_is_accepted_whatever_the_sharding",
           a_large_entry_is_accepted_whatever_the_sharding, bounded},
          {"a_replacement_may_grow_to_the_bound", a_replacement_may_grow_to_the_bound, bounded}};
}

}  // namespace semantrix::testing::conformance
