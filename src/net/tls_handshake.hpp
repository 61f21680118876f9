#pragma once

#include "net/dial.hpp"
#include "net/stream.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <openssl/ssl.h>

#include <chrono>

namespace semantrix::net {

/// The name sent to the server and looked for in its certificate: the destination's, else the
/// options', else the host.
[[nodiscard]] std::string server_name(const Destination& destination);

/// Has each new session of the context's connections kept among `TlsContext::sessions`.
void keep_sessions(SSL_CTX* context);

/// Shakes hands over a connected socket and verifies the server. The coroutine runs on a strand.
/// A session that the server left before is resumed, if it agrees. Errors: `tls_failed`, `timeout`.
/// The socket is closed unless it succeeds.
[[nodiscard]] boost::asio::awaitable<Result<Stream>> tls_handshake(
    boost::asio::ip::tcp::socket socket, Destination destination,
    std::chrono::steady_clock::time_point deadline);

}  // namespace semantrix::net
