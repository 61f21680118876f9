#include "stores/memcached/node.hpp"

#include "net/dial.hpp"
#include "net/dialogue.hpp"

#include <utility>

namespace semantrix::memcached {

using boost::asio::awaitable;

void Node::start() {
  const auto opener = [this](std::size_t) -> Connection::Open {
    return [node = weak_from_this()](Connection::TimePoint deadline) {
      return open(node.lock(), deadline);
    };
  };
  make_connections(options_->executor, options_->network, opener);
}

Greeting Node::greeting() const {
  const std::lock_guard lock(mutex_);
  return greeting_;
}

void Node::failed(const Error& error) {
  Peer::failed(error, error.code() == ErrorCode::timeout || error.code() == ErrorCode::unavailable);
}

awaitable<Result<net::Stream>> Node::open(std::shared_ptr<Node> node,
                                          Connection::TimePoint deadline) {
  if (!node) co_return net::store_closed();
  auto dialing = node->dial(deadline);
  co_return co_await std::move(dialing);
}

awaitable<Result<net::Stream>> Node::dial(Connection::TimePoint deadline) {
  const std::shared_ptr<Node> self = shared_from_this();
  auto asking = options_->credentials();
  Result<RedisCredentials> credentials = co_await std::move(asking);
  if (!credentials) co_return credentials.error();
  net::Destination destination{endpoint(), options_->tls, {}};
  auto dialing = net::dial(std::move(destination), deadline);
  Result<net::Stream> stream = co_await std::move(dialing);
  if (!stream) co_return stream.error();
  auto greeting = greet(*stream, endpoint(), *credentials, introduced_ != nullptr, deadline);
  Result<Greeting> greeted = co_await std::move(greeting);
  if (!greeted) co_return net::greeting_failed(options_->tls, greeted.error());
  if (introduced_) {
    const Result<void> taken = introduced_(*greeted);
    if (!taken) co_return taken.error();
  }
  dialect_ = greeted->dialect;
  item_limit_ = greeted->item_limit;
  {
    const std::lock_guard lock(mutex_);
    greeting_ = std::move(*greeted);
  }
  known_.store(true, std::memory_order_release);
  co_return std::move(*stream);
}

}  // namespace semantrix::memcached
