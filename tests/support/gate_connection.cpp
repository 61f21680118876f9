#include "support/gate_connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <utility>

namespace semantrix::testing {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t buffer_bytes = 16384;

void close_quietly(asio::ip::tcp::socket& socket) {
  error_code ignored;
  socket.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket.close(ignored);
}

}  // namespace

void GateConnection::start(const asio::ip::tcp::endpoint& server) {
  error_code ignored;
  client_.set_option(asio::ip::tcp::no_delay(true), ignored);
  asio::co_spawn(client_.get_executor(), dial(shared_from_this(), server), asio::detached);
}

asio::awaitable<void> GateConnection::dial(std::shared_ptr<GateConnection> self,
                                           asio::ip::tcp::endpoint server) {
  error_code error;
  if (self->rules_.dial) {
    co_await self->server_.async_connect(server, asio::redirect_error(asio::use_awaitable, error));
    // A server that refuses looks to the client like one that accepts and goes away.
    if (error || !self->is_open()) {
      self->close();
      co_return;
    }
    self->server_.set_option(asio::ip::tcp::no_delay(true), error);
    asio::co_spawn(self->client_.get_executor(), pump(self, Direction::to_client), asio::detached);
  }
  asio::co_spawn(self->client_.get_executor(), pump(self, Direction::to_server), asio::detached);
}

asio::awaitable<void> GateConnection::pump(std::shared_ptr<GateConnection> self,
                                           Direction direction) {
  std::array<char, buffer_bytes> buffer{};
  for (;;) {
    error_code error;
    const std::size_t size = co_await self->source(direction).async_read_some(
        asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::eof) break;
    if (error == asio::error::connection_reset) self->reset();
    if (error) co_return;
    const bool goes_on = co_await self->pass_on(direction, std::string_view(buffer.data(), size));
    if (!goes_on) co_return;
  }
  if (!self->rules_.way(direction).drop) self->half_close(direction);
  // A connection that nothing leads on from would stay for ever.
  if (!self->server_.is_open()) self->close();
}

asio::awaitable<bool> GateConnection::pass_on(Direction direction, std::string_view bytes) {
  auto& way = rules_.way(direction);
  way.bytes += bytes.size();
  if (way.drop || !server_.is_open()) co_return true;
  if (way.delay.count() > 0) {
    asio::steady_timer timer(client_.get_executor(), way.delay);
    co_await timer.async_wait(asio::use_awaitable);
    if (way.drop) co_return true;
  }
  bool last = false;
  if (way.left) {
    last = *way.left <= bytes.size();
    bytes = bytes.substr(0, *way.left);
    way.left = last ? std::nullopt : std::optional(*way.left - bytes.size());
  }
  const bool written = co_await write(direction, bytes);
  if (!written || last) close();
  co_return written && !last;
}

asio::awaitable<bool> GateConnection::write(Direction direction, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t piece = rules_.way(direction).piece;
    const auto part = bytes.substr(0, piece == 0 ? bytes.size() : piece);
    bytes.remove_prefix(part.size());
    error_code error;
    co_await asio::async_write(target(direction), asio::buffer(part.data(), part.size()),
                               asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return false;
    // Orders that came meanwhile take effect between two pieces.
    if (piece != 0) co_await asio::post(client_.get_executor(), asio::use_awaitable);
  }
  co_return true;
}

void GateConnection::half_close(Direction direction) {
  error_code ignored;
  target(direction).shutdown(Socket::shutdown_send, ignored);
}

void GateConnection::close() {
  close_quietly(client_);
  close_quietly(server_);
}

void GateConnection::reset() {
  error_code ignored;
  for (auto* socket : {&client_, &server_}) {
    socket->set_option(Socket::linger(true, 0), ignored);
    socket->close(ignored);
  }
}

}  // namespace semantrix::testing
