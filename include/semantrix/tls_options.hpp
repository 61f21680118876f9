#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace semantrix {

/// How much of a server's certificate is verified. There is no way to verify nothing.
enum class TlsVerification : std::uint8_t {
  full,  ///< The chain of signatures and the server's name. Default.

  /// DANGER: the chain alone; the server's name is NOT verified. Anybody who holds any certificate
  /// of a trusted authority can pose as the server. Safe only with `ca_certs` naming an authority
  /// that signs for this one server, as Memorystore's does for each instance.
  chain_only,
};

/// "full", "chain_only".
[[nodiscard]] std::string_view to_string(TlsVerification verification) noexcept;

/// Reads a name in any case; nothing for an unknown one.
[[nodiscard]] std::optional<TlsVerification> parse_tls_verification(std::string_view name) noexcept;

/// How a connection is encrypted and who is trusted. TLS 1.2 or later, always. The files are read
/// when a store is made; a file that changes later is not read again.
struct TlsOptions {
  /// PEM file of the authorities that are trusted, one or many. Default: the system's own.
  std::string ca_certs = {};

  /// PEM file of this client's certificate, intermediate ones after it, for servers that ask for
  /// one. Default: none. Needs `private_key`.
  std::string certificate = {};

  /// PEM file of the private key that belongs to `certificate`, not encrypted. Default: none.
  std::string private_key = {};

  /// The name sent to the server (SNI) and looked for in its certificate. Default: the host that is
  /// connected to. For servers reached through an address or a tunnel.
  std::string server_name = {};

  /// Default `full`.
  TlsVerification verification = TlsVerification::full;
};

}  // namespace semantrix
