#include "stores/redis/node.hpp"

#include "net/connection.ipp"
#include "net/dial.hpp"
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

/// A server of TLS 1.3 asks for the client's certificate after the handshake, and may end the
/// connection before its word for that is read.
Error greeting_failed(const ClientOptions& options, const Error& error) {
  const bool may_lack_certificate = options.tls && options.tls->options().certificate.empty();
  if (error.code() != ErrorCode::connection_lost || !may_lack_certificate) return error;
  ErrorInfo info = error.info();
  info.code = ErrorCode::tls_failed;
  info.message = "the server ended the connection right after the TLS handshake";
  info.remedy = "if it asks for the client's certificate, name ssl_certificate and ssl_private_key";
  return Error(std::move(info));
}

/// Whether the failure says that the server is reached and does not serve. That none can be reached
/// the connection knows best: it fails calls at once, and tries again by itself. What concerns a
/// slot alone says nothing of the server.
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
    : endpoint_(std::move(endpoint)), options_(std::move(options)) {}

void Node::start() {
  net::ConnectionOptions limits;
  limits.peer = endpoint_;
  limits.connect_timeout = options_->network.connect_timeout;
  limits.read_timeout = options_->network.read_timeout;
  // Connections are kept by their own operations too: they must not keep the node.
  for (std::size_t i = 0; i != options_->network.max_pool_connections; ++i) {
    Connection::Open open_it = [node = weak_from_this(), i](Connection::TimePoint deadline) {
      return open(node.lock(), i, deadline);
    };
    connections_.push_back(
        std::make_shared<Connection>(options_->executor, limits, std::move(open_it)));
  }
  renewals_.resize(connections_.size());
}

Connection& Node::connection(CallKind kind) noexcept {
  if (kind == CallKind::write || connections_.size() == 1) return *connections_.front();
  if (kind == CallKind::scan) return *connections_.back();
  // The first that is not busy: many calls on one connection share its writes.
  const std::size_t most = connections_.size() - 1;
  for (std::size_t i = 0; i + 1 < most; ++i) {
    if (connections_[i]->in_flight() < busy) return *connections_[i];
  }
  return *connections_[most - 1];
}

Greeting Node::greeting() const {
  const std::lock_guard lock(mutex_);
  return greeting_;
}

bool Node::is_down() const noexcept {
  return breaker_.state() == net::CircuitBreaker::State::open || connections_.front()->is_down();
}

std::size_t Node::in_flight() const noexcept {
  std::size_t sum = 0;
  for (const auto& connection : connections_) sum += connection->in_flight();
  return sum;
}

void Node::failed(const Error& error) {
  if (!is_no_service(error)) {
    if (error.info().phase == Phase::received) breaker_.succeeded(Clock::now());
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    last_failure_ = error;
  }
  breaker_.failed(Clock::now());
}

Error Node::last_failure() const {
  const std::lock_guard lock(mutex_);
  if (!last_failure_) return Error(ErrorCode::unavailable, "the server does not answer");
  ErrorInfo info = last_failure_->info();
  info.message += "; not asked again for some seconds";
  info.phase = Phase::queued;
  return Error(std::move(info));
}

void Node::redial(const Error& why) {
  const Clock::duration now = Clock::now().time_since_epoch();
  auto from = redial_from_.load(std::memory_order_relaxed);
  const auto next = (now + std::chrono::seconds(1)) / Clock::duration(1);
  if (now.count() < from || !redial_from_.compare_exchange_strong(from, next)) return;
  for (const auto& connection : connections_) connection->discard(why);
}

void Node::forget() noexcept {
  for (const auto& connection : connections_) connection->forget();
}

void Node::close() {
  for (const auto& connection : connections_) connection->close();
  for (std::size_t i = 0; i != connections_.size(); ++i) {
    // On the strand, where it was made, after the connection has ended.
    boost::asio::post(connections_[i]->executor(), [node = weak_from_this(), i] {
      const auto self = node.lock();
      if (self && self->renewals_[i]) self->renewals_[i]->cancel();
    });
  }
}

boost::asio::awaitable<Result<net::Stream>> Node::open(std::shared_ptr<Node> node,
                                                       std::size_t index,
                                                       Connection::TimePoint deadline) {
  if (!node) co_return net::store_closed();
  const ClientOptions& options = *node->options_;
  auto asking = options.credentials();
  Result<RedisCredentials> credentials = co_await std::move(asking);
  if (!credentials) co_return credentials.error();
  net::Destination destination{node->endpoint_, options.tls, {}};
  auto dialing = net::dial(std::move(destination), deadline);
  Result<net::Stream> stream = co_await std::move(dialing);
  if (!stream) co_return stream.error();
  const bool reads_replicas =
      options.read_from != ReadFrom::primary && options.cluster != ClusterMode::off;
  const Identity identity{credentials->user, credentials->password, options.database,
                          reads_replicas};
  auto greeting = greet(*stream, node->endpoint_, identity, deadline);
  Result<Greeting> greeted = co_await std::move(greeting);
  if (!greeted) co_return greeting_failed(options, greeted.error());
  node->round_trip_ = greeted->round_trip.count();
  {
    const std::lock_guard lock(node->mutex_);
    node->greeting_ = std::move(*greeted);
  }
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
  co_return std::move(*stream);
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
      self->connections_[index]->discard(renewed.error());
      co_return;
    }
    if (!renewed->expires) co_return;
    timer->expires_at(renewal_time(*renewed->expires));
  }
}

boost::asio::awaitable<Result<RedisCredentials>> Node::log_in_again(std::size_t index) {
  auto asking = options_->credentials();
  Result<RedisCredentials> credentials = co_await std::move(asking);
  if (!credentials) co_return credentials;
  const std::string_view user =
      credentials->user.empty() ? std::string_view("default") : credentials->user;
  const auto encode = [&](net::OutputBuffer& out) {
    resp::append_command(out.text(), {"AUTH", user, credentials->password});
  };
  auto login = connections_[index]->async_call(
      1, Connection::Clock::now() + options_->network.connect_timeout, DoneDecoder(), encode,
      boost::asio::deferred);
  const Result<void> done = co_await std::move(login);
  if (!done) co_return done.error();
  co_return credentials;
}

}  // namespace semantrix::redis
