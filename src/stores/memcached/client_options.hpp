#pragma once

#include "net/endpoint.hpp"
#include "net/tls_context.hpp"
#include <semantrix/elasticache_options.hpp>
#include <semantrix/network_options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>
#include <vector>

namespace semantrix::memcached {

/// What a client needs to know; checked by whoever makes it.
struct ClientOptions {
  /// All servers; or one, which may name the others (`cluster`).
  std::vector<net::Endpoint> servers;
  std::shared_ptr<net::TlsContext> tls;  ///< Null: plain TCP.
  /// Whether the one server is asked for its cluster's nodes, and whether it must name them.
  ClusterMode cluster = ClusterMode::automatic;
  RedisCredentialsProvider credentials;
  NetworkOptions network;
  boost::asio::any_io_executor executor;
  /// Between two questions for the nodes.
  std::chrono::milliseconds discovery_period = std::chrono::seconds(60);
};

}  // namespace semantrix::memcached
