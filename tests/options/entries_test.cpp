// What the options say of entries: their time, their names, their size.
#include "options/subjects.hpp"
#include "support/fault_gate.hpp"

namespace semantrix::testing {
namespace {

template <class Subject>
class EntryOptions : public StoreTest<Subject> {
 protected:
  EntryOptions() { wanted_.at = gate_.endpoint(); }

  /// What the store sends for one add.
  std::size_t bytes_of_add(std::string_view key, const Value& value) {
    Client store = this->open(wanted_);
    store.add("first", "connects");
    const std::size_t before = gate_.counts().bytes_to_server;
    store.add(key, value);
    EXPECT_EQ(store.get(key), value);
    return gate_.counts().bytes_to_server - before;
  }

  FaultGate gate_{Subject::behind().endpoint()};
  Wanted wanted_;
};
TYPED_TEST_SUITE(EntryOptions, NetworkedStores, SubjectName);

TYPED_TEST(EntryOptions, default_ttl_is_that_of_adds_that_name_none) {
  this->wanted_.default_ttl = std::chrono::hours(1);
  Client store = this->open(this->wanted_);
  store.add("unnamed", "value");
  AddOptions longer;
  longer.ttl = std::chrono::hours(3);
  store.add("named", "value", longer);
  store.batch_add({{"batched", "value"}});
  for (const std::string key : {"unnamed", "batched"}) {
    const auto entry = store.entry(key);
    ASSERT_TRUE(entry.has_value() && entry->ttl.has_value()) << key;
    EXPECT_LE(*entry->ttl, std::chrono::hours(1)) << key;
    EXPECT_GT(*entry->ttl, std::chrono::minutes(58)) << key;
  }
  const auto named = store.entry("named");
  ASSERT_TRUE(named.has_value() && named->ttl.has_value());
  EXPECT_GT(*named->ttl, std::chrono::hours(2));
}

TYPED_TEST(EntryOptions, without_default_ttl_nothing_expires) {
  Client store = this->open(this->wanted_);
  store.add("key", "value");
  const auto entry = store.entry("key");
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->ttl, std::nullopt);
}

TYPED_TEST(EntryOptions, key_prefix_divides_a_server) {
  Client store = this->open(this->wanted_);
  Wanted another = this->wanted_;
  another.key_prefix = random_prefix();
  Client other = this->open(another);
  store.add("key", "mine");
  other.add("key", "theirs");
  other.add("another", "theirs");
  EXPECT_EQ(store.get("key"), Value("mine"));
  EXPECT_EQ(store.keys(), std::vector<std::string>{"key"});
  EXPECT_EQ(store.clear(), 1U);
  EXPECT_EQ(store.get("key"), std::nullopt);
  EXPECT_EQ(other.size(), 2U);
}

TYPED_TEST(EntryOptions, compress_threshold_says_which_values_are_made_smaller) {
  const Value text = of_bytes(64 << 10);
  EXPECT_GT(this->bytes_of_add("as it is", text), std::size_t{64} << 10);
  this->wanted_.compress_threshold = 1024;
  EXPECT_LT(this->bytes_of_add("smaller", text), std::size_t{8} << 10);
  this->wanted_.compress_threshold = 1 << 20;
  EXPECT_GT(this->bytes_of_add("below the threshold", text), std::size_t{64} << 10);
}

}  // namespace
}  // namespace semantrix::testing
