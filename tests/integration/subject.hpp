#pragma once

#include "support/endpoint.hpp"
#include "support/servers.hpp"
#include <semantrix/elasticache_store.hpp>
#include <semantrix/testing/conformance/client.hpp>
#include <semantrix/testing/conformance/context.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace semantrix {

/// How GoogleTest shows a code.
inline void PrintTo(ErrorCode code, std::ostream* out) { *out << to_string(code); }

}  // namespace semantrix

/// What tests of `ElastiCacheStore` share: how a store reaches a test's server, and how a call and
/// its failure are looked at.
namespace semantrix::testing {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

using conformance::await;
using conformance::Client;
using conformance::error_of;

/// What a loaded machine may add to a bound on time. Lower bounds need none.
inline constexpr milliseconds slack{5'000};
/// The longest that a store may take to work again once its server does.
inline constexpr milliseconds longest_recovery{6'000};

/// Inside the keys that the restricted user of redis_acl may touch, and nobody else's.
inline std::string random_prefix() {
  static std::mt19937_64 random{std::random_device{}()};
  return fmt::format("semantrix:{:016x}:", random());
}

/// A large value of one letter.
inline Value of_bytes(std::size_t bytes) { return Value(std::string(bytes, 'x')); }

/// Enters the server as its form says. Times are so long that a loaded machine is no error; a test
/// of a time sets it.
inline ElastiCacheOptions options_for(const ServerAddress& server) {
  ElastiCacheOptions options;
  options.use_redis = !server.form.starts_with("memcached");
  options.endpoint = server.endpoint().text();
  for (std::size_t i = 1; !options.use_redis && i < server.endpoints.size(); ++i) {
    options.endpoint += "," + server.endpoints[i].text();
  }
  options.ssl = !server.ca.empty();
  options.ssl_ca_certs = server.ca;
  options.ssl_certificate = server.certificate;
  options.ssl_private_key = server.key;
  options.user = server.user;
  options.password = server.password;
  options.key_prefix = random_prefix();
  options.network.connect_timeout = std::chrono::seconds(10);
  options.network.read_timeout = std::chrono::seconds(10);
  options.network.deadline = std::chrono::seconds(30);
  return options;
}

/// The same, by way of what stands between: a gate or a scripted server.
inline ElastiCacheOptions options_at(const Endpoint& endpoint) {
  ServerAddress address;
  address.endpoints.push_back(endpoint);
  return options_for(address);
}

inline Client client_of(const ElastiCacheOptions& options, Front front = Front::awaitable) {
  return {std::make_shared<ElastiCacheStore>(options), front};
}

/// How a call ended, and when.
struct Ending {
  std::optional<Error> error;
  steady_clock::duration took{};

  [[nodiscard]] std::optional<ErrorCode> code() const {
    if (!error) return std::nullopt;
    return error->code();
  }
};

inline void PrintTo(const Ending& ending, std::ostream* out) {
  *out << (ending.error ? ending.error->to_string() : "success") << " after "
       << std::chrono::duration_cast<milliseconds>(ending.took).count() << " ms";
}

template <class Call>
Ending ending_of(Call call) {
  Ending ending;
  const auto start = steady_clock::now();
  try {
    static_cast<void>(call());
  } catch (const CacheError& failed) {
    ending.error = failed.error();
  }
  ending.took = steady_clock::now() - start;
  return ending;
}

inline Ending ending_of_get(Client& client, std::string_view key) {
  return ending_of([&] { return client.get(key); });
}

inline Ending ending_of_add(Client& client, std::string_view key, Value value) {
  return ending_of([&] {
    client.add(key, std::move(value));
    return 0;
  });
}

/// The error that the options give the constructor.
inline std::optional<ErrorCode> refusal_of(const ElastiCacheOptions& options) {
  return error_of([&] { return std::make_shared<ElastiCacheStore>(options); });
}

/// Whether it comes true in so long. For what happens elsewhere: in the server, on another thread.
inline bool comes_true(const std::function<bool()>& wanted,
                       milliseconds longest = longest_recovery + slack) {
  const auto end = steady_clock::now() + longest;
  while (steady_clock::now() < end) {
    if (wanted()) return true;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return wanted();
}

/// Whether the store takes and gives a value again, as soon as it must.
inline bool works_again(Client& client) {
  const auto start = steady_clock::now();
  const bool works = comes_true([&client] {
    try {
      client.add("again", "works");
      return client.get("again") == Value("works");
    } catch (const CacheError&) {
      return false;
    }
  });
  const auto took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
  if (took > milliseconds(2'000)) fmt::print("works again after {} ms\n", took.count());
  return works;
}

/// A test of a store behind the form "redis", and what the server itself says.
class RedisTest : public ::testing::Test {
 protected:
  RedisTest() : server_(server("redis")), options_(options_for(server_)) {}

  std::string cli(const std::vector<std::string>& command, const std::string& input = {}) {
    return redis_cli(server_, command, input);
  }
  /// The server's key for a key of the store.
  [[nodiscard]] std::string stored(std::string_view key) const {
    return options_.key_prefix + std::string(key);
  }
  [[nodiscard]] Client client() const { return client_of(options_); }

  ServerAddress server_;
  ElastiCacheOptions options_;
};

}  // namespace semantrix::testing
