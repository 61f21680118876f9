// What a store does when its server does not answer: errors, retries, or misses.
#include "options/subjects.hpp"
#include "support/fault_gate.hpp"

#include <vector>

namespace semantrix::testing {
namespace {

template <class Subject>
class OutageOptions : public StoreTest<Subject> {
 protected:
  OutageOptions() {
    wanted_.at = gate_.endpoint();
    network().max_pool_connections = 1;
  }
  NetworkOptions& network() { return wanted_.network; }
  Client client() { return this->open(wanted_); }

  FaultGate gate_{Subject::behind().endpoint()};
  Wanted wanted_;
};
TYPED_TEST_SUITE(OutageOptions, NetworkedStores, SubjectName);

TYPED_TEST(OutageOptions, a_lost_connection_is_tried_again) {
  Client store = this->client();
  store.add("key", "value");
  EXPECT_EQ(store.stats().retries, 0U);
  this->gate_.close_after(Direction::to_client, 1);
  EXPECT_EQ(store.get("key"), Value("value"));
  EXPECT_GE(store.stats().retries, 1U);
  EXPECT_EQ(this->gate_.counts().connections, 2U);
}

TYPED_TEST(OutageOptions, without_retries_a_lost_connection_is_the_calls_error) {
  this->network().retry_attempts = 0;
  Client store = this->client();
  store.add("key", "value");
  this->gate_.close_after(Direction::to_client, 1);
  const Ending ending = ending_of_get(store, "key");
  ASSERT_EQ(ending.code(), ErrorCode::connection_lost) << ::testing::PrintToString(ending);
  EXPECT_TRUE(ending.error->retryable());
  EXPECT_EQ(ending.error->info().attempts, 1);
  EXPECT_TRUE(works_again(store));
}

TYPED_TEST(OutageOptions, the_error_tells_how_often_was_tried) {
  this->gate_.refuse();
  this->network().retry_attempts = 3;
  Client store = this->client();
  const Ending ending = ending_of_get(store, "key");
  ASSERT_EQ(ending.code(), ErrorCode::connect_failed) << ::testing::PrintToString(ending);
  EXPECT_EQ(ending.error->info().attempts, 4);
  EXPECT_EQ(ending.error->info().store, store.store().capability().store);
  EXPECT_NE(ending.error->info().key_digest, 0U);
  EXPECT_EQ(store.stats().retries, 3U);
}

TYPED_TEST(OutageOptions, a_retry_delay_beyond_the_deadline_leaves_no_time_for_a_retry) {
  this->gate_.refuse();
  this->network().retry_attempts = 3;
  // Waits are anywhere up to this: once in 100,000 runs one is short.
  this->network().retry_delay = std::chrono::hours(24);
  this->network().deadline = milliseconds(800);
  Client store = this->client();
  const Ending ending = ending_of_get(store, "key");
  ASSERT_EQ(ending.code(), ErrorCode::connect_failed) << ::testing::PrintToString(ending);
  EXPECT_EQ(ending.error->info().attempts, 1);
  EXPECT_LT(ending.took, milliseconds(800) + slack);
}

TYPED_TEST(OutageOptions, a_server_that_is_left_alone_tells_how_often_was_tried_before) {
  this->gate_.refuse();
  this->network().retry_attempts = 20;
  this->network().retry_delay = milliseconds(0);
  Client store = this->client();
  const Ending ending = ending_of_get(store, "key");
  ASSERT_EQ(ending.code(), ErrorCode::connect_failed) << ::testing::PrintToString(ending);
  EXPECT_GE(ending.error->info().attempts, 5);
}

TYPED_TEST(OutageOptions, errors_never_show_the_key_or_the_value) {
  this->gate_.refuse();
  Client store = this->client();
  const Ending read = ending_of_get(store, "a-private-key");
  const Ending write = ending_of_add(store, "a-private-key", "a-private-value");
  ASSERT_TRUE(read.error.has_value());
  ASSERT_TRUE(write.error.has_value());
  EXPECT_EQ(read.error->to_string().find("a-private"), std::string::npos);
  EXPECT_EQ(write.error->to_string().find("a-private"), std::string::npos);
}

TYPED_TEST(OutageOptions, on_error_miss_answers_misses_and_drops_writes) {
  this->gate_.refuse();
  this->network().on_error = OnError::miss;
  Client store = this->client();
  EXPECT_EQ(store.get("key"), std::nullopt);
  const auto errors = [&store] { return store.stats().error_count(); };
  EXPECT_EQ(errors(), 1U);
  store.add("key", "dropped");
  EXPECT_EQ(errors(), 2U);
  EXPECT_FALSE(store.erase("key"));
  EXPECT_FALSE(store.entry("key").has_value());
  const auto found = store.batch_get({"key", "other"});
  EXPECT_EQ(found, (std::vector<std::optional<Value>>{std::nullopt, std::nullopt}));
  EXPECT_EQ(store.batch_erase({"key", "other"}), 0U);
  EXPECT_GE(errors(), 6U);
  EXPECT_GE(store.stats().errors.at("connect_failed"), 1U);
  EXPECT_EQ(store.stats().adds, 0U);
  this->gate_.accept_again();
  EXPECT_TRUE(works_again(store));
  EXPECT_EQ(store.get("key"), std::nullopt) << "a dropped write must not come later";
}

TYPED_TEST(OutageOptions, on_error_miss_does_not_hide_a_wrong_argument) {
  this->network().on_error = OnError::miss;
  Client store = this->client();
  EXPECT_EQ(ending_of_get(store, "").code(), ErrorCode::invalid_argument);
  AddOptions never;
  never.ttl = milliseconds(0);
  EXPECT_EQ(error_of([&] {
              store.add("key", "value", never);
              return 0;
            }),
            ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace semantrix::testing
