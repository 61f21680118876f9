#pragma once

#include "net/endpoint.hpp"
#include "net/peer.hpp"
#include "protocol/memcache/dialect.hpp"
#include "protocol/memcache/discovery.hpp"
#include "stores/memcached/client_options.hpp"
#include "stores/memcached/greeting.hpp"
#include "stores/memcached/protocol.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace semantrix::memcached {

using net::CallKind;
using Connection = net::Connection<Protocol>;

/// One server of a client, with its connections and what it said of itself. Thread-safe.
class Node : public net::Peer<Protocol>, public std::enable_shared_from_this<Node> {
 public:
  /// What the server names as its cluster when it is connected to; an error refuses the connection.
  using Introduced = std::function<Result<void>(const Greeting&)>;

  /// With `introduced` the server is asked for its cluster's nodes at every connect.
  Node(net::Endpoint endpoint, std::shared_ptr<const ClientOptions> options,
       Introduced introduced = nullptr)
      : Peer(std::move(endpoint)),
        options_(std::move(options)),
        introduced_(std::move(introduced)) {}

  /// Makes the connections, none of which opens yet.
  void start();

  /// Whether the server has said what it is. One load.
  [[nodiscard]] bool known() const noexcept { return known_.load(std::memory_order_acquire); }
  /// REQUIRES: known, as for all that is asked of a server.
  [[nodiscard]] memcache::Dialect dialect() const noexcept {
    return dialect_.load(std::memory_order_relaxed);
  }
  /// Bytes of the largest item.
  [[nodiscard]] std::size_t item_limit() const noexcept {
    return item_limit_.load(std::memory_order_relaxed);
  }
  /// What the server said of itself last.
  [[nodiscard]] Greeting greeting() const;

  /// A call failed: for the breaker, if that says something of the server.
  void failed(const Error& error);

  /// A stream of its own, greeted and logged in on: for what cannot share a connection.
  boost::asio::awaitable<Result<net::Stream>> dial(Connection::TimePoint deadline);

 private:
  static boost::asio::awaitable<Result<net::Stream>> open(std::shared_ptr<Node> node,
                                                          Connection::TimePoint deadline);

  const std::shared_ptr<const ClientOptions> options_;
  const Introduced introduced_;
  std::atomic<bool> known_{false};
  std::atomic<memcache::Dialect> dialect_{memcache::Dialect::classic};
  std::atomic<std::size_t> item_limit_{0};
  mutable std::mutex mutex_;  // guards what follows
  Greeting greeting_;
};

}  // namespace semantrix::memcached
