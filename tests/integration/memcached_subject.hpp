#pragma once

#include "integration/subject.hpp"
#include "support/blocking_client.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

/// What tests of `ElastiCacheStore` over the Memcached protocol share.
namespace semantrix::testing {

/// Enters a Memcached server, or what stands between.
inline ElastiCacheOptions memcached_options(const std::string& endpoints) {
  ElastiCacheOptions options;
  options.use_redis = false;
  options.endpoint = endpoints;
  options.key_prefix = random_prefix();
  options.network.connect_timeout = std::chrono::seconds(10);
  options.network.read_timeout = std::chrono::seconds(10);
  options.network.deadline = std::chrono::seconds(30);
  return options;
}

/// What a server answers to one request, up to this end: a client that is independent of ours.
inline std::string raw(const Endpoint& server, std::string_view request,
                       std::string_view end = "\r\n") {
  BlockingClient client(server);
  client.send(request);
  std::string answer;
  while (!answer.ends_with(end)) answer += client.read(1);
  return answer;
}

/// The bytes under a key; nothing: a miss.
inline std::optional<std::string> raw_get(const Endpoint& server, const std::string& key) {
  const std::string answer = raw(server, "get " + key + "\r\n", "END\r\n");
  if (answer == "END\r\n") return std::nullopt;
  const std::size_t begin = answer.find("\r\n") + 2;
  return answer.substr(begin, answer.size() - begin - std::string_view("\r\nEND\r\n").size());
}

inline void raw_set(const Endpoint& server, const std::string& key, std::string_view value,
                    int seconds = 0) {
  const std::string request =
      fmt::format("set {} 0 {} {}\r\n{}\r\n", key, seconds, value.size(), value);
  if (raw(server, request) != "STORED\r\n") throw std::runtime_error("the server refuses " + key);
}

/// A test of a store behind the form "memcached".
class MemcachedTest : public ::testing::Test {
 protected:
  explicit MemcachedTest(std::string_view form = "memcached")
      : server_(server(form)), options_(options_for(server_)) {}

  /// The server's key for a key of the store.
  [[nodiscard]] std::string stored(std::string_view key) const {
    return options_.key_prefix + std::string(key);
  }
  [[nodiscard]] Client client() const { return client_of(options_); }

  ServerAddress server_;
  ElastiCacheOptions options_;
};

}  // namespace semantrix::testing
