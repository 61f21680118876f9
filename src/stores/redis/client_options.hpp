#pragma once

#include "net/endpoint.hpp"
#include "net/tls_context.hpp"
#include "stores/redis/locator.hpp"
#include <semantrix/elasticache_options.hpp>
#include <semantrix/network_options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace semantrix::redis {

/// What a client needs to know; checked by whoever makes it.
struct ClientOptions {
  net::Endpoint endpoint;
  std::optional<net::Endpoint> reader;   ///< The replicas of a server that is no cluster.
  std::shared_ptr<net::TlsContext> tls;  ///< Null: plain TCP.
  ClusterMode cluster = ClusterMode::automatic;
  ReadFrom read_from = ReadFrom::primary;
  std::uint32_t database = 0;
  RedisCredentialsProvider credentials;
  /// Asked for the way to every server in place of `tls` and `credentials`. Default: none.
  std::shared_ptr<Locator> locator = nullptr;
  NetworkOptions network;
  boost::asio::any_io_executor executor;
};

}  // namespace semantrix::redis
