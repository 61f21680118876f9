#pragma once

#include "net/endpoint.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/ssl/verify_context.hpp>
#include <boost/system/error_code.hpp>

#include <string>
#include <string_view>

/// What fails in TLS, in words that say whose fault it is and what to do.
namespace semantrix::net {

/// Part of the message of a handshake that was answered by another protocol.
inline constexpr std::string_view speaks_no_tls = "the server does not speak TLS on this port";

/// What the verification of a server's certificate found; the first flaw of the chain.
struct Verdict {
  int flaw = 0;       ///< X509_V_…; 0: none.
  int depth = 0;      ///< 0: the server's own certificate; above: an authority's.
  std::string names;  ///< The names that the server's certificate is for, fit for a message.

  /// Notes the flaw that is being reported, if none is noted yet.
  void note(boost::asio::ssl::verify_context& context);
};

/// A handshake that failed. `name` is the one that was looked for in the certificate;
/// `has_certificate` whether this client could show one.
[[nodiscard]] Error handshake_failed(const Endpoint& endpoint, const std::string& name,
                                     bool has_certificate, const Verdict& verdict,
                                     boost::system::error_code why);

/// The server accepts the connection, and never finishes the handshake.
[[nodiscard]] Error handshake_hangs(const Endpoint& endpoint);

/// An established connection that reading or writing ended: `connection_lost`, or `tls_failed`
/// where the server says that it refuses this client (TLS 1.3 asks for its certificate only after
/// the handshake).
[[nodiscard]] Error stream_failed(const Endpoint& endpoint, boost::system::error_code why,
                                  Phase phase);

}  // namespace semantrix::net
