#pragma once

#include <semantrix/testing/conformance/batch_cases.hpp>
#include <semantrix/testing/conformance/client.hpp>
#include <semantrix/testing/conformance/context.hpp>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Arguments are taken over by the call itself: what the caller passed may be gone when the result
/// is awaited.
namespace semantrix::testing::conformance {

/// A string whose bytes are overwritten before it goes, so that a use after it is seen.
class Vanishing {
 public:
  explicit Vanishing(std::string_view text) : text_(text) {}
  Vanishing(const Vanishing&) = delete;
  Vanishing& operator=(const Vanishing&) = delete;
  ~Vanishing() { text_.assign(text_.size(), '#'); }
  operator std::string_view() const noexcept { return text_; }

 private:
  std::string text_;
};

inline constexpr std::string_view long_key = "a key that is too long for a small string";

inline void arguments_may_be_gone_when_a_call_is_awaited(Context& test) {
  CacheStore& store = test.client().store();
  auto pending_add = store.add(Vanishing(long_key), Value("a value of some length"));
  await(std::move(pending_add));
  auto pending_get = store.get_exact(Vanishing(long_key));
  EXPECT_EQ(await(std::move(pending_get)), Value("a value of some length"));
  auto pending_entry = store.get_entry(Vanishing(long_key));
  EXPECT_TRUE(await(std::move(pending_entry)).has_value());
  auto pending_erase = store.erase(Vanishing(long_key));
  EXPECT_TRUE(await(std::move(pending_erase)));
}

inline void tags_may_be_gone_when_an_add_is_awaited(Context& test) {
  CacheStore& store = test.client().store();
  auto pending = [&store] {
    const Vanishing tag("a tag that is too long for a small string");
    const std::array<std::string_view, 1> tags{tag};
    AddOptions options;
    options.tags = tags;
    return store.add(long_key, Value("value"), options);
  }();
  await(std::move(pending));
  auto invalidated = store.invalidate_tag(Vanishing("a tag that is too long for a small string"));
  EXPECT_EQ(await(std::move(invalidated)), 1U);
}

inline void a_call_that_nobody_awaits_does_no_harm(Context& test) {
  CacheStore& store = test.client().store();
  { auto dropped = store.add(long_key, Value("value")); }
  { auto dropped = store.get_exact(long_key); }
  { auto dropped = store.batch_add(numbered_items(3)); }
  { auto dropped = store.get_exact(""); }
  test.client().add("key", "value");
  EXPECT_EQ(test.client().get("key"), Value("value"));
}

inline void errors_come_from_the_await_and_not_from_the_call(Context& test) {
  CacheStore& store = test.client().store();
  auto pending = store.get_exact("");
  EXPECT_EQ(error_of([&] { return await(std::move(pending)); }), ErrorCode::invalid_argument);
  auto pending_batch = store.batch_get(std::vector<std::string>(1));
  EXPECT_EQ(error_of([&] { return await(std::move(pending_batch)); }), ErrorCode::invalid_argument);
}

inline std::vector<Case> lifetime_cases() {
  const auto tags = [](const Capability& store, const ConformanceTraits&) { return store.can_tag; };
  return {
      {"arguments_may_be_gone_when_a_call_is_awaited",
       arguments_may_be_gone_when_a_call_is_awaited},
      {"tags_may_be_gone_when_an_add_is_awaited", tags_may_be_gone_when_an_add_is_awaited, tags},
      {"a_call_that_nobody_awaits_does_no_harm", a_call_that_nobody_awaits_does_no_harm},
      {"errors_come_from_the_await_and_not_from_the_call",
       errors_come_from_the_await_and_not_from_the_call}};
}

}  // namespace semantrix::testing::conformance
