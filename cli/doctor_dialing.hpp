#pragma once

#include "net/endpoint.hpp"

#include <chrono>

/// What `doctor` tries by itself, when an error alone does not say at which step it happened.
namespace semantrix::cli {

/// Whether a TCP connection comes about in time.
[[nodiscard]] bool accepts_connections(const net::Endpoint& endpoint,
                                       std::chrono::milliseconds patience);

/// Whether something answers a TLS handshake there, whoever its certificate is for.
[[nodiscard]] bool speaks_tls(const net::Endpoint& endpoint, std::chrono::milliseconds patience);

}  // namespace semantrix::cli
