// TLS: whom the store trusts, and what it says when it does not.
#include "integration/subject.hpp"

#include <gtest/gtest.h>

#include <string>

namespace semantrix::testing {
namespace {

void expect_works(const ElastiCacheOptions& options) {
  Client store = client_of(options);
  store.add("key", "value");
  EXPECT_EQ(store.get("key"), Value("value"));
}

void expect_refused(const ElastiCacheOptions& options) {
  Client store = client_of(options);
  const Ending ending = ending_of_get(store, "key");
  ASSERT_EQ(ending.code(), ErrorCode::tls_failed) << ::testing::PrintToString(ending);
  EXPECT_FALSE(ending.error->remedy().empty());
  EXPECT_LT(ending.took, slack);
  EXPECT_EQ(ending_of_add(store, "key", "value").code(), ErrorCode::tls_failed);
}

TEST(RedisTrust, a_server_that_proves_its_name) { expect_works(options_for(server("redis_tls"))); }

TEST(RedisTrust, megabytes_pass) {
  Client store = client_of(options_for(server("redis_tls")));
  const Value value = of_bytes(20'000'000);
  store.add("key", value);
  const auto found = store.get("key");
  ASSERT_TRUE(found.has_value());
  EXPECT_TRUE(*found == value);
}

TEST(RedisTrust, a_server_of_another_name) {
  ElastiCacheOptions options = options_for(server("redis_tls_other_name"));
  expect_refused(options);
  options.server_name = "elsewhere.invalid";
  expect_works(options);
  options.server_name.clear();
  options.ssl_verification = TlsVerification::chain_only;
  expect_works(options);
}

TEST(RedisTrust, a_certificate_that_has_expired) {
  ElastiCacheOptions options = options_for(server("redis_tls_expired"));
  expect_refused(options);
  options.ssl_verification = TlsVerification::chain_only;
  expect_refused(options);
}

TEST(RedisTrust, a_certificate_of_an_unknown_authority) {
  ElastiCacheOptions options = options_for(server("redis_tls_unknown_ca"));
  expect_refused(options);
  options.ssl_verification = TlsVerification::chain_only;
  expect_refused(options);
  options.ssl_ca_certs = certificate_file("stranger.crt");
  expect_works(options);
}

TEST(RedisTrust, the_systems_authorities_do_not_know_ours) {
  ElastiCacheOptions options = options_for(server("redis_tls"));
  options.ssl_ca_certs.clear();
  expect_refused(options);
}

TEST(RedisTrust, files_that_are_missing_are_told_by_the_constructor) {
  ElastiCacheOptions options = options_for(server("redis_tls"));
  options.ssl_ca_certs += ".missing";
  EXPECT_EQ(refusal_of(options), ErrorCode::invalid_argument);
  options = options_for(server("redis_mtls"));
  options.ssl_private_key.clear();
  EXPECT_EQ(refusal_of(options), ErrorCode::invalid_argument);
  options.ssl_private_key = options.ssl_certificate;
  EXPECT_EQ(refusal_of(options), ErrorCode::invalid_argument);
}

TEST(RedisTrust, a_server_that_asks_who_the_client_is) {
  ElastiCacheOptions options = options_for(server("redis_mtls"));
  expect_works(options);
  options.ssl_certificate.clear();
  options.ssl_private_key.clear();
  Client store = client_of(options);
  const Ending ending = ending_of_get(store, "key");
  ASSERT_TRUE(ending.error.has_value());
  // With TLS 1.3 the refusal comes after the handshake, and a reset may outrun the alert.
  EXPECT_TRUE(ending.code() == ErrorCode::tls_failed || ending.code() == ErrorCode::connection_lost)
      << ::testing::PrintToString(ending);
  EXPECT_LT(ending.took, slack);
}

/// Redis waits for the end of a line that never comes.
TEST(RedisTrust, tls_to_a_port_without_it) {
  ElastiCacheOptions options = options_for(server("redis"));
  options.ssl = true;
  options.network.connect_timeout = milliseconds(500);
  options.network.deadline = milliseconds(2'000);
  Client store = client_of(options);
  const Ending ending = ending_of_get(store, "key");
  ASSERT_EQ(ending.code(), ErrorCode::timeout) << ::testing::PrintToString(ending);
  EXPECT_EQ(ending.error->info().phase, Phase::connecting);
  EXPECT_NE(ending.error->to_string().find("TLS"), std::string::npos);
  EXPECT_LT(ending.took, milliseconds(2'000) + slack);
}

/// The server says nothing that a client without TLS could read: it only leaves.
TEST(RedisTrust, no_tls_to_a_port_with_it) {
  ElastiCacheOptions options = options_for(server("redis_tls"));
  options.ssl = false;
  options.ssl_ca_certs.clear();
  options.network.connect_timeout = milliseconds(500);
  options.network.deadline = milliseconds(2'000);
  Client store = client_of(options);
  const Ending ending = ending_of_get(store, "key");
  ASSERT_TRUE(ending.error.has_value());
  EXPECT_EQ(exit_status(*ending.code()), 3) << ::testing::PrintToString(ending);
  EXPECT_LT(ending.took, milliseconds(2'000) + slack);
}

}  // namespace
}  // namespace semantrix::testing
