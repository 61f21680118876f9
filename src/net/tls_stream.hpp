#pragma once

#include "net/tls_context.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace semantrix::net {

/// A TLS connection and what it stands on. Shared between the stream and its outstanding
/// operations, which Asio lets refer to it until they complete.
class TlsStream {
 public:
  TlsStream(boost::asio::ip::tcp::socket socket, std::shared_ptr<TlsContext> made_from)
      : context(std::move(made_from)), stream(std::move(socket), context->native()) {}
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;
  /// Connections end without a word, and OpenSSL would take that for an attack and never resume
  /// their sessions. What is cut short is noticed by the protocols above, which know lengths.
  ~TlsStream() {
    SSL_set_shutdown(stream.native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }

  std::shared_ptr<TlsContext> context;
  std::string peer;  ///< Whose sessions these are.
  boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream;
  /// Where small buffers are gathered for one record: as much as a record can carry.
  std::array<char, std::size_t{16} * 1024> record;
};

}  // namespace semantrix::net
