#pragma once

#include "net/endpoint.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <functional>
#include <vector>

struct addrinfo;

namespace semantrix::net {

using Addresses = std::vector<boost::asio::ip::tcp::endpoint>;

/// The system's `getaddrinfo`, or a test's.
using AddressLookUp = int (*)(const char* host, const char* port, const addrinfo* hints,
                              addrinfo** found);

/// The addresses of a host, in the order in which to try them: the system's, families alternating.
/// At least one. An address is its own answer.
///
/// Every look-up runs on a thread of its own, for `getaddrinfo` cannot be interrupted: one that
/// hangs delays neither other look-ups (as Asio's single resolving thread would) nor the end of the
/// executor's context. At most 64 hang at a time. Error: `resolve_failed`.
[[nodiscard]] boost::asio::awaitable<Result<Addresses>> look_up(
    Endpoint endpoint, std::chrono::steady_clock::time_point deadline,
    AddressLookUp system = nullptr);

/// Families alternate, beginning with the first address's; within a family the order stays.
[[nodiscard]] Addresses interleave(const Addresses& addresses);

}  // namespace semantrix::net
