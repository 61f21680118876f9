#pragma once

#include "net/endpoint.hpp"
#include "net/stream.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace semantrix::redis {

/// Who a connection is, to the server.
struct Identity {
  std::string user;      ///< Empty: the default user.
  std::string password;  ///< Empty: none is sent.
  std::uint32_t database = 0;
  bool reads_replicas = false;  ///< Reads may be sent to a cluster's replicas.
};

/// What the server says of itself. Empty where it is too old to say (before Redis 6).
struct Greeting {
  std::string server;                      ///< "redis", "valkey"
  std::string version;                     ///< "7.0.15"
  std::string mode;                        ///< "standalone", "cluster", "sentinel"
  std::string role;                        ///< "master", "replica"
  std::chrono::nanoseconds round_trip{0};  ///< How long it took to answer.
};

/// Greets the server and logs in, over a stream on which nothing was said yet: HELLO 3 with AUTH
/// and SELECT in one write; AUTH and RESP2 where HELLO is unknown or not allowed. READONLY where
/// replicas are read: a server that refuses it sends reads on to its primary. Runs on the stream's
/// strand and closes the stream at `deadline`.
///
/// Errors: authentication_failed, permission_denied, invalid_argument (no such database),
/// connect_failed (too many clients), timeout, connection_lost, protocol_error.
boost::asio::awaitable<Result<Greeting>> greet(net::Stream& stream, const net::Endpoint& peer,
                                               const Identity& identity,
                                               std::chrono::steady_clock::time_point deadline);

}  // namespace semantrix::redis
