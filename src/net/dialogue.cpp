#include "net/dialogue.hpp"

#include <span>

namespace semantrix::net {
namespace {

namespace asio = boost::asio;

Error failure(const Stream& stream, const Endpoint& peer, boost::system::error_code failed) {
  // An alarm closes the stream: what was under way is then aborted.
  if (!stream.is_open()) return out_of_time(Phase::connecting);
  return stream_failed(peer, failed, Phase::connecting);
}

}  // namespace

asio::awaitable<Result<void>> send_all(Stream& stream, const Endpoint& peer, std::string request) {
  std::size_t sent = 0;
  while (sent != request.size()) {
    const asio::const_buffer left(request.data() + sent, request.size() - sent);
    const Stream::Buffers buffers(&left, 1);
    boost::system::error_code failed;
    auto writing =
        stream.async_write_some(buffers, asio::redirect_error(asio::use_awaitable, failed));
    sent += co_await std::move(writing);
    if (failed) co_return failure(stream, peer, failed);
  }
  co_return Result<void>();
}

asio::awaitable<Result<void>> receive_some(Stream& stream, const Endpoint& peer, ReadBuffer& buffer,
                                           std::size_t wanted) {
  boost::system::error_code failed;
  auto reading = stream.async_read_some(buffer.prepare(wanted),
                                        asio::redirect_error(asio::use_awaitable, failed));
  buffer.commit(co_await std::move(reading));
  if (failed) co_return failure(stream, peer, failed);
  co_return Result<void>();
}

Error greeting_failed(const std::shared_ptr<TlsContext>& tls, const Error& error) {
  const bool may_lack_certificate = tls && tls->options().certificate.empty();
  if (error.code() != ErrorCode::connection_lost || !may_lack_certificate) return error;
  ErrorInfo info = error.info();
  info.code = ErrorCode::tls_failed;
  info.message = "the server ended the connection right after the TLS handshake";
  info.remedy = "if it asks for the client's certificate, name ssl_certificate and ssl_private_key";
  return Error(std::move(info));
}

}  // namespace semantrix::net
