#pragma once

#include <semantrix/testing/conformance/context.hpp>
#include <semantrix/testing/conformance/ttl_cases.hpp>

#include <string>
#include <vector>

/// `batch_add`, `batch_get`, `batch_erase`.
namespace semantrix::testing::conformance {

inline BatchItem item(std::string key, Value value,
                      std::optional<milliseconds> ttl = std::nullopt) {
  return {std::move(key), std::move(value), ttl};
}

inline std::vector<BatchItem> numbered_items(std::size_t count) {
  std::vector<BatchItem> items;
  for (std::size_t i = 0; i != count; ++i) {
    items.push_back(item("key" + std::to_string(i), Value("value" + std::to_string(i))));
  }
  return items;
}

inline void batch_add_stores_all(Context& test) {
  const BatchOutcome outcome = test.client().batch_add(numbered_items(3));
  EXPECT_TRUE(outcome.ok());
  EXPECT_EQ(outcome.stored, 3U);
  EXPECT_EQ(test.client().get("key0"), Value("value0"));
  EXPECT_EQ(test.client().get("key2"), Value("value2"));
}

inline void batch_get_keeps_the_callers_order(Context& test) {
  test.client().batch_add(numbered_items(4));
  const auto values = test.client().batch_get({"key3", "nobody", "key0", "key3", "nobody", "key1"});
  const std::vector<std::optional<Value>> expected{Value("value3"), std::nullopt, Value("value0"),
                                                   Value("value3"), std::nullopt, Value("value1")};
  EXPECT_EQ(values, expected);
}

inline void of_equal_keys_in_a_batch_the_last_wins(Context& test) {
  std::vector<BatchItem> items;
  items.push_back(item("key", "first"));
  items.push_back(item("other", "other"));
  items.push_back(item("key", "last"));
  EXPECT_TRUE(test.client().batch_add(std::move(items)).ok());
  EXPECT_EQ(test.client().get("key"), Value("last"));
}

inline void batch_erase_counts_each_entry_once(Context& test) {
  test.client().batch_add(numbered_items(4));
  EXPECT_EQ(test.client().batch_erase({"key1", "nobody", "key2", "key1"}), 2U);
  EXPECT_EQ(test.client().get("key1"), std::nullopt);
  EXPECT_EQ(test.client().get("key0"), Value("value0"));
}

inline void an_empty_batch_does_nothing(Context& test) {
  EXPECT_TRUE(test.client().batch_add({}).ok());
  EXPECT_EQ(test.client().batch_add({}).stored, 0U);
  EXPECT_TRUE(test.client().batch_get({}).empty());
  EXPECT_EQ(test.client().batch_erase({}), 0U);
}

inline void a_batch_may_be_large(Context& test) {
  constexpr std::size_t count = 2'500;
  EXPECT_EQ(test.client().batch_add(numbered_items(count)).stored, count);
  std::vector<std::string> keys;
  for (std::size_t i = count; i-- != 0;) keys.push_back("key" + std::to_string(i));
  const auto values = test.client().batch_get(keys);
  ASSERT_EQ(values.size(), count);
  for (std::size_t i = 0; i != count; ++i) {
    EXPECT_EQ(values[i], Value("value" + keys[i].substr(3)));
  }
  EXPECT_EQ(test.client().batch_erase(keys), count);
}

inline void a_bad_item_fails_alone(Context& test) {
  std::vector<BatchItem> items;
  items.push_back(item("good", "value"));
  items.push_back(item("", "no key"));
  items.push_back(item("also good", "value"));
  items.push_back(item("", "no key"));
  const BatchOutcome outcome = test.client().batch_add(std::move(items));
  EXPECT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.stored, 2U);
  ASSERT_EQ(outcome.failures.size(), 2U);
  EXPECT_EQ(outcome.failures[0].index, 1U);
  EXPECT_EQ(outcome.failures[0].error.code(), ErrorCode::invalid_argument);
  EXPECT_EQ(outcome.failures[1].index, 3U);
  EXPECT_EQ(test.client().get("good"), Value("value"));
  EXPECT_EQ(test.client().get("also good"), Value("value"));
}

inline void an_item_with_a_bad_ttl_fails_alone(Context& test) {
  std::vector<BatchItem> items;
  items.push_back(item("bad", "value", milliseconds(0)));
  items.push_back(item("good", "value"));
  const BatchOutcome outcome = test.client().batch_add(std::move(items));
  ASSERT_EQ(outcome.failures.size(), 1U);
  EXPECT_EQ(outcome.failures[0].index, 0U);
  EXPECT_EQ(outcome.failures[0].error.code(), ErrorCode::invalid_argument);
  EXPECT_EQ(test.client().get("bad"), std::nullopt);
  EXPECT_EQ(test.client().get("good"), Value("value"));
}

inline void an_item_may_have_a_ttl_of_its_own(Context& test) {
  Client& client = test.client();
  std::vector<BatchItem> items;
  items.push_back(item("short", "value", short_ttl(test)));
  items.push_back(item("of the batch", "value"));
  items.push_back(item("long", "value", std::chrono::hours(2)));
  client.batch_add(std::move(items), expiring(short_ttl(test) * 4));
  let_expire(test);
  EXPECT_EQ(client.get("short"), std::nullopt);
  EXPECT_EQ(client.get("of the batch"), Value("value"));
  test.advance(short_ttl(test) * 4);
  EXPECT_EQ(client.get("of the batch"), std::nullopt);
  EXPECT_EQ(client.get("long"), Value("value"));
}

inline void a_bad_ttl_for_the_whole_batch_is_an_error(Context& test) {
  Client& client = test.client();
  EXPECT_EQ(
      error_of([&] { return client.batch_add(numbered_items(2), expiring(milliseconds(0))); }),
      ErrorCode::invalid_argument);
  EXPECT_EQ(client.get("key0"), std::nullopt);
}

inline std::vector<Case> batch_cases() {
  const auto ttl = [](const Capability& store, const ConformanceTraits&) { return store.can_ttl; };
  return {{"batch_add_stores_all", batch_add_stores_all},
          {"batch_get_keeps_the_callers_order", batch_get_keeps_the_callers_order},
          {"of_equal_keys_in_a_batch_the_last_wins", of_equal_keys_in_a_batch_the_last_wins},
          {"batch_erase_counts_each_entry_once", batch_erase_counts_each_entry_once},
          {"an_empty_batch_does_nothing", an_empty_batch_does_nothing},
          {"a_batch_may_be_large", a_batch_may_be_large},
          {"a_bad_item_fails_alone", a_bad_item_fails_alone},
          {"an_item_with_a_bad_ttl_fails_alone", an_item_with_a_bad_ttl_fails_alone, ttl},
          {"an_item_may_have_a_ttl_of_its_own", an_item_may_have_a_ttl_of_its_own, ttl},
          {"a_bad_ttl_for_the_whole_batch_is_an_error", a_bad_ttl_for_the_whole_batch_is_an_error,
           ttl}};
}

}  // namespace semantrix::testing::conformance
