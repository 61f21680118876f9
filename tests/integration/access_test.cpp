// Who may enter: passwords, ACL users, what a user may do, and credentials that change.
#include "integration/subject.hpp"
#include "support/fault_gate.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

namespace semantrix::testing {
namespace {

TEST(RedisAccess, a_password_lets_in) {
  Client store = client_of(options_for(server("redis_password")));
  store.add("key", "value");
  EXPECT_EQ(store.get("key"), Value("value"));
}

TEST(RedisAccess, a_wrong_password_is_told_without_showing_it) {
  ElastiCacheOptions options = options_for(server("redis_password"));
  options.password = "very-secret-and-wrong";
  Client store = client_of(options);
  const Ending ending = ending_of_get(store, "key");
  ASSERT_EQ(ending.code(), ErrorCode::authentication_failed) << ::testing::PrintToString(ending);
  EXPECT_FALSE(ending.error->retryable());
  EXPECT_FALSE(ending.error->remedy().empty());
  EXPECT_EQ(ending.error->to_string().find("very-secret"), std::string::npos);
  EXPECT_EQ(ending_of_add(store, "key", "value").code(), ErrorCode::authentication_failed);
  EXPECT_LT(ending.took, slack);
}

TEST(RedisAccess, no_password_where_one_is_asked_for) {
  ElastiCacheOptions options = options_for(server("redis_password"));
  options.password.clear();
  Client store = client_of(options);
  EXPECT_EQ(ending_of_get(store, "key").code(), ErrorCode::authentication_failed);
}

/// As Redis itself has it: the default user without a password takes any.
TEST(RedisAccess, a_password_where_none_is_asked_for) {
  ElastiCacheOptions options = options_for(server("redis"));
  options.password = "nobody-asked";
  Client store = client_of(options);
  const Ending ending = ending_of_get(store, "key");
  EXPECT_FALSE(ending.error.has_value()) << ::testing::PrintToString(ending);
}

TEST(RedisAccess, an_acl_user_enters_and_uses_every_verb) {
  Client store = client_of(options_for(server("redis_acl")));
  store.add("key", "value");
  EXPECT_EQ(store.get("key"), Value("value"));
  EXPECT_TRUE(store.entry("key").has_value());
  EXPECT_EQ(store.batch_get({"key"}).at(0), Value("value"));
  EXPECT_EQ(store.keys(), std::vector<std::string>{"key"});
  EXPECT_EQ(store.size(), 1U);
  static_cast<void>(store.size(SizeMode::approximate));
  static_cast<void>(store.describe());
  static_cast<void>(store.stats());
  EXPECT_EQ(store.batch_erase({"key"}), 1U);
  EXPECT_EQ(store.clear(), 0U);
}

TEST(RedisAccess, a_wrong_user_or_password_of_a_user) {
  ElastiCacheOptions options = options_for(server("redis_acl"));
  options.user = "stranger";
  Client stranger = client_of(options);
  EXPECT_EQ(ending_of_get(stranger, "key").code(), ErrorCode::authentication_failed);
  options = options_for(server("redis_acl"));
  options.password += "x";
  Client wrong = client_of(options);
  EXPECT_EQ(ending_of_get(wrong, "key").code(), ErrorCode::authentication_failed);
}

TEST(RedisAccess, keys_that_the_user_may_not_touch) {
  ElastiCacheOptions options = options_for(server("redis_acl"));
  options.key_prefix = "elsewhere:";
  Client store = client_of(options);
  const Ending read = ending_of_get(store, "key");
  ASSERT_EQ(read.code(), ErrorCode::permission_denied) << ::testing::PrintToString(read);
  EXPECT_FALSE(read.error->retryable());
  EXPECT_EQ(ending_of_add(store, "key", "value").code(), ErrorCode::permission_denied);
  EXPECT_EQ(error_of([&] { return store.batch_get({"a", "b"}); }), ErrorCode::permission_denied);
  std::vector<BatchItem> items(1);
  items[0].key = "key";
  const BatchOutcome outcome = store.batch_add(std::move(items));
  ASSERT_EQ(outcome.failures.size(), 1U);
  EXPECT_EQ(outcome.failures[0].error.code(), ErrorCode::permission_denied);
}

/// Counts how often it is asked, and gives what it was told.
struct Provider {
  std::atomic<int> asked{0};
  RedisCredentials gives;
  std::optional<Error> fails = std::nullopt;

  static boost::asio::awaitable<Result<RedisCredentials>> answer(std::shared_ptr<Provider> self) {
    ++self->asked;
    if (self->fails) co_return *self->fails;
    co_return self->gives;
  }
};

RedisCredentialsProvider asking(const std::shared_ptr<Provider>& provider) {
  return [provider] { return Provider::answer(provider); };
}

TEST(RedisAccess, a_provider_is_asked_at_every_connect) {
  const ServerAddress address = server("redis_acl");
  FaultGate gate(address.endpoint());
  auto provider = std::make_shared<Provider>();
  provider->gives.user = address.user;
  provider->gives.password = address.password;
  ElastiCacheOptions options = options_at(gate.endpoint());
  options.credentials = asking(provider);
  options.network.max_pool_connections = 1;
  Client store = client_of(options);
  EXPECT_EQ(provider->asked, 0);
  store.add("key", "value");
  EXPECT_EQ(provider->asked, 1);
  for (int connects = 2; connects != 5; ++connects) {
    gate.reset_all();
    EXPECT_TRUE(works_again(store));
    EXPECT_EQ(provider->asked, connects);
  }
}

TEST(RedisAccess, a_provider_that_has_none_fails_the_call_with_its_error) {
  auto provider = std::make_shared<Provider>();
  provider->fails = Error(ErrorCode::no_credentials, "the vault is shut");
  ElastiCacheOptions options = options_for(server("redis_password"));
  options.password.clear();
  options.credentials = asking(provider);
  Client store = client_of(options);
  EXPECT_EQ(ending_of_get(store, "key").code(), ErrorCode::no_credentials);
}

TEST(RedisAccess, credentials_that_expire_are_renewed_on_the_open_connection) {
  const ServerAddress address = server("redis_password");
  FaultGate gate(address.endpoint());
  auto provider = std::make_shared<Provider>();
  provider->gives.password = address.password;
  provider->gives.expires = steady_clock::now() + std::chrono::seconds(2);
  ElastiCacheOptions options = options_at(gate.endpoint());
  options.credentials = asking(provider);
  options.network.max_pool_connections = 1;
  Client store = client_of(options);
  store.add("key", "value");
  EXPECT_TRUE(comes_true([&] {
    EXPECT_EQ(store.get("key"), Value("value"));
    return provider->asked >= 2;
  }));
  EXPECT_EQ(gate.counts().connections, 1U);
  EXPECT_EQ(store.get("key"), Value("value"));
}

}  // namespace
}  // namespace semantrix::testing
