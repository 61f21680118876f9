#pragma once

#include "net/endpoint.hpp"

#include <chrono>
#include <cstddef>

namespace semantrix::net {

/// Whom a connection reaches, and its limits.
struct ConnectionOptions {
  Endpoint peer;  ///< For messages.
  /// Resolve, connect, TLS and authenticate, together.
  std::chrono::milliseconds connect_timeout{1'000};
  /// From the moment a request is on its way until its last reply has come.
  std::chrono::milliseconds read_timeout{500};
  /// Requests that await a reply, those included that nobody waits for any more. A fast server
  /// answers as many within a fraction of `read_timeout`; more had better wait elsewhere.
  std::size_t max_in_flight = 16'384;
  /// Bytes that wait to be written.
  std::size_t max_output_bytes = std::size_t{64} * 1024 * 1024;
};

}  // namespace semantrix::net
