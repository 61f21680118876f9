#pragma once

#include "net/endpoint.hpp"
#include "net/look_up.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>

namespace semantrix::net {

/// How long an address is given before the next one is tried beside it (RFC 8305, §5).
inline constexpr std::chrono::milliseconds connection_attempt_delay{250};

/// The first address to connect, as a socket of `executor`; the others' sockets are closed. The
/// coroutine runs on a strand. Errors: `connect_failed`, `timeout`, both about `endpoint`.
[[nodiscard]] boost::asio::awaitable<Result<boost::asio::ip::tcp::socket>> connect_first(
    Endpoint endpoint, Addresses addresses, boost::asio::any_io_executor executor,
    std::chrono::steady_clock::time_point deadline);

}  // namespace semantrix::net
