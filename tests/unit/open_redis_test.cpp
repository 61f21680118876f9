#include "base/url.hpp"
#include "open/redis_options.hpp"
#include <semantrix/open.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix {
namespace {

using namespace std::chrono_literals;

ElastiCacheOptions options_of(std::string_view text) {
  const Result<StoreUrl> url = parse_url(text);
  if (!url) throw CacheError(url.error());
  return redis_options(*url).value();
}

/// What opening says against a URL.
std::string error_of(std::string_view url) {
  try {
    (void)open(url);
  } catch (const CacheError& thrown) {
    EXPECT_EQ(thrown.code(), ErrorCode::invalid_argument) << url;
    return thrown.what();
  }
  return "opened";
}

bool says(std::string_view url, std::string_view words) {
  const std::string error = error_of(url);
  if (error.find(words) != std::string::npos) return true;
  ADD_FAILURE() << url << ": " << error;
  return false;
}

TEST(OpenRedis, OpensEveryScheme) {
  for (const std::string_view url : {"redis://127.0.0.1", "rediss://h:6380", "elasticache://h",
                                     "elasticache://h:6379?ssl=true&use_redis=true", "REDIS://h"}) {
    EXPECT_TRUE(open(url)->capability().networked) << url;
  }
}

TEST(OpenRedis, ReadsTheEndpoint) {
  EXPECT_EQ(options_of("redis://cache.example.com").endpoint, "cache.example.com");
  EXPECT_EQ(options_of("redis://127.0.0.1:7000/").endpoint, "127.0.0.1:7000");
  EXPECT_EQ(options_of("redis://[::1]").endpoint, "[::1]");
  EXPECT_EQ(options_of("rediss://[2001:db8::7]:6380/2").endpoint, "[2001:db8::7]:6380");
  EXPECT_EQ(options_of("elasticache://master.c.abc.use1.cache.amazonaws.com:6379").endpoint,
            "master.c.abc.use1.cache.amazonaws.com:6379");
}

TEST(OpenRedis, TheSchemeDecidesOnTls) {
  EXPECT_FALSE(options_of("redis://h").ssl);
  EXPECT_TRUE(options_of("redis://h?ssl=true").ssl);
  EXPECT_TRUE(options_of("rediss://h").ssl);
  EXPECT_TRUE(options_of("rediss://h?ssl=yes").ssl);
  EXPECT_FALSE(options_of("elasticache://h").ssl);
  EXPECT_TRUE(options_of("elasticache://h?ssl=true").ssl);
}

TEST(OpenRedis, DecodesUserAndPassword) {
  const ElastiCacheOptions both = options_of("redis://ann%40x:p%3A%2F%3F%25@h");
  EXPECT_EQ(both.user, "ann@x");
  EXPECT_EQ(both.password, "p:/?%");
  const ElastiCacheOptions alone = options_of("redis://:secret@h");
  EXPECT_EQ(alone.user, "");
  EXPECT_EQ(alone.password, "secret");
  const ElastiCacheOptions named = options_of("redis://h?user=ann&password=a%26b");
  EXPECT_EQ(named.user, "ann");
  EXPECT_EQ(named.password, "a&b");
  EXPECT_EQ(options_of("redis://ann@h?password=secret").user, "ann");
  EXPECT_EQ(options_of("redis://:@h").password, "");
}

TEST(OpenRedis, ReadsTheDatabase) {
  EXPECT_EQ(options_of("redis://h").database, 0U);
  EXPECT_EQ(options_of("redis://h/").database, 0U);
  EXPECT_EQ(options_of("redis://h:1/15?ssl=true").database, 15U);
  for (const std::string_view path : {"/x", "/-1", "/1x", "/1/2", "/4294967296", "/2147483648",
                                      "/%31%20", "/99999999999999999999"}) {
    EXPECT_TRUE(says("redis://h" + std::string(path), "no number of a database")) << path;
  }
}

TEST(OpenRedis, UsesTheDefaultsOfTheOptions) {
  const ElastiCacheOptions options = options_of("elasticache://h");
  const ElastiCacheOptions defaults;
  EXPECT_TRUE(options.use_redis);
  EXPECT_EQ(options.cluster, ClusterMode::automatic);
  EXPECT_EQ(options.key_prefix, defaults.key_prefix);
  EXPECT_EQ(options.network.read_timeout, defaults.network.read_timeout);
  EXPECT_EQ(options.network.deadline, std::nullopt);
  EXPECT_EQ(options.default_ttl, std::nullopt);
}

TEST(OpenRedis, ReadsWhoIsTrusted) {
  const ElastiCacheOptions options = options_of(
      "rediss://h?ssl_ca_certs=/etc/my ca.pem&ssl_certificate=c.crt&ssl_private_key=c.key"
      "&server_name=cache.example.com&ssl_verification=CHAIN_ONLY");
  EXPECT_EQ(options.ssl_ca_certs, "/etc/my ca.pem");
  EXPECT_EQ(options.ssl_certificate, "c.crt");
  EXPECT_EQ(options.ssl_private_key, "c.key");
  EXPECT_EQ(options.server_name, "cache.example.com");
  EXPECT_EQ(options.ssl_verification, TlsVerification::chain_only);
}

TEST(OpenRedis, ReadsWhoIsReadFrom) {
  const ElastiCacheOptions options =
      options_of("redis://h?read_from=Replica&reader_endpoint=reader.example.com:7000");
  EXPECT_EQ(options.read_from, ReadFrom::replica);
  EXPECT_EQ(options.reader_endpoint, "reader.example.com:7000");
  EXPECT_EQ(options_of("redis://h?read_from=nearest").read_from, ReadFrom::nearest);
  EXPECT_EQ(options_of("redis://h?read_from=primary").read_from, ReadFrom::primary);
  EXPECT_EQ(error_of("redis://h?read_from=replicas"),
            "option 'read_from': unknown place to read from 'replicas'; did you mean 'replica'?");
}

TEST(OpenRedis, ReadsWhatIsKept) {
  const ElastiCacheOptions options = options_of(
      "redis://h?use_redis=true&cluster=false&key_prefix=app%3A&default_ttl=1.5h"
      "&compress_threshold=1k");
  EXPECT_EQ(options.cluster, ClusterMode::off);
  EXPECT_EQ(options.key_prefix, "app:");
  EXPECT_EQ(options.default_ttl, 90min);
  EXPECT_EQ(options.compress_threshold, 1024U);
  EXPECT_EQ(options_of("redis://h?key_prefix=").key_prefix, "");
  EXPECT_EQ(options_of("redis://h?cluster=TRUE").cluster, ClusterMode::on);
  EXPECT_EQ(options_of("redis://h?cluster=auto").cluster, ClusterMode::automatic);
}

TEST(OpenRedis, ReadsTheNetworksOptions) {
  const NetworkOptions network =
      options_of(
          "redis://h?connect_timeout=250ms&read_timeout=1.5&deadline=10s&retry_attempts=5"
          "&retry_delay=0&max_pool_connections=8&on_error=Miss")
          .network;
  EXPECT_EQ(network.connect_timeout, 250ms);
  EXPECT_EQ(network.read_timeout, 1500ms);
  EXPECT_EQ(network.deadline, 10s);
  EXPECT_EQ(network.retry_attempts, 5);
  EXPECT_EQ(network.retry_delay, 0ms);
  EXPECT_EQ(network.max_pool_connections, 8U);
  EXPECT_EQ(network.on_error, OnError::miss);
}

TEST(OpenRedis, SaysWhatIsWrongInOneSentence) {
  EXPECT_EQ(error_of("redis://"), "the URL names no host; write redis://HOST:6379");
  EXPECT_EQ(error_of("redis://a,b:7000"),
            "redis:// takes one host; name any node of a cluster: it tells the others");
  EXPECT_EQ(error_of("redis://h?use_redis=false"),
            "redis:// means the Redis protocol, so use_redis cannot be false; leave use_redis out");
  EXPECT_EQ(error_of("rediss://h?ssl=false"),
            "rediss:// means TLS, so ssl cannot be false; write redis:// for a connection without "
            "TLS");
  EXPECT_EQ(error_of("redis://h?ssl_ca_certs=ca.pem"),
            "option 'ssl_ca_certs' has no meaning without TLS; write rediss:// or ssl=true");
  EXPECT_EQ(error_of("redis://h?read_timout=1s"),
            "unknown option 'read_timout'; did you mean 'read_timeout'?");
  EXPECT_EQ(error_of("redis://h?ssl_verification=none"),
            "option 'ssl_verification': unknown verification 'none'; known: full and "
            "chain_only");
  EXPECT_EQ(error_of("redis://h?server_name="), "option 'server_name': it is empty");
  EXPECT_EQ(error_of("redis://h?cluster=maybe"),
            "option 'cluster': 'maybe' is none of auto, true and false");
}

TEST(OpenRedis, RefusesBadValues) {
  for (const std::string_view option :
       {"connect_timeout=0", "read_timeout=-1s", "deadline=soon", "deadline=25h", "default_ttl=0",
        "retry_attempts=-1", "retry_attempts=101", "retry_attempts=99999999999", "retry_delay=-1",
        "max_pool_connections=0", "max_pool_connections=1025", "compress_threshold=x",
        "ssl=perhaps", "on_error=ignore", "ssl_ca_certs=", "ssl", "ssl=true&ssl=true"}) {
    const std::string_view name = option.substr(0, option.find('='));
    EXPECT_TRUE(says("redis://h?" + std::string(option), name));
  }
}

TEST(OpenRedis, ElastiCacheMayBeMemcached) {
  EXPECT_EQ(open("elasticache://ann:hunter2@h?use_redis=false")->capability().store, "memcached");
}

TEST(OpenRedis, RefusesBadPorts) {
  for (const std::string_view url : {"redis://h:0", "redis://h:65536", "redis://h:x",
                                     "redis://[::1]:99999", "redis://::1:6379", "redis://[::1"}) {
    EXPECT_NE(error_of(url), "opened") << url;
  }
}

TEST(OpenRedis, RefusesCredentialsThatContradictThemselves) {
  EXPECT_TRUE(says("redis://ann:x@h?user=bob", "'user'"));
  EXPECT_TRUE(says("redis://:x@h?password=y", "'password'"));
  EXPECT_TRUE(says("redis://ann@h", "names a user but no password"));
  EXPECT_TRUE(says("redis://ann:@h", "names a user but no password"));
  EXPECT_TRUE(says("redis://h?user=ann", "names a user but no password"));
}

TEST(OpenRedis, NeverShowsAPassword) {
  const std::vector<std::string> rests{
      "h:x",          "h/x",  "h?ssl=hm", "a,b", "h?nope=1", "?ssl=true",
      "h?password=y", "[::1", "h#x",      "h:0", "h/1/2",    "h?ssl_ca_certs=/none"};
  for (const std::string& rest : rests) {
    for (const std::string scheme : {"redis", "rediss", "elasticache"}) {
      for (const std::string user : {"ann:hunter2@", ":hunter2@"}) {
        const std::string url = fmt::format("{}://{}{}", scheme, user, rest);
        const std::string error = error_of(url);
        EXPECT_EQ(error.find("hunter2"), std::string::npos) << url << ": " << error;
      }
    }
    const std::string joint = rest.find('?') == std::string::npos ? "?" : "&";
    const std::string url = fmt::format("redis://{}{}password=hunter2&user=ann", rest, joint);
    EXPECT_EQ(error_of(url).find("password=hunter2"), std::string::npos) << url;
  }
}

TEST(OpenRedis, ListsOptionsWithTheirDefaults) {
  std::string url = "rediss://h?";
  for (const UrlOption& option : redis_url_options()) {
    if (!option.by_default.empty()) {
      url += std::string(option.name) + "=" + std::string(option.by_default) + "&";
    }
  }
  const ElastiCacheOptions given = options_of(url);
  const ElastiCacheOptions defaults;
  EXPECT_EQ(given.use_redis, defaults.use_redis);
  EXPECT_EQ(given.cluster, defaults.cluster);
  EXPECT_EQ(given.read_from, defaults.read_from);
  EXPECT_EQ(given.key_prefix, defaults.key_prefix);
  EXPECT_EQ(given.ssl_verification, defaults.ssl_verification);
  EXPECT_EQ(given.network.connect_timeout, defaults.network.connect_timeout);
  EXPECT_EQ(given.network.read_timeout, defaults.network.read_timeout);
  EXPECT_EQ(given.network.retry_attempts, defaults.network.retry_attempts);
  EXPECT_EQ(given.network.retry_delay, defaults.network.retry_delay);
  EXPECT_EQ(given.network.max_pool_connections, defaults.network.max_pool_connections);
  EXPECT_EQ(given.network.on_error, defaults.network.on_error);
}

TEST(OpenRedis, AllThreeSchemesAreListed) {
  for (const std::string_view scheme : {"redis", "rediss", "elasticache"}) {
    const auto kind = std::ranges::find(store_kinds(), scheme, &StoreKind::scheme);
    ASSERT_NE(kind, store_kinds().end()) << scheme;
    EXPECT_TRUE(kind->capability->networked);
    EXPECT_EQ(kind->options.size(), redis_url_options().size());
  }
}

}  // namespace
}  // namespace semantrix
