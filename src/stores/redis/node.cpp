#include "stores/redis/node.hpp"

#include "net/connection.ipp"
#include "net/dial.hpp"

#include <algorithm>
#include <utility>

namespace semantrix::net {

template class Connection<redis::Protocol>;

}  // namespace semantrix::net

namespace semantrix::redis {

Node::Node(net::Endpoint endpoint, std::shared_ptr<const ClientOptions> options)
    : endpoint_(std::move(endpoint)), options_(std::move(options)) {}

void Node::start() {
  net::ConnectionOptions limits;
  limits.peer = endpoint_;
  limits.connect_timeout = options_->network.connect_timeout;
  limits.read_timeout = options_->network.read_timeout;
  // Connections are kept by their own operations too: they must not keep the node.
  const Connection::Open open_one = [node = weak_from_this()](Connection::TimePoint deadline) {
    return open(node.lock(), deadline);
  };
  for (std::size_t i = 0; i != options_->network.max_pool_connections; ++i) {
    connections_.push_back(std::make_shared<Connection>(options_->executor, limits, open_one));
  }
}

Connection& Node::connection(CallKind kind) noexcept {
  if (kind == CallKind::write || connections_.size() == 1) return *connections_.front();
  if (kind == CallKind::scan) return *connections_.back();
  const std::size_t readers = readers_.load(std::memory_order_relaxed);
  const std::size_t most = connections_.size() - 1;
  if (readers == 1) {
    if (most > 1 && connections_.front()->in_flight() >= busy) readers_ = 2;
    return *connections_.front();
  }
  Connection& next = *connections_[turn_.fetch_add(1, std::memory_order_relaxed) % readers];
  if (readers < most && next.in_flight() >= busy) readers_ = readers + 1;
  return next;
}

Greeting Node::greeting() const {
  const std::lock_guard lock(mutex_);
  return greeting_;
}

void Node::discard(const Error& why) {
  for (const auto& connection : connections_) connection->discard(why);
}

void Node::close() {
  for (const auto& connection : connections_) connection->close();
}

boost::asio::awaitable<Result<net::Stream>> Node::open(std::shared_ptr<Node> node,
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
  const Identity identity{credentials->user, credentials->password, options.database};
  auto greeting = greet(*stream, node->endpoint_, identity, deadline);
  Result<Greeting> greeted = co_await std::move(greeting);
  if (!greeted) co_return greeted.error();
  {
    const std::lock_guard lock(node->mutex_);
    node->greeting_ = std::move(*greeted);
  }
  co_return std::move(*stream);
}

}  // namespace semantrix::redis
