#include "net/tls_error.hpp"

#include "base/quote.hpp"
#include "net/dial_error.hpp"
#include "net/tls_names.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <string_view>
#include <utility>

namespace semantrix::net {
namespace {

using boost::system::error_code;

/// Cause and remedy of one kind of failure.
struct Explanation {
  std::string cause;
  std::string_view remedy;
};

Error failed(const Endpoint& endpoint, Explanation why, bool retryable = false) {
  return dial_error(ErrorCode::tls_failed, retryable,
                    "TLS with " + to_string(endpoint) + " failed: " + std::move(why.cause),
                    std::string(why.remedy));
}

Explanation explain(const Verdict& verdict, const std::string& name) {
  const std::string whose =
      verdict.depth == 0 ? "the server's certificate " : "the certificate of its authority ";
  const std::string words = X509_verify_cert_error_string(verdict.flaw);
  switch (verdict.flaw) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return {whose + "is for " + verdict.names + ", not for " + quote(name),
              "connect by a name that the certificate holds, or set server_name to one"};
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return {whose + "has expired", "renew it, or check this machine's clock"};
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return {whose + "is not valid yet", "check this machine's clock"};
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
      return {"no trusted authority has signed the server's certificate (" + words + ")",
              "name the PEM file of the server's authority in ssl_ca_certs"};
    default:
      return {whose + "is refused (" + words + ")", "replace the server's certificate"};
  }
}

int reason_of(error_code why) noexcept {
  if (why.category() != boost::asio::error::get_ssl_category()) return 0;
  return ERR_GET_REASON(static_cast<unsigned long>(static_cast<unsigned>(why.value())));
}

Explanation explain_refused_client(bool has_certificate) {
  if (has_certificate) {
    return {"the server refuses this client's certificate",
            "have it signed by an authority that the server trusts, or renew it"};
  }
  return {"the server asks for a client certificate",
          "name this client's certificate and private key"};
}

/// The failures that OpenSSL has a number for; an empty cause for any other.
Explanation explain(int reason, bool has_certificate) {
  switch (reason) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_UNEXPECTED_MESSAGE:
    case SSL_R_UNKNOWN_PROTOCOL:
      return {std::string(speaks_no_tls), "use its TLS port, or connect in plain"};
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_UNSUPPORTED_SSL_VERSION:
      return {"the server offers no TLS version of 1.2 or later", "enable TLS 1.2 on the server"};
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_CIPHERS_AVAILABLE:
    case SSL_R_WRONG_CIPHER_RETURNED:
    case SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY:
      return {"client and server have no cipher in common", "enable a current one on the server"};
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
      // What TLS 1.2 servers answer to a missing certificate, too.
      return {"the server refuses the handshake: no cipher in common, or no client certificate",
              "check the server's ciphers, and whether it asks for a client certificate"};
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_NO_CERTIFICATE:
      return explain_refused_client(false);
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
      return explain_refused_client(has_certificate);
    case SSL_R_TLSV1_UNRECOGNIZED_NAME:
      return {"the server has no certificate for the name that was asked for",
              "set server_name to a name that the server knows"};
    default:
      return {};
  }
}

}  // namespace

void Verdict::note(boost::asio::ssl::verify_context& context) {
  X509_STORE_CTX* store = context.native_handle();
  const int found = X509_STORE_CTX_get_error(store);
  if (flaw != X509_V_OK || found == X509_V_OK) return;
  flaw = found;
  depth = X509_STORE_CTX_get_error_depth(store);
  names = names_of(X509_STORE_CTX_get0_cert(store));
}

Error handshake_failed(const Endpoint& endpoint, const std::string& name, bool has_certificate,
                       const Verdict& verdict, error_code why) {
  if (verdict.flaw != X509_V_OK) return failed(endpoint, explain(verdict, name));
  Explanation known = explain(reason_of(why), has_certificate);
  if (!known.cause.empty()) return failed(endpoint, std::move(known));
  if (reason_of(why) != 0)
    return failed(endpoint, {why.message(), "check the server's TLS set-up"});
  // A server that goes away may be back; one that speaks no TLS ends the connection in this way.
  return failed(endpoint,
                {"the server ended the connection (" + why.message() + ")",
                 "check that this port speaks TLS"},
                true);
}

Error handshake_hangs(const Endpoint& endpoint) {
  return dial_error(ErrorCode::timeout, true,
                    to_string(endpoint) + " accepts connections but does not finish TLS in time",
                    "check that this port speaks TLS, or raise connect_timeout");
}

Error stream_failed(const Endpoint& endpoint, error_code why, Phase phase) {
  ErrorInfo info;
  info.phase = phase;
  Explanation known = explain(reason_of(why), true);
  if (!known.cause.empty()) {
    info.code = ErrorCode::tls_failed;
    info.message = "TLS with " + to_string(endpoint) + " failed: " + known.cause;
    info.remedy = known.remedy;
    return Error(std::move(info));
  }
  const bool ended =
      why == boost::asio::error::eof || why == boost::asio::ssl::error::stream_truncated;
  info.code = ErrorCode::connection_lost;
  info.message = ended ? to_string(endpoint) + " closed the connection"
                       : "the connection to " + to_string(endpoint) + " failed: " + why.message();
  info.retryable = true;
  return Error(std::move(info));
}

}  // namespace semantrix::net
