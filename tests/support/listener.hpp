#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>

namespace semantrix::testing {

/// A port of 127.0.0.1 that listens. Without `port`, a free one below those that the system gives
/// to outgoing connections: a client that dials a closed port of theirs over and over may meet
/// itself. Throws if the port is taken.
boost::asio::ip::tcp::acceptor listen_on_loopback(boost::asio::io_context& context,
                                                  std::uint16_t port = 0);

}  // namespace semantrix::testing
