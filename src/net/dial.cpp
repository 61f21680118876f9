#include "net/dial.hpp"

#include "net/connect_race.hpp"
#include "net/dial_error.hpp"
#include "net/look_up.hpp"
#include "net/tls_handshake.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <netinet/tcp.h>

#include <optional>
#include <utility>

namespace semantrix::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::steady_clock;

/// Finds out within about a minute that a silent peer is gone, and keeps middleboxes, which forget
/// idle connections after a few minutes, awake.
void keep_alive(tcp::socket& socket) {
  using Idle = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>;
  using Interval = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>;
  using Count = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPCNT>;
  boost::system::error_code ignored;
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  socket.set_option(Idle(30), ignored);
  socket.set_option(Interval(10), ignored);
  socket.set_option(Count(3), ignored);
}

asio::awaitable<bool> cancelled() {
  const auto state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

asio::awaitable<Result<Stream>> steps(Destination destination, asio::any_io_executor executor,
                                      steady_clock::time_point deadline) {
  auto addresses = co_await look_up(destination.endpoint, deadline);
  if (!addresses) co_return addresses.error();
  auto socket =
      co_await connect_first(destination.endpoint, std::move(*addresses), executor, deadline);
  if (!socket) co_return socket.error();
  boost::system::error_code ignored;
  socket->set_option(tcp::no_delay(true), ignored);
  keep_alive(*socket);
  if (!destination.tls) co_return Stream(std::move(*socket));
  co_return co_await tls_handshake(std::move(*socket), std::move(destination), deadline);
}

/// Whatever a cancelled step calls its failure, the caller asked for it.
asio::awaitable<std::optional<Result<Stream>>> dial_on_strand(Destination destination,
                                                              asio::any_io_executor executor,
                                                              steady_clock::time_point deadline) {
  co_await asio::this_coro::throw_if_cancelled(false);
  Endpoint endpoint = destination.endpoint;
  Result<Stream> stream = co_await steps(std::move(destination), std::move(executor), deadline);
  const bool stopped = co_await cancelled();
  if (stopped) co_return Result<Stream>(dial_cancelled(endpoint));
  co_return std::move(stream);
}

}  // namespace

asio::awaitable<Result<Stream>> dial(Destination destination, steady_clock::time_point deadline) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  // A strand and a cancellation state of their own: attempts run side by side, and being cancelled
  // is an error value here, whatever it is to the caller.
  auto work = dial_on_strand(std::move(destination), executor, deadline);
  auto result =
      co_await asio::co_spawn(asio::make_strand(executor), std::move(work), asio::use_awaitable);
  co_return std::move(*result);
}

}  // namespace semantrix::net
