#pragma once

#include "net/dial.hpp"
#include "net/stream.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>

namespace semantrix::net {

/// The name sent to the server and looked for in its certificate: the destination's, else the
/// options', else the host.
[[nodiscard]] std::string server_name(const Destination& destination);

/// Shakes hands over a connected socket and verifies the server. The coroutine runs on a strand.
/// Errors: `tls_failed`, `timeout`. The socket is closed unless it succeeds.
[[nodiscard]] boost::asio::awaitable<Result<Stream>> tls_handshake(
    boost::asio::ip::tcp::socket socket, Destination destination,
    std::chrono::steady_clock::time_point deadline);

}  // namespace semantrix::net
