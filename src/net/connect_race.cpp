#include "net/connect_race.hpp"

#include "net/dial_error.hpp"
#include "net/latch.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/this_coro.hpp>

#include <fcntl.h>

#include <deque>
#include <memory>
#include <optional>
#include <utility>

namespace semantrix::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;

/// "No IPv6 here" says less of the server than any other failure.
bool telling(error_code failed) noexcept {
  return failed != asio::error::network_unreachable &&
         failed != asio::error::address_family_not_supported &&
         failed != error_code(EADDRNOTAVAIL, boost::system::system_category());
}

/// The attempts of one connect. Kept alive by their handlers, all of which run on `strand`.
class ConnectRace : public std::enable_shared_from_this<ConnectRace> {
 public:
  ConnectRace(const asio::any_io_executor& strand, asio::any_io_executor executor,
              Addresses addresses, steady_clock::time_point deadline)
      : done(strand, deadline),
        strand_(strand),
        executor_(std::move(executor)),
        addresses_(std::move(addresses)),
        next_start_(strand) {}

  /// Begins an attempt at the next address, if there is one.
  void start_next();
  /// Closes what has not won. Nothing starts any more.
  void stop();

  Latch done;
  std::optional<tcp::socket> winner;
  error_code failure;

 private:
  void connected(std::size_t attempt, error_code failed);

  asio::any_io_executor strand_;
  asio::any_io_executor executor_;
  Addresses addresses_;
  asio::steady_timer next_start_;
  std::deque<tcp::socket> sockets_;
  std::size_t pending_ = 0;
  bool stopped_ = false;
};

void ConnectRace::start_next() {
  const std::size_t attempt = sockets_.size();
  if (stopped_ || attempt == addresses_.size()) return;
  tcp::socket& socket = sockets_.emplace_back(executor_);
  const tcp::endpoint& address = addresses_[attempt];
  ++pending_;
  error_code unopened;
  socket.open(address.protocol(), unopened);
  if (unopened) return connected(attempt, unopened);
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
  auto on_connect = [self = shared_from_this(), attempt](error_code failed) {
    self->connected(attempt, failed);
  };
  socket.async_connect(address, asio::bind_executor(strand_, std::move(on_connect)));
  next_start_.expires_after(connection_attempt_delay);
  auto on_wait = [self = shared_from_this()](error_code cancelled) {
    if (!cancelled) self->start_next();
  };
  next_start_.async_wait(asio::bind_executor(strand_, std::move(on_wait)));
}

void ConnectRace::connected(std::size_t attempt, error_code failed) {
  --pending_;
  if (stopped_) return;
  if (!failed) {
    winner.emplace(std::move(sockets_[attempt]));
    stop();
    return done.open();
  }
  error_code ignored;
  sockets_[attempt].close(ignored);
  if (!failure || (!telling(failure) && telling(failed))) failure = failed;
  start_next();
  if (pending_ == 0) done.open();
}

void ConnectRace::stop() {
  stopped_ = true;
  next_start_.cancel();
  error_code ignored;
  for (tcp::socket& socket : sockets_) socket.close(ignored);
}

}  // namespace

asio::awaitable<Result<tcp::socket>> connect_first(Endpoint endpoint, Addresses addresses,
                                                   asio::any_io_executor executor,
                                                   steady_clock::time_point deadline) {
  const asio::any_io_executor strand = co_await asio::this_coro::executor;
  const auto race = std::make_shared<ConnectRace>(strand, executor, std::move(addresses), deadline);
  race->start_next();
  co_await race->done.wait();
  race->stop();
  if (race->winner) co_return std::move(*race->winner);
  if (race->done.is_open()) co_return cannot_connect(endpoint, race->failure);
  co_return no_answer(endpoint);
}

}  // namespace semantrix::net
