#pragma once

#include "integration/subject.hpp"
#include "memorystore/google.hpp"
#include "support/endpoint.hpp"
#include "support/servers.hpp"
#include <semantrix/dynamodb_store.hpp>
#include <semantrix/elasticache_store.hpp>
#include <semantrix/google_memorystore_store.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

/// The options that every networked store has, and the stores that have them: tests of an option
/// are written once and hold for all.
namespace semantrix::testing {

/// How a store is wanted. Times are so long that a loaded machine is no error; a test of a time
/// sets it.
struct Wanted {
  Endpoint at = {};  ///< The server, or what stands before it.
  std::string key_prefix = random_prefix();
  std::optional<milliseconds> default_ttl = std::nullopt;
  std::optional<std::size_t> compress_threshold = std::nullopt;
  NetworkOptions network = {.connect_timeout = milliseconds(10'000),
                            .read_timeout = milliseconds(10'000),
                            .deadline = milliseconds(30'000)};
};

template <class Options>
Options common(Options options, const Wanted& wanted) {
  options.key_prefix = wanted.key_prefix;
  options.default_ttl = wanted.default_ttl;
  options.compress_threshold = wanted.compress_threshold;
  options.network = wanted.network;
  return options;
}

/// Neither protocol nor server decides what an option means; these say how to get there.
struct OnRedis {
  static constexpr const char* name = "redis";
  static ServerAddress behind() { return server("redis"); }
  static std::shared_ptr<CacheStore> open(const Wanted& wanted) {
    ElastiCacheOptions options;
    options.endpoint = wanted.at.text();
    return std::make_shared<ElastiCacheStore>(common(options, wanted));
  }
};

struct OnMemcached {
  static constexpr const char* name = "memcached";
  static ServerAddress behind() { return server("memcached"); }
  static std::shared_ptr<CacheStore> open(const Wanted& wanted) {
    ElastiCacheOptions options;
    options.use_redis = false;
    options.endpoint = wanted.at.text();
    return std::make_shared<ElastiCacheStore>(common(options, wanted));
  }
};

struct OnDynamoDB {
  static constexpr const char* name = "dynamodb";
  static ServerAddress behind() { return server("dynalite"); }
  static std::shared_ptr<CacheStore> open(const Wanted& wanted) {
    DynamoDBOptions options;
    options.table_name = "options";
    options.region_name = "us-west-2";
    options.endpoint_url = "http://" + wanted.at.text();
    options.access_key_id = "local";
    options.secret_access_key = "local";
    options.consistent_read = true;
    return std::make_shared<DynamoDBCacheStore>(common(options, wanted));
  }
};

/// Google is played, and reached directly: faults are those of the instance.
struct OnMemorystore {
  static constexpr const char* name = "memorystore";
  static ServerAddress behind() { return server("redis"); }
  static std::shared_ptr<CacheStore> open(const Wanted& wanted) {
    static Google google;
    Google::Instance instance;
    instance.at = {"10.0.0.3", 6379};
    google.set(instance);
    GoogleMemorystoreOptions options;
    options.project_id = "p";
    options.region = "us-central1";
    options.instance_id = "cache";
    options.google.endpoint_url = google.url();
    options.google.access_token = "token";
    options.connect_to = wanted.at.text();
    return std::make_shared<GoogleMemorystoreCacheStore>(common(options, wanted));
  }
};

using NetworkedStores = ::testing::Types<OnRedis, OnMemcached, OnDynamoDB, OnMemorystore>;

struct SubjectName {
  template <class Subject>
  static std::string GetName(int) {  // NOLINT(readability-identifier-naming): GoogleTest's
    return Subject::name;
  }
};

/// A test of one option, for each store.
template <class Subject>
class StoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    Wanted direct;
    direct.at = Subject::behind().endpoint();
    direct.network.deadline = std::chrono::minutes(1);
    open(direct).add("born", "the table, where there is one");
  }

  static Client open(const Wanted& wanted) { return {Subject::open(wanted), Front::awaitable}; }
};

}  // namespace semantrix::testing
