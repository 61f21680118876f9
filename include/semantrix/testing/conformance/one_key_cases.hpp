#pragma once

#include <semantrix/testing/conformance/context.hpp>

#include <vector>

/// `add`, `get_exact`, `erase`.
namespace semantrix::testing::conformance {

inline void a_miss_is_nothing(Context& test) {
  EXPECT_EQ(test.client().get("nobody"), std::nullopt);
}

inline void returns_what_was_added(Context& test) {
  test.client().add("key1", "value1");
  EXPECT_EQ(test.client().get("key1"), Value("value1"));
  EXPECT_EQ(test.client().get("key2"), std::nullopt);
}

inline void add_replaces(Context& test) {
  test.client().add("key", "old");
  test.client().add("key", "new and longer");
  EXPECT_EQ(test.client().get("key"), Value("new and longer"));
  test.client().add("key", "");
  EXPECT_EQ(test.client().get("key"), Value(""));
}

inline void erase_tells_whether_there_was_an_entry(Context& test) {
  test.client().add("key", "value");
  EXPECT_TRUE(test.client().erase("key"));
  EXPECT_EQ(test.client().get("key"), std::nullopt);
  EXPECT_FALSE(test.client().erase("key"));
  EXPECT_FALSE(test.client().erase("nobody"));
}

inline void an_erased_key_can_be_added_again(Context& test) {
  test.client().add("key", "first");
  test.client().erase("key");
  test.client().add("key", "second");
  EXPECT_EQ(test.client().get("key"), Value("second"));
}

inline void an_empty_value_is_a_value(Context& test) {
  test.client().add("key", "");
  EXPECT_EQ(test.client().get("key"), Value(""));
}

inline void an_empty_key_is_an_error(Context& test) {
  Client& client = test.client();
  const auto refused = ErrorCode::invalid_argument;
  EXPECT_EQ(error_of([&] {
              client.add("", "value");
              return 0;
            }),
            refused);
  EXPECT_EQ(error_of([&] { return client.get(""); }), refused);
  EXPECT_EQ(error_of([&] { return client.erase(""); }), refused);
  EXPECT_EQ(error_of([&] { return client.entry(""); }), refused);
  EXPECT_EQ(error_of([&] { return client.batch_get({"key", ""}); }), refused);
  EXPECT_EQ(error_of([&] { return client.batch_erase({"key", ""}); }), refused);
}

inline void similar_keys_are_different(Context& test) {
  const std::vector<std::string> keys{
      "key", "Key", "key ", " key", std::string("key\0", 4), "key\n", "k\xc3\xa9y", "ke\xcc\x81y"};
  for (const std::string& key : keys) test.client().add(key, "of " + key);
  for (const std::string& key : keys) EXPECT_EQ(test.client().get(key), Value("of " + key));
}

inline void a_value_outlives_its_entry(Context& test) {
  test.client().add("key", "still here");
  const std::optional<Value> value = test.client().get("key");
  test.client().add("key", "something else");
  test.client().erase("key");
  EXPECT_EQ(value, Value("still here"));
}

inline void the_binary_mark_is_kept(Context& test) {
  Client& client = test.client();
  client.add("bytes", Value("text that is bytes").as_binary());
  client.add("text", "text");
  std::vector<BatchItem> items(1);
  items[0].key = "batched";
  items[0].value = Value("more").as_binary();
  client.batch_add(std::move(items));
  ASSERT_TRUE(client.get("bytes").has_value());
  EXPECT_TRUE(client.get("bytes")->binary());
  EXPECT_FALSE(client.get("text").value().binary());
  EXPECT_TRUE(client.get("batched").value().binary());
  EXPECT_TRUE(client.entry("bytes").value().value.binary());
  EXPECT_EQ(client.get("bytes"), Value("text that is bytes"));
}

inline std::vector<Case> one_key_cases() {
  return {{"a_miss_is_nothing", a_miss_is_nothing},
          {"returns_what_was_added", returns_what_was_added},
          {"add_replaces", add_replaces},
          {"erase_tells_whether_there_was_an_entry", erase_tells_whether_there_was_an_entry},
          {"an_erased_key_can_be_added_again", an_erased_key_can_be_added_again},
          {"an_empty_value_is_a_value", an_empty_value_is_a_value},
          {"an_empty_key_is_an_error", an_empty_key_is_an_error},
          {"similar_keys_are_different", similar_keys_are_different},
          {"a_value_outlives_its_entry", a_value_outlives_its_entry},
          {"the_binary_mark_is_kept", the_binary_mark_is_kept}};
}

}  // namespace semantrix::testing::conformance
