#pragma once

#include <semantrix/testing/conformance/batch_cases.hpp>
#include <semantrix/testing/conformance/context.hpp>
#include <semantrix/testing/conformance/key_listing_cases.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

/// `invalidate_tag` and `invalidate_prefix`.
namespace semantrix::testing::conformance {

inline void add_tagged(Client& client, std::string_view key, std::string_view first,
                       std::string_view second) {
  const std::array tags{first, second};
  AddOptions options;
  options.tags = tags;
  client.add(key, "value", options);
}

/// What `invalidate_tag` gives for a tag that so many entries carry.
inline std::size_t told(Context& test, std::size_t entries) {
  return test.capability().invalidates_lazily ? std::min(entries, std::size_t{1}) : entries;
}

inline void a_tag_invalidates_what_carries_it(Context& test) {
  Client& client = test.client();
  add_tagged(client, "one", "red", "round");
  add_tagged(client, "two", "red", "square");
  add_tagged(client, "three", "blue", "round");
  client.add("four", "value");
  EXPECT_EQ(client.invalidate_tag("red"), told(test, 2));
  EXPECT_EQ(client.get("one"), std::nullopt);
  EXPECT_EQ(client.get("two"), std::nullopt);
  EXPECT_EQ(client.get("three"), Value("value"));
  EXPECT_EQ(client.get("four"), Value("value"));
  if (!test.capability().invalidates_lazily) {
    EXPECT_EQ(client.invalidate_tag("red"), 0U);
  }
  EXPECT_EQ(client.invalidate_tag("nobody's"), 0U);
}

inline void a_replacement_has_its_own_tags(Context& test) {
  Client& client = test.client();
  add_tagged(client, "key", "old", "older");
  add_tagged(client, "key", "new", "newer");
  if (test.capability().invalidates_lazily) {
    client.invalidate_tag("old");
  } else {
    EXPECT_EQ(client.invalidate_tag("old"), 0U);
  }
  EXPECT_EQ(client.get("key"), Value("value"));
  EXPECT_EQ(client.invalidate_tag("newer"), 1U);
  EXPECT_EQ(client.get("key"), std::nullopt);
}

inline void get_entry_gives_the_tags(Context& test) {
  add_tagged(test.client(), "key", "a tag", std::string_view("with\0nul", 8));
  const std::optional<Entry> entry = test.client().entry("key");
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(sorted(entry->tags), (std::vector<std::string>{"a tag", std::string("with\0nul", 8)}));
}

inline void the_tags_of_a_batch_are_on_every_item(Context& test) {
  const std::array<std::string_view, 1> tags{"batch"};
  AddOptions options;
  options.tags = tags;
  test.client().batch_add(numbered_items(3), options);
  test.client().add("untagged", "value");
  EXPECT_EQ(test.client().invalidate_tag("batch"), told(test, 3));
  EXPECT_EQ(test.client().get("key0"), std::nullopt);
  EXPECT_EQ(test.client().get("key2"), std::nullopt);
  EXPECT_EQ(test.client().get("untagged"), Value("value"));
}

inline void what_was_invalidated_can_be_added_again(Context& test) {
  Client& client = test.client();
  add_tagged(client, "key", "red", "round");
  client.invalidate_tag("red");
  add_tagged(client, "key", "red", "round");
  EXPECT_EQ(client.get("key"), Value("value"));
  EXPECT_EQ(client.invalidate_tag("round"), 1U);
  EXPECT_EQ(client.get("key"), std::nullopt);
  EXPECT_FALSE(client.entry("key").has_value());
  client.add("key", "untagged");
  client.invalidate_tag("red");
  EXPECT_EQ(client.get("key"), Value("untagged"));
}

inline void an_empty_tag_is_an_error(Context& test) {
  Client& client = test.client();
  EXPECT_EQ(error_of([&] {
              add_tagged(client, "key", "good", "");
              return 0;
            }),
            ErrorCode::invalid_argument);
  EXPECT_EQ(error_of([&] { return client.invalidate_tag(""); }), ErrorCode::invalid_argument);
}

inline void a_store_without_tags_says_so(Context& test) {
  Client& client = test.client();
  EXPECT_EQ(error_of([&] {
              add_tagged(client, "key", "one", "two");
              return 0;
            }),
            ErrorCode::not_supported);
  EXPECT_EQ(client.get("key"), std::nullopt);
  EXPECT_EQ(error_of([&] { return client.invalidate_tag("one"); }), ErrorCode::not_supported);
}

inline void a_prefix_invalidates_what_begins_with_it(Context& test) {
  Client& client = test.client();
  add_all(client, {"user:1", "user:22", "user", "item:1", "a user:1"});
  EXPECT_EQ(client.invalidate_prefix("user:"), 2U);
  EXPECT_EQ(sorted(client.keys()), (std::vector<std::string>{"a user:1", "item:1", "user"}));
  EXPECT_EQ(client.invalidate_prefix("user:"), 0U);
}

inline void a_prefix_is_no_pattern(Context& test) {
  Client& client = test.client();
  add_all(client, {"a*b", "axb", "[a]1", "a1", "q?", "qq", "\\x", "x"});
  EXPECT_EQ(client.invalidate_prefix("a*"), 1U);
  EXPECT_EQ(client.invalidate_prefix("[a]"), 1U);
  EXPECT_EQ(client.invalidate_prefix("q?"), 1U);
  EXPECT_EQ(client.invalidate_prefix("\\"), 1U);
  EXPECT_EQ(sorted(client.keys()), (std::vector<std::string>{"a1", "axb", "qq", "x"}));
}

inline void a_prefix_may_cover_thousands(Context& test) {
  Client& client = test.client();
  client.batch_add(numbered_items(3'000));
  client.add("other", "value");
  EXPECT_EQ(client.invalidate_prefix("key"), 3'000U);
  EXPECT_EQ(client.keys(), std::vector<std::string>{"other"});
}

inline void an_empty_prefix_is_an_error(Context& test) {
  test.client().add("key", "value");
  EXPECT_EQ(error_of([&] { return test.client().invalidate_prefix(""); }),
            ErrorCode::invalid_argument);
  EXPECT_EQ(test.client().get("key"), Value("value"));
}

inline std::vector<Case> invalidation_cases() {
  const auto tags = [](const Capability& store, const ConformanceTraits&) { return store.can_tag; };
  const auto no_tags = [](const Capability& store, const ConformanceTraits&) {
    return !store.can_tag;
  };
  const auto prefix = [](const Capability& store, const ConformanceTraits&) {
    return store.can_invalidate_prefix || store.can_list_keys;
  };
  const auto prefix_and_keys = [](const Capability& store, const ConformanceTraits&) {
    return store.can_list_keys;
  };
  return {
      {"a_tag_invalidates_what_carries_it", a_tag_invalidates_what_carries_it, tags},
      {"a_replacement_has_its_own_tags", a_replacement_has_its_own_tags, tags},
      {"get_entry_gives_the_tags", get_entry_gives_the_tags, tags},
      {"the_tags_of_a_batch_are_on_every_item", the_tags_of_a_batch_are_on_every_item, tags},
      {"what_was_invalidated_can_be_added_again", what_was_invalidated_can_be_added_again, tags},
      {"an_empty_tag_is_an_error", an_empty_tag_is_an_error, tags},
      {"a_store_without_tags_says_so", a_store_without_tags_says_so, no_tags},
      {"a_prefix_invalidates_what_begins_with_it", a_prefix_invalidates_what_begins_with_it,
       prefix_and_keys},
      {"a_prefix_is_no_pattern", a_prefix_is_no_pattern, prefix_and_keys},
      {"a_prefix_may_cover_thousands", a_prefix_may_cover_thousands, prefix_and_keys},
      {"an_empty_prefix_is_an_error", an_empty_prefix_is_an_error, prefix}};
}

}  // namespace semantrix::testing::conformance
