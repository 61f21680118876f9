#include "stores/redis/node.hpp"

#include "net/connection.ipp"
#include "net/dial.hpp"
#include "net/dialogue.hpp"
#include "protocol/resp/command.hpp"
#include "protocol/resp/error_reply.hpp"
#include "stores/redis/decoders.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace semantrix::net {

template class Connection<redis::Protocol>;

}  // namespace semantrix::net

namespace semantrix::redis {

namespace {

/// Before the credentials expire: a minute, or a quarter of what is left of a short time; never
/// more often than once a second, whatever the provider says.
Connection::TimePoint renewal_time(Connection::TimePoint expires) {
  const auto now = Connection::Clock::now();
  const auto margin =
      std::min<Connection::Clock::duration>(std::chrono::minutes(1), (expires - now) / 4);
  return std::max(now + std::chrono::seconds(1), expires - margin);
}

/// Whether the failure says that the server is reached and does not serve. What concerns a slot
/// alone says nothing of the server.
bool is_no_service(const Error& error) {
  if (error.code() == ErrorCode::timeout) return true;
  if (error.code() != ErrorCode::unavailable) return false;
  switch (resp::classify_error(error.info().server_message)) {
    case resp::ErrorKind::moved:
    case resp::ErrorKind::ask:
    case resp::ErrorKind::try_again:
    case resp::ErrorKind::cluster_down:
      return false;
    default:
      return true;
  }
}

}  // namespace

Node::Node(net::Endpoint endpoint, std::shared_ptr<const ClientOptions> options)
    : Peer(std::move(endpoint)), options_(std::move(options)) {}

void Node::start() {
  const auto opener = [this](std::size_t index) -> Connection::Open {
    return [node = weak_from_this(), index](Connection::TimePoint deadline) {
      return open(node.lock(), index, deadline);
    };
  };
  make_connections(options_->executor, options_->network, opener);
  renewals_.resize(connections().size());
}

Greeting Node::greeting() const {
  const std::lock_guard lock(mutex_);
  return greeting_;
}

void Node::failed(const Error& error) { Peer::failed(error, is_no_service(error)); }

void Node::close() {
  Peer::close();
  for (std::size_t i = 0; i != connections().size(); ++i) {
    // On the strand, where it was made, after the connection has ended.
    boost::asio::post(connections()[i]->executor(), [node = weak_from_this(), i] {
      const auto self = node.lock();
      if (self && self->renewals_[i]) self->renewals_[i]->cancel();
    });
  }
}

boost::asio::awaitable<Result<SharedPlace>> Node::locate(Connection::TimePoint deadline) const {
  if (options_->locator) {
    auto locating = options_->locator->locate(endpoint(), deadline);
    co_return co_await std::move(locating);
  }
  auto asking = options_->credentials();
  Result<RedisCredentials> credentials = co_await std::move(asking);
  if (!credentials) co_return credentials.error();
  const auto place = std::make_shared<Place>();
  place->destination = net::Destination{endpoint(), options_->tls, {}};
  place->credentials = *std::move(credentials);
  co_return SharedPlace(place);
}

boost::asio::awaitable<Result<net::Stream>> Node::meet(SharedPlace place,
                                                       Connection::TimePoint deadline) {
  const ClientOptions& options = *options_;
  auto dialing = net::dial(place->destination, deadline);
  Result<net::Stream> stream = co_await std::move(dialing);
  if (!stream) co_return stream;
  const bool reads_replicas =
      options.read_from != ReadFrom::primary && options.cluster != ClusterMode::off;
  const Identity identity{place->credentials.user, place->credentials.password, options.database,
                          reads_replicas};
  auto greeting = greet(*stream, place->destination.endpoint, identity, deadline);
  Result<Greeting> greeted = co_await std::move(greeting);
  if (!greeted) co_return net::greeting_failed(place->destination.tls, greeted.error());
  round_trip_ = greeted->round_trip.count();
  const std::lock_guard lock(mutex_);
  greeting_ = std::move(*greeted);
  co_return stream;
}

boost::asio::awaitable<Result<net::Stream>> Node::dial(std::shared_ptr<Node> node,
                                                       Connection::TimePoint deadline) {
  auto locating = node->locate(deadline);
  const Result<SharedPlace> place = co_await std::move(locating);
  if (!place) co_return place.error();
  auto meeting = node->meet(*place, deadline);
  co_return co_await std::move(meeting);
}

boost::asio::awaitable<Result<net::Stream>> Node::open(std::shared_ptr<Node> node,
                                                       std::size_t index,
                                                       Connection::TimePoint deadline) {
  if (!node) co_return net::store_closed();
  const std::shared_ptr<Locator>& locator = node->options_->locator;
  SharedPlace place;
  Result<net::Stream> stream = net::store_closed();
  for (;;) {
    auto locating = node->locate(deadline);
    Result<SharedPlace> found = co_await std::move(locating);
    if (!found) co_return found.error();
    // Looked for again, and there is nothing new.
    if (place && place->edition == (*found)->edition) co_return stream;
    place = *std::move(found);
    auto meeting = node->meet(place, deadline);
    stream = co_await std::move(meeting);
    if (stream) break;
    if (!locator || !locator->doubt(*place, stream.error())) co_return stream;
  }
  const RedisCredentials* credentials = &place->credentials;
  if (auto& renewal = node->renewals_[index]; renewal) {
    renewal->cancel();
    renewal.reset();
  }
  if (credentials->expires) {
    const auto strand = co_await boost::asio::this_coro::executor;
    const auto timer =
        std::make_shared<boost::asio::steady_timer>(strand, renewal_time(*credentials->expires));
    node->renewals_[index] = timer;
    boost::asio::co_spawn(strand, renew(node, index, timer), boost::asio::detached);
  }
  co_return stream;
}

boost::asio::awaitable<void> Node::renew(std::weak_ptr<Node> node, std::size_t index,
                                         std::shared_ptr<boost::asio::steady_timer> timer) {
  for (;;) {
    boost::system::error_code stopped;
    auto waiting =
        timer->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, stopped));
    co_await std::move(waiting);
    const std::shared_ptr<Node> self = node.lock();
    if (stopped || !self) co_return;
    auto renewing = self->log_in_again(index);
    const Result<RedisCredentials> renewed = co_await std::move(renewing);
    if (!renewed) {
      // Closed rather than left open with a password that no longer holds.
      self->connections()[index]->discard(renewed.error());
      co_return;
    }
    if (!renewed->expires) co_return;
    timer->expires_at(renewal_time(*renewed->expires));
  }
}

boost::asio::awaitable<Result<RedisCredentials>> Node::log_in_again(std::size_t index) {
  auto locating = locate(Connection::Clock::now() + options_->network.connect_timeout);
  const Result<SharedPlace> place = co_await std::move(locating);
  if (!place) co_return place.error();
  const RedisCredentials* credentials = &(*place)->credentials;
  const std::string_view user =
      credentials->user.empty() ? std::string_view("default") : credentials->user;
  const auto encode = [&](net::OutputBuffer& out) {
    resp::append_command(out.text(), {"AUTH", user, credentials->password});
  };
  auto login = connections()[index]->async_call(
      1, Connection::Clock::now() + options_->network.connect_timeout, DoneDecoder(), encode,
      boost::asio::deferred);
  const Result<void> done = co_await std::move(login);
  if (!done) co_return done.error();
  co_return *credentials;
}

}  // namespace semantrix::redis
