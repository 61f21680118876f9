#pragma once

#include "net/tls_sessions.hpp"
#include <semantrix/error.hpp>
#include <semantrix/tls_options.hpp>

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <span>
#include <string>
#include <utility>

namespace semantrix::net {

/// What all TLS connections of a store share: authorities, this client's certificate, how much is
/// verified, and the sessions that were so verified. TLS 1.2 or later. Settings do not change once
/// made; any thread may start connections from it.
class TlsContext {
 public:
  /// Takes a context that `make_tls_context` has prepared.
  TlsContext(boost::asio::ssl::context context, TlsOptions options)
      : context_(std::move(context)), options_(std::move(options)) {}

  /// Asio's streams ask for a context that they could change, and do not.
  [[nodiscard]] boost::asio::ssl::context& native() noexcept { return context_; }
  [[nodiscard]] const TlsOptions& options() const noexcept { return options_; }
  [[nodiscard]] TlsSessions& sessions() noexcept { return sessions_; }

 private:
  boost::asio::ssl::context context_;
  TlsOptions options_;
  TlsSessions sessions_;
};

/// Reads the files that the options name. Error (`invalid_argument`): a file that is missing,
/// cannot be read or is not PEM, a certificate without its key or with another's, by the file's
/// name. Blocks while reading.
[[nodiscard]] Result<std::shared_ptr<TlsContext>> make_tls_context(const TlsOptions& options);

/// The same, trusting these authorities (each a text in PEM) instead of those that the options
/// name. Error (`invalid_argument`): there are none, or one is no certificate.
[[nodiscard]] Result<std::shared_ptr<TlsContext>> make_tls_context(
    const TlsOptions& options, std::span<const std::string> authorities);

}  // namespace semantrix::net
