#pragma once

#include "net/connection_errors.hpp"
#include "net/endpoint.hpp"
#include "net/read_buffer.hpp"
#include "net/stream.hpp"
#include "net/tls_context.hpp"
#include "net/tls_error.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

/// What is said over a stream before, or without, it being shared by many calls.
namespace semantrix::net {

/// Writes all of it. Runs on the stream's strand. Errors: as of `stream_failed`, phase
/// `connecting`; timeout if the stream was closed meanwhile.
[[nodiscard]] boost::asio::awaitable<Result<void>> send_all(Stream& stream, const Endpoint& peer,
                                                            std::string request);
/// Reads what is there, at least a byte. Errors: as of `send_all`.
[[nodiscard]] boost::asio::awaitable<Result<void>> receive_some(Stream& stream,
                                                                const Endpoint& peer,
                                                                ReadBuffer& buffer,
                                                                std::size_t wanted);

/// A server of TLS 1.3 asks for the client's certificate after the handshake, and may end the
/// connection before its word for that is read: says so, if that is what may have happened.
[[nodiscard]] Error greeting_failed(const std::shared_ptr<TlsContext>& tls, const Error& error);

/// Requests and replies in turn. `Protocol` is that of `Connection`.
template <class Protocol>
class Dialogue {
 public:
  using Reply = typename Protocol::Reply;

  Dialogue(Stream& stream, const Endpoint& peer) : stream_(stream), peer_(peer) {}

  boost::asio::awaitable<Result<void>> send(std::string request) {
    return send_all(stream_, peer_, std::move(request));
  }

  /// The next reply that is no push; its views hold until the one after.
  boost::asio::awaitable<Result<Reply>> receive() {
    for (;;) {
      auto receiving = receive_any();
      Result<Reply> reply = co_await std::move(receiving);
      if (!reply || !Protocol::is_push(*reply)) co_return reply;
    }
  }

  /// Sends a request and gives the reply to it, error replies included.
  boost::asio::awaitable<Result<Reply>> ask(std::string request) {
    auto sending = send(std::move(request));
    const Result<void> sent = co_await std::move(sending);
    if (!sent) co_return sent.error();
    auto receiving = receive();
    co_return co_await std::move(receiving);
  }

 private:
  boost::asio::awaitable<Result<Reply>> receive_any() {
    buffer_.consume(std::exchange(consumed_, 0));
    while (parser_.parse(buffer_.unread()) == Protocol::Parser::State::need_more) {
      auto reading = receive_some(stream_, peer_, buffer_, parser_.wanted());
      const Result<void> read = co_await std::move(reading);
      if (!read) co_return read.error();
    }
    if (!parser_.error().empty()) {
      const Error error = malformed(parser_.error());
      co_return with_phase(error, Phase::connecting);
    }
    consumed_ = parser_.consumed();
    co_return parser_.reply(buffer_.unread());
  }

  Stream& stream_;
  const Endpoint& peer_;
  ReadBuffer buffer_;
  typename Protocol::Parser parser_;
  std::size_t consumed_ = 0;
};

/// Closes the stream unless it ends before.
class Alarm {
 public:
  Alarm(Stream& stream, std::chrono::steady_clock::time_point when)
      : watched_(std::make_shared<Stream*>(&stream)), timer_(stream.get_executor()) {
    set(when);
  }

  void set(std::chrono::steady_clock::time_point when) {
    timer_.expires_at(when);
    timer_.async_wait([watched = std::weak_ptr(watched_)](const boost::system::error_code& off) {
      const auto alive = watched.lock();
      if (!off && alive) (*alive)->close();
    });
  }

 private:
  std::shared_ptr<Stream*> watched_;
  boost::asio::steady_timer timer_;
};

}  // namespace semantrix::net
