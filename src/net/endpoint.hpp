#pragma once

#include <semantrix/error.hpp>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace semantrix::net {

/// Where a server listens.
struct Endpoint {
  std::string host;  ///< A name or an address; IPv6 without brackets.
  std::uint16_t port = 0;
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes what it compares with for a pointer.
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

/// "host:port", "[v6]:port"; without a port the host alone, which is then a name of our own.
[[nodiscard]] std::string to_string(const Endpoint& endpoint);

/// Reads "host", "host:port", "[v6]", "[v6]:port" and a bare IPv6 address. Error
/// (`invalid_argument`): one sentence, for a URL, an empty host, white space or control characters,
/// a port that is none.
[[nodiscard]] Result<Endpoint> parse_endpoint(std::string_view text, std::uint16_t default_port);

}  // namespace semantrix::net
