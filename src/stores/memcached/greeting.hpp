#pragma once

#include "net/endpoint.hpp"
#include "net/stream.hpp"
#include "protocol/memcache/dialect.hpp"
#include "protocol/memcache/discovery.hpp"
#include "protocol/memcache/reply.hpp"
#include <semantrix/elasticache_options.hpp>
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace semantrix::memcached {

/// What a server says of itself.
struct Greeting {
  std::string version;  ///< "1.6.18"
  memcache::Dialect dialect = memcache::Dialect::classic;
  /// Bytes of the largest item, its key and the server's own share included.
  std::size_t item_limit = std::size_t{1} << 20U;
  /// Whether the server lists its keys; nothing: it does not say.
  std::optional<bool> lists_keys;
  /// Whether it asked for a user and password.
  bool asked_for_login = false;
  std::optional<std::uint64_t> memory_limit;  ///< Bytes.
  std::optional<bool> evicts;
  /// The nodes of its cluster, if it was asked for them and has any.
  std::optional<memcache::ClusterConfiguration> cluster;
};

/// Asks the server who it is, over a stream on which nothing was said yet, and logs in if it wants
/// that: a password is sent to nobody who does not ask for one, for such a server would store it as
/// a value. Runs on the stream's strand and closes the stream at `deadline`.
///
/// Errors: authentication_failed, connect_failed (too many connections), timeout, connection_lost,
/// protocol_error.
boost::asio::awaitable<Result<Greeting>> greet(net::Stream& stream, const net::Endpoint& peer,
                                               const RedisCredentials& credentials,
                                               bool asks_for_cluster,
                                               std::chrono::steady_clock::time_point deadline);

/// The question for the nodes, as a server of this version takes it.
[[nodiscard]] std::string_view discovery_request(std::string_view version) noexcept;
/// The nodes that an answer to it names; nothing: there is no cluster. Error (`protocol_error`).
[[nodiscard]] Result<std::optional<memcache::ClusterConfiguration>> cluster_of(
    const memcache::Reply& reply);

}  // namespace semantrix::memcached
