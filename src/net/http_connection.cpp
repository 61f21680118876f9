#include "net/http_connection.hpp"

#include "net/dial.hpp"
#include "net/http_pool.hpp"
#include "net/tls_error.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <unistd.h>

#include <algorithm>
#include <span>

namespace semantrix::net {

namespace asio = boost::asio;
using boost::system::error_code;

HttpConnection::HttpConnection(std::shared_ptr<HttpPool> pool)
    : pool_(std::move(pool)),
      strand_(asio::make_strand(pool_->executor())),
      timer_(strand_),
      parser_({pool_->options().max_head_bytes, pool_->options().max_body_bytes}) {}

void HttpConnection::start(std::shared_ptr<HttpExchange> exchange) {
  asio::dispatch(strand_, [self = shared_from_this(), exchange = std::move(exchange)]() mutable {
    self->begin(std::move(exchange));
  });
}

void HttpConnection::close() {
  asio::post(strand_, [self = shared_from_this()] { self->end(store_closed()); });
}

void HttpConnection::forget() noexcept {
  if (stream_) ::close(stream_->native_handle());
}

void HttpConnection::orphan() noexcept {
  ended_ = true;
  if (const auto exchange = std::move(exchange_)) exchange->drop();
  pool_->orphan();
}

// -- Connecting --

void HttpConnection::begin(std::shared_ptr<HttpExchange> exchange) {
  if (ended_) return pool_->resubmit(std::move(exchange));
  exchange_ = std::move(exchange);
  if (stream_) return send();
  exchange_->phase = Phase::connecting;
  limit_ = exchange_->deadline;
  watch();
  asio::co_spawn(strand_, connect(Tether(shared_from_this())), asio::detached);
}

asio::awaitable<void> HttpConnection::connect(Tether tether) {
  const HttpPool& pool = *(*tether).pool_;
  auto dialing = dial(pool.destination(), Clock::now() + pool.options().connect_timeout);
  Result<Stream> stream = co_await std::move(dialing);
  const auto self = tether.release();
  self->connected(std::move(stream));
}

void HttpConnection::connected(Result<Stream> stream) {
  if (ended_) return;
  if (!stream) {
    ended_ = true;
    timer_.cancel();
    pool_->unreachable(shared_from_this(), stream.error());
    if (const auto exchange = std::move(exchange_)) exchange->fail(stream.error());
    return;
  }
  stream_ = std::make_shared<Stream>(std::move(*stream));
  pool_->established();
  read();
  if (exchange_->is_awaited()) return send();
  exchange_.reset();
  pool_->idle(shared_from_this());
}

// -- Writing --

void HttpConnection::send() {
  exchange_->phase = Phase::sent;
  limit_ = std::min(exchange_->deadline, Clock::now() + pool_->options().read_timeout);
  watch();
  written_ = 0;
  write();
}

void HttpConnection::write() {
  const std::string& head = exchange_->head;
  const std::string& body = exchange_->body;
  for (;;) {
    const std::size_t of_head = std::min(written_, head.size());
    const std::size_t of_body = written_ - of_head;
    pieces_[0] = asio::buffer(head) + of_head;
    pieces_[1] = asio::buffer(body) + of_body;
    const std::size_t left = head.size() + body.size() - written_;
    if (left == 0) return;
    error_code failed;
    written_ += stream_->try_write_some(pieces_, failed);
    if (failed == asio::error::would_block) break;
    if (failed) return lost(failed);
  }
  writing_ = true;
  // What is written stays in place while it is: the exchange is held too.
  auto wrote = [self = shared_from_this(), stream = stream_, exchange = exchange_](
                   error_code failed, std::size_t bytes) {
    self->writing_ = false;
    if (stream != self->stream_ || exchange != self->exchange_) return;
    if (failed) return self->lost(failed);
    self->written_ += bytes;
    self->write();
  };
  stream_->async_write_some(pieces_, asio::bind_executor(strand_, std::move(wrote)));
}

// -- Reading --

void HttpConnection::read() {
  auto arrived = [tether = Tether(shared_from_this()), stream = stream_](
                     error_code failed, std::size_t bytes) mutable {
    const auto self = tether.release();
    if (stream != self->stream_) return;
    if (failed) return self->lost(failed);
    self->received(bytes);
  };
  stream_->async_read_some(asio::buffer(input_), asio::bind_executor(strand_, std::move(arrived)));
}

void HttpConnection::received(std::size_t bytes) {
  using State = http::ResponseParser::State;
  if (!exchange_) return end(malformed(""));
  std::size_t taken = 0;
  const State state = parser_.parse({input_.data(), bytes}, taken);
  if (state == State::malformed)
    return end(with_phase(malformed(parser_.error()), Phase::received));
  if (state == State::need_more) return read();
  const bool keep = parser_.keeps_alive() && taken == bytes && !writing_;
  if (keep) read();
  finish(keep);
}

void HttpConnection::finish(bool keep) {
  HttpResponse response = std::move(parser_.response());
  parser_.reset();
  reused_ = true;
  const auto exchange = std::move(exchange_);
  // First of all free for the next request, which may come from whoever gets this response.
  if (keep) {
    pool_->idle(shared_from_this());
  } else {
    shut();
  }
  exchange->complete(response);
}

// -- Ends --

void HttpConnection::lost(error_code why) {
  const bool whole = exchange_ && why == asio::error::eof && parser_.started() &&
                     parser_.end() == http::ResponseParser::State::complete;
  if (whole) return finish(false);
  const bool crossed =
      exchange_ && reused_ && !parser_.started() && !exchange_->resent && exchange_->is_awaited();
  if (!crossed) return end(stream_failed(pool_->endpoint().endpoint, why, Phase::sent));
  auto exchange = std::move(exchange_);
  shut();
  pool_->resubmit(std::move(exchange));
}

void HttpConnection::end(const Error& why) {
  if (ended_) return;
  const auto exchange = std::move(exchange_);
  shut();
  if (exchange) exchange->fail(with_phase(why, exchange->phase));
}

void HttpConnection::shut() {
  ended_ = true;
  timer_.cancel();
  if (!stream_) return;
  stream_->close();
  stream_ = nullptr;
  pool_->ended(shared_from_this());
}

void HttpConnection::watch() {
  if (watching_ && timer_.expiry() <= limit_) return;
  watching_ = true;
  timer_.expires_at(limit_);
  timer_.async_wait([self = shared_from_this()](error_code stopped) {
    if (!stopped) self->look_at_the_clock();
  });
}

void HttpConnection::look_at_the_clock() {
  watching_ = false;
  if (ended_ || !exchange_) return;
  if (Clock::now() < limit_) return watch();
  const Error late = out_of_time(exchange_->phase);
  // A connection that is being made may serve the next request.
  if (!stream_) return exchange_->fail(late);
  end(late);
}

}  // namespace semantrix::net
