#pragma once

#include "net/endpoint.hpp"
#include <semantrix/error.hpp>

#include <chrono>
#include <string_view>

/// What `doctor` tries by itself, when an error alone does not say at which step it happened.
namespace semantrix::cli {

/// Whether a TCP connection comes about in time.
[[nodiscard]] bool accepts_connections(const net::Endpoint& endpoint,
                                       std::chrono::milliseconds patience);

/// Whether something answers a TLS handshake there, whoever its certificate is for.
[[nodiscard]] bool speaks_tls(const net::Endpoint& endpoint, std::chrono::milliseconds patience);

/// Whether the error may hide that a plain connection met a server that speaks TLS: such a server
/// ends or swallows what it does not understand.
[[nodiscard]] bool may_be_unencrypted(const Error& error) noexcept;

/// The error of a plain connection to a server that speaks TLS.
[[nodiscard]] Error not_encrypted(const Error& error, std::string_view remedy);

}  // namespace semantrix::cli
