#pragma once

#include <semantrix/testing/conformance/context.hpp>

#include <chrono>
#include <vector>

/// `ttl` and `default_ttl`. In real time the cases take a ttl long enough to be seen alive and wait
/// twice as long.
namespace semantrix::testing::conformance {

using std::chrono::milliseconds;

inline AddOptions expiring(milliseconds ttl) {
  AddOptions options;
  options.ttl = ttl;
  return options;
}

/// A ttl that the case can see alive, and what is surely past it.
inline milliseconds short_ttl(Context& test) { return milliseconds(test.exact_time() ? 50 : 500); }
inline void let_expire(Context& test) {
  test.advance(test.exact_time() ? short_ttl(test) : short_ttl(test) * 2);
}

inline void a_ttl_that_is_not_positive_is_an_error(Context& test) {
  Client& client = test.client();
  for (const milliseconds ttl : {milliseconds(0), milliseconds(-1), milliseconds::min()}) {
    EXPECT_EQ(error_of([&] {
                client.add("key", "value", expiring(ttl));
                return 0;
              }),
              ErrorCode::invalid_argument);
  }
  EXPECT_EQ(client.get("key"), std::nullopt);
}

inline void a_ttl_beyond_a_thousand_years_is_an_error(Context& test) {
  Client& client = test.client();
  const milliseconds too_long = std::chrono::years(1'000) + milliseconds(1);
  for (const milliseconds ttl : {too_long, milliseconds::max()}) {
    EXPECT_EQ(error_of([&] {
                client.add("key", "value", expiring(ttl));
                return 0;
              }),
              ErrorCode::invalid_argument);
  }
  EXPECT_EQ(client.get("key"), std::nullopt);
  client.add("key", "value", expiring(std::chrono::years(999)));
  EXPECT_EQ(client.get("key"), Value("value"));
}

inline void an_entry_is_there_until_its_ttl_and_gone_at_it(Context& test) {
  Client& client = test.client();
  if (!test.exact_time()) {
    client.add("key", "value", expiring(short_ttl(test)));
    EXPECT_EQ(client.get("key"), Value("value"));
    let_expire(test);
    EXPECT_EQ(client.get("key"), std::nullopt);
    return;
  }
  for (const milliseconds ttl :
       {milliseconds(1), milliseconds(2), milliseconds(999), milliseconds(1'000),
        milliseconds(1'001), milliseconds(65'537), milliseconds(std::chrono::hours(1)),
        milliseconds(std::chrono::hours(24 * 40))}) {
    client.add("key", "value", expiring(ttl));
    test.advance(ttl - milliseconds(1));
    EXPECT_EQ(client.get("key"), Value("value")) << ttl.count();
    test.advance(milliseconds(1));
    EXPECT_EQ(client.get("key"), std::nullopt) << ttl.count();
  }
}

inline void entries_expire_each_at_its_time(Context& test) {
  Client& client = test.client();
  const milliseconds step = short_ttl(test);
  client.add("first", "value", expiring(step));
  client.add("second", "value", expiring(step * 4));
  client.add("never", "value");
  let_expire(test);
  EXPECT_EQ(client.get("first"), std::nullopt);
  EXPECT_EQ(client.get("second"), Value("value"));
  test.advance(step * 4);
  EXPECT_EQ(client.get("second"), std::nullopt);
  EXPECT_EQ(client.get("never"), Value("value"));
}

inline void a_replacement_without_ttl_does_not_expire(Context& test) {
  Client& client = test.client();
  client.add("key", "old", expiring(short_ttl(test)));
  client.add("key", "new");
  let_expire(test);
  EXPECT_EQ(client.get("key"), Value("new"));
}

inline void a_replacement_has_its_own_ttl(Context& test) {
  Client& client = test.client();
  client.add("shorter", "old", expiring(std::chrono::hours(1)));
  client.add("shorter", "new", expiring(short_ttl(test)));
  client.add("longer", "old", expiring(short_ttl(test)));
  client.add("longer", "new", expiring(std::chrono::hours(1)));
  let_expire(test);
  EXPECT_EQ(client.get("shorter"), std::nullopt);
  EXPECT_EQ(client.get("longer"), Value("new"));
}

inline void default_ttl_holds_where_an_add_names_none(Context& test) {
  StoreRequest request;
  request.default_ttl = milliseconds(500);
  Client& client = test.client(request);
  client.add("default", "value");
  client.add("longer", "value", expiring(std::chrono::hours(1)));
  std::vector<BatchItem> items(1);
  items[0].key = "batched";
  client.batch_add(std::move(items));
  EXPECT_EQ(client.get("default"), Value("value"));
  test.advance(milliseconds(test.exact_time() ? 500 : 1'000));
  EXPECT_EQ(client.get("default"), std::nullopt);
  EXPECT_EQ(client.get("batched"), std::nullopt);
  EXPECT_EQ(client.get("longer"), Value("value"));
}

inline void an_expired_entry_is_not_there_to_erase(Context& test) {
  Client& client = test.client();
  for (const char* key : {"one", "two", "three"}) {
    client.add(key, "value", expiring(short_ttl(test)));
  }
  let_expire(test);
  EXPECT_FALSE(client.erase("one"));
  EXPECT_EQ(client.batch_erase({"two", "three"}), 0U);
  EXPECT_FALSE(client.entry("one").has_value());
}

inline void an_expired_key_can_be_added_again(Context& test) {
  Client& client = test.client();
  client.add("key", "old", expiring(short_ttl(test)));
  let_expire(test);
  client.add("key", "new");
  EXPECT_EQ(client.get("key"), Value("new"));
}

inline void a_store_without_ttl_says_so(Context& test) {
  Client& client = test.client();
  EXPECT_EQ(error_of([&] {
              client.add("key", "value", expiring(milliseconds(1)));
              return 0;
            }),
            ErrorCode::not_supported);
}

inline std::vector<Case> ttl_cases() {
  const auto can = [](const Capability& store, const ConformanceTraits&) { return store.can_ttl; };
  const auto cannot = [](const Capability& store, const ConformanceTraits&) {
    return !store.can_ttl;
  };
  return {
      {"a_ttl_that_is_not_positive_is_an_error", a_ttl_that_is_not_positive_is_an_error, can},
      {"a_ttl_beyond_a_thousand_years_is_an_error", a_ttl_beyond_a_thousand_years_is_an_error, can},
      {"an_entry_is_there_until_its_ttl_and_gone_at_it",
       an_entry_is_there_until_its_ttl_and_gone_at_it, can},
      {"entries_expire_each_at_its_time", entries_expire_each_at_its_time, can},
      {"a_replacement_without_ttl_does_not_expire", a_replacement_without_ttl_does_not_expire, can},
      {"a_replacement_has_its_own_ttl", a_replacement_has_its_own_ttl, can},
      {"default_ttl_holds_where_an_add_names_none", default_ttl_holds_where_an_add_names_none, can},
      {"an_expired_entry_is_not_there_to_erase", an_expired_entry_is_not_there_to_erase, can},
      {"an_expired_key_can_be_added_again", an_expired_key_can_be_added_again, can},
      {"a_store_without_ttl_says_so", a_store_without_ttl_says_so, cannot}};
}

}  // namespace semantrix::testing::conformance
