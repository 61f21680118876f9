#pragma once

#include <semantrix/testing/conformance/batch_cases.hpp>
#include <semantrix/testing/conformance/context.hpp>

#include <thread>
#include <vector>

/// `close`.
namespace semantrix::testing::conformance {

inline void every_verb_after_close_fails_with_closed(Context& test) {
  Client& client = test.client();
  client.add("key", "value");
  client.close();
  const auto closed = [](auto call) { EXPECT_EQ(error_of(call), ErrorCode::closed); };
  closed([&] {
    client.add("key", "value");
    return 0;
  });
  closed([&] { return client.get("key"); });
  closed([&] { return client.erase("key"); });
  closed([&] { return client.batch_add(numbered_items(1)); });
  closed([&] { return client.batch_get({"key"}); });
  closed([&] { return client.batch_erase({"key"}); });
  closed([&] { return client.entry("key"); });
  closed([&] { return client.stats(); });
  closed([&] { return client.describe(); });
  const Capability& capability = test.capability();
  if (capability.can_size) closed([&] { return client.size(); });
  if (capability.can_clear) closed([&] { return client.clear(); });
  if (capability.can_list_keys) closed([&] { return client.keys(); });
  if (capability.can_tag) closed([&] { return client.invalidate_tag("tag"); });
  if (capability.can_invalidate_prefix) closed([&] { return client.invalidate_prefix("key"); });
}

inline void a_second_close_does_nothing(Context& test) {
  test.client().close();
  test.client().close();
  EXPECT_EQ(error_of([&] { return test.client().get("key"); }), ErrorCode::closed);
}

inline void a_cursor_ends_with_its_store(Context& test) {
  Client& client = test.client();
  client.batch_add(numbered_items(2'500));
  KeyCursor cursor = client.scan();
  EXPECT_FALSE(client.next_page(cursor).empty());
  client.close();
  EXPECT_EQ(error_of([&] { return client.next_page(cursor); }), ErrorCode::closed);
}

inline void close_may_meet_calls_of_other_threads(Context& test) {
  Client& client = test.client();
  client.add("key", "value");
  std::optional<ErrorCode> last;
  std::thread caller([&last, other = test.another_client()]() mutable {
    while (!last) last = error_of([&other] { return other.get("key"); });
  });
  client.close();
  caller.join();
  EXPECT_EQ(last, ErrorCode::closed);
}

inline std::vector<Case> lifecycle_cases() {
  const auto lists = [](const Capability& store, const ConformanceTraits&) {
    return store.can_list_keys;
  };
  return {{"every_verb_after_close_fails_with_closed", every_verb_after_close_fails_with_closed},
          {"a_second_close_does_nothing", a_second_close_does_nothing},
          {"a_cursor_ends_with_its_store", a_cursor_ends_with_its_store, lists},
          {"close_may_meet_calls_of_other_threads", close_may_meet_calls_of_other_threads}};
}

}  // namespace semantrix::testing::conformance
