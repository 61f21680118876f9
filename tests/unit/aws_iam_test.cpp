#include "open/redis_options.hpp"
#include "support/answering_server.hpp"
#include <semantrix/blocking_store.hpp>
#include <semantrix/elasticache_store.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace semantrix {
namespace {

ElastiCacheOptions iam_options(std::string endpoint) {
  ElastiCacheOptions options;
  options.endpoint = std::move(endpoint);
  options.iam = true;
  options.user = "app";
  options.cache_name = "My-Cache";
  options.region_name = "us-east-1";
  options.cluster = ClusterMode::off;
  return options;
}

/// What the constructor says to such options.
std::string refusal(const ElastiCacheOptions& options) {
  try {
    const ElastiCacheStore store(options);
  } catch (const CacheError& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    return error.error().message();
  }
  return {};
}

TEST(ElastiCacheIam, RefusesWhatItCannotDo) {
  const ElastiCacheOptions sound = iam_options("127.0.0.1:6379");
  EXPECT_EQ(refusal(sound), "");
  ElastiCacheOptions options = sound;
  options.endpoint = "cache.example.com";
  EXPECT_EQ(refusal(options), "iam is set, but ssl is off: such caches speak TLS alone");
  options = sound;
  options.cache_name.clear();
  EXPECT_NE(refusal(options).find("does not tell the name"), std::string::npos);
  options = sound;
  options.user.clear();
  EXPECT_EQ(refusal(options), "iam is set without a user");
  options = sound;
  options.password = "p";
  EXPECT_NE(refusal(options).find("takes the place"), std::string::npos);
  options = sound;
  options.iam = false;
  options.user.clear();
  EXPECT_NE(refusal(options).find("without iam"), std::string::npos);
}

TEST(ElastiCacheIam, IsReadFromUrls) {
  const auto url = parse_url(
      "elasticache://app@master.g.abc123.use1.cache.amazonaws.com?ssl=true&iam=true"
      "&region_name=us-east-1&serverless=false");
  ASSERT_TRUE(url.has_value());
  const auto options = redis_options(*url);
  ASSERT_TRUE(options.has_value()) << options.error().to_string();
  EXPECT_TRUE(options->iam);
  EXPECT_EQ(options->user, "app");
  EXPECT_EQ(options->serverless, false);
  EXPECT_EQ(refusal(*options), "");
}

TEST(ElastiCacheIam, LogsInWithASignedToken) {
  // NOLINTBEGIN(concurrency-mt-unsafe): no other thread has been started.
  ::setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", 1);
  ::setenv("AWS_SECRET_ACCESS_KEY", "very-secret", 1);
  ::setenv("AWS_SESSION_TOKEN", "T", 1);
  // NOLINTEND(concurrency-mt-unsafe)
  testing::AnsweringServer server;
  std::string user;
  std::string password;
  server.answer([&](const testing::AnsweringServer::Arrival& arrival) {
    const auto& words = arrival.words;
    if (words.front() == "HELLO" && words.size() > 4) {
      user = words[3];
      password = words[4];
      return std::optional<std::string>("%1\r\n$6\r\nserver\r\n$5\r\nredis\r\n");
    }
    return std::optional<std::string>(words.front() == "GET" ? "_\r\n" : "+OK\r\n");
  });
  BlockingStore store(std::make_shared<ElastiCacheStore>(
      iam_options("127.0.0.1:" + std::to_string(server.endpoint().port))));
  EXPECT_EQ(store.get_exact("key1"), std::nullopt);
  store.close();
  EXPECT_EQ(user, "app");
  EXPECT_TRUE(password.starts_with("my-cache/?Action=connect&User=app&X-Amz-Algorithm="))
      << password;
  EXPECT_NE(password.find("%2Fus-east-1%2Felasticache%2Faws4_request"), std::string::npos);
  EXPECT_NE(password.find("&X-Amz-Security-Token=T&"), std::string::npos);
  EXPECT_EQ(password.find("very-secret"), std::string::npos);
}

}  // namespace
}  // namespace semantrix
