// Memorystore for Redis Cluster and for Valkey: found by the same door, logged in with a token.
#include "integration/cluster_subject.hpp"
#include "memorystore/fixture.hpp"

#include <fstream>
#include <memory>
#include <sstream>

namespace semantrix::testing {
namespace {

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// A real cluster, over TLS, that takes its password: the token, as far as this test goes.
class MemorystoreFlavors : public MemorystoreTest {
 protected:
  MemorystoreFlavors() : cluster_(server("redis_cluster")) {}

  /// What Google tells of the cluster.
  [[nodiscard]] Google::Instance told(MemorystoreFlavor flavor) const {
    Google::Instance instance;
    instance.flavor = flavor;
    instance.state = "ACTIVE";
    instance.at = cluster_.endpoint();
    instance.authorities.push_back(text_of(cluster_.ca));
    instance.cluster = true;
    instance.iam = true;
    return instance;
  }
  [[nodiscard]] GoogleMemorystoreOptions options_of(MemorystoreFlavor flavor) const {
    GoogleMemorystoreOptions options = patient();
    options.flavor = flavor;
    options.google.access_token = cluster_.password;
    return options;
  }
  void use_the_whole_cluster(MemorystoreFlavor flavor) {
    google_.set_token(cluster_.password);
    google_.set(told(flavor));
    const GoogleMemorystoreOptions options = options_of(flavor);
    Client store = client_of(options);
    const auto keys = many_keys(200);
    EXPECT_TRUE(store.batch_add(items_of(keys)).ok());
    const auto values = store.batch_get(keys);
    for (std::size_t i = 0; i != keys.size(); ++i) EXPECT_EQ(values.at(i), of(keys.at(i)));
    EXPECT_EQ(store.size(), keys.size());
    // Another client reads them from whichever nodes have them.
    for (const std::string& key : {keys.front(), keys.back()}) {
      EXPECT_EQ(redis_cli(cluster_, {"GET", options.key_prefix + key}), of(key).view());
    }
    EXPECT_EQ(store.clear(), keys.size());
  }

  ServerAddress cluster_;
};

TEST_F(MemorystoreFlavors, a_redis_cluster_is_used_as_a_whole) {
  use_the_whole_cluster(MemorystoreFlavor::redis_cluster);
  EXPECT_EQ(google_.count("GET", Google::cluster_path), 1U);
  EXPECT_EQ(google_.count("GET", std::string(Google::cluster_path) + "/certificateAuthority"), 1U);
}

TEST_F(MemorystoreFlavors, a_valkey_cluster_is_used_as_a_whole) {
  use_the_whole_cluster(MemorystoreFlavor::valkey);
  EXPECT_EQ(google_.count("GET", Google::instance_path), 1U);
}

TEST_F(MemorystoreFlavors, a_token_that_the_cluster_refuses_is_told) {
  google_.set_token("another");
  google_.set(told(MemorystoreFlavor::redis_cluster));
  GoogleMemorystoreOptions refused = options_of(MemorystoreFlavor::redis_cluster);
  refused.google.access_token = "another";
  refused.network.deadline = std::chrono::seconds(2);
  refused.network.connect_timeout = std::chrono::seconds(1);
  const ErrorInfo error = first_error(refused);
  EXPECT_EQ(error.code, ErrorCode::authentication_failed);
  EXPECT_EQ(error.message.find("another"), std::string::npos);
}

TEST_F(MemorystoreFlavors, nobody_but_the_clusters_own_authorities_is_trusted) {
  google_.set_token(cluster_.password);
  Google::Instance instance = told(MemorystoreFlavor::redis_cluster);
  instance.authorities = {certificates().authority("one")};
  google_.set(instance);
  EXPECT_EQ(first_error(options_of(MemorystoreFlavor::redis_cluster)).code, ErrorCode::tls_failed);
}

/// Valkey without a cluster: one primary, perhaps with a reader's endpoint.
class MemorystoreValkey : public MemorystoreTest {
 protected:
  [[nodiscard]] GoogleMemorystoreOptions valkey() const {
    GoogleMemorystoreOptions options = patient();
    options.flavor = MemorystoreFlavor::valkey;
    return options;
  }
  /// Servers that take "token" and tell of themselves as Valkey.
  void start_valkey(const std::string& authority = "one") {
    start("token", authority);
    Google::Instance instance = google_.get();
    instance.flavor = MemorystoreFlavor::valkey;
    instance.auth_string.clear();
    instance.iam = true;
    google_.set(instance);
  }
};

TEST_F(MemorystoreValkey, logs_in_with_a_token_where_the_instance_asks_for_one) {
  start_valkey();
  Client store = client_of(valkey());
  store.add("key", "value");
  EXPECT_EQ(store.get("key"), Value("value"));
}

TEST_F(MemorystoreValkey, reads_from_the_readers_endpoint) {
  start_valkey();
  expect_reads_at_its_read_endpoint(valkey(), "token");
}

TEST_F(MemorystoreValkey, an_open_connection_logs_in_again_before_its_token_expires) {
  start_valkey("");
  GoogleMemorystoreOptions renewing = valkey();
  renewing.google.access_token.clear();
  renewing.google.credentials = []() -> boost::asio::awaitable<Result<GoogleAccessToken>> {
    GoogleAccessToken token;
    token.token = "token";
    token.expires = std::chrono::system_clock::now() + std::chrono::seconds(1);
    co_return token;
  };
  Client store = client_of(renewing);
  store.add("key", "value");
  ServerAddress address;
  address.endpoints.push_back(process_->endpoint());
  address.password = "token";
  // The first one came with the greeting; redis-cli sends one of its own each time.
  const auto logins = [&] {
    const std::string stats = redis_cli(address, {"INFO", "commandstats"});
    const auto at = stats.find("cmdstat_auth:calls=");
    return at == std::string::npos ? 0 : std::stoi(stats.substr(at + 19));
  };
  int own = logins();
  EXPECT_TRUE(comes_true([&] { return logins() > ++own; }));
  EXPECT_EQ(store.get("key"), Value("value"));
  EXPECT_EQ(store.stats().error_count(), 0U);
}

}  // namespace
}  // namespace semantrix::testing
