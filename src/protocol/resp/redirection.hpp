#pragma once

#include "protocol/resp/error_reply.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace semantrix::resp {

/// Where a cluster sends a command to: the rest of a MOVED or ASK error.
struct Redirection {
  std::uint16_t slot = 0;
  std::string host = {};   ///< A name or address, IPv6 without brackets. Empty: the host asked.
  std::uint16_t port = 0;  ///< Never 0.
  friend bool operator==(const Redirection&, const Redirection&) = default;

  /// Whether the cluster does not know the host ("?"): ask another node for the topology.
  [[nodiscard]] bool host_is_unknown() const noexcept { return host == "?"; }
};

/// Reads "MOVED 3999 127.0.0.1:6381" and "ASK …". The port is behind the last colon, so that IPv6
/// addresses need no brackets. Nothing if the text is not so, the slot or the port out of range.
[[nodiscard]] std::optional<Redirection> parse_redirection(std::string_view text);

}  // namespace semantrix::resp
