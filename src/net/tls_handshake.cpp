#include "net/tls_handshake.hpp"

#include "net/dial_error.hpp"
#include "net/latch.hpp"
#include "net/tls_error.hpp"
#include "net/tls_stream.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/this_coro.hpp>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <utility>

namespace semantrix::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;

/// What the handshake's handlers leave for the coroutine.
struct Handshake {
  Handshake(const asio::any_io_executor& strand, steady_clock::time_point deadline)
      : done(strand, deadline) {}
  Latch done;
  error_code failed;
  Verdict verdict;
};

/// Says whom to ask for and whom to accept. OpenSSL verifies the name with the chain, so that no
/// data moves before both hold. False: the name cannot be one.
bool expect(SSL* connection, const std::string& name, TlsVerification verification) {
  error_code is_name;
  asio::ip::make_address(name, is_name);
  X509_VERIFY_PARAM* expected = SSL_get0_param(connection);
  const bool by_name = verification == TlsVerification::full;
  if (!is_name) return !by_name || X509_VERIFY_PARAM_set1_ip_asc(expected, name.c_str()) == 1;
  if (SSL_set_tlsext_host_name(connection, name.c_str()) != 1) return false;
  X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return !by_name || X509_VERIFY_PARAM_set1_host(expected, name.data(), name.size()) == 1;
}

/// Where a connection keeps the stream that it belongs to: Asio has the usual place.
int stream_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

int keep_session(SSL* connection, SSL_SESSION* session) {
  auto* tls = static_cast<TlsStream*>(SSL_get_ex_data(connection, stream_index()));
  if (tls == nullptr) return 0;
  tls->context->sessions().keep(tls->peer, TlsSession(session));
  return 1;
}

/// Offers the server a session of its own, if there is one.
void offer_session(TlsStream& tls, const Destination& destination, const std::string& name) {
  SSL* connection = tls.stream.native_handle();
  tls.peer = name + ' ' + to_string(destination.endpoint);
  SSL_set_ex_data(connection, stream_index(), &tls);
  const TlsSession session = tls.context->sessions().take(tls.peer);
  if (session) SSL_set_session(connection, session.get());
}

/// Before TLS 1.3 a server leaves no further session when one is resumed.
void put_back_session(TlsStream& tls) {
  SSL* connection = tls.stream.native_handle();
  if (SSL_session_reused(connection) == 0 || SSL_version(connection) >= TLS1_3_VERSION) return;
  tls.context->sessions().keep(tls.peer, TlsSession(SSL_get1_session(connection)));
}

void start(const std::shared_ptr<TlsStream>& tls, const std::shared_ptr<Handshake>& handshake,
           const asio::any_io_executor& strand) {
  error_code ignored;
  auto verify = [handshake](bool holds, asio::ssl::verify_context& context) {
    if (!holds) handshake->verdict.note(context);
    return holds;
  };
  tls->stream.set_verify_callback(std::move(verify), ignored);
  auto finish = [tls, handshake](error_code failed) {
    handshake->failed = failed;
    handshake->done.open();
  };
  tls->stream.async_handshake(asio::ssl::stream_base::client,
                              asio::bind_executor(strand, std::move(finish)));
}

}  // namespace

void keep_sessions(SSL_CTX* context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, keep_session);
}

std::string server_name(const Destination& destination) {
  std::string name = destination.server_name;
  if (name.empty()) name = destination.tls->options().server_name;
  if (name.empty()) name = destination.endpoint.host;
  // A name that ends in a dot is absolute to a resolver; certificates never do.
  if (name.size() > 1 && name.back() == '.') name.pop_back();
  return name;
}

asio::awaitable<Result<Stream>> tls_handshake(tcp::socket socket, Destination destination,
                                              steady_clock::time_point deadline) {
  const asio::any_io_executor strand = co_await asio::this_coro::executor;
  const TlsOptions& options = destination.tls->options();
  const std::string name = server_name(destination);
  const auto tls = std::make_shared<TlsStream>(std::move(socket), destination.tls);
  const auto handshake = std::make_shared<Handshake>(strand, deadline);
  if (!expect(tls->stream.native_handle(), name, options.verification)) {
    co_return bad_server_name(destination.endpoint, name);
  }
  offer_session(*tls, destination, name);
  start(tls, handshake, strand);
  co_await handshake->done.wait();
  if (handshake->done.is_open() && !handshake->failed) {
    put_back_session(*tls);
    co_return Stream(tls);
  }
  error_code ignored;
  tls->stream.lowest_layer().close(ignored);
  if (!handshake->done.is_open()) co_return handshake_hangs(destination.endpoint);
  co_return handshake_failed(destination.endpoint, name, !options.certificate.empty(),
                             handshake->verdict, handshake->failed);
}

}  // namespace semantrix::net
