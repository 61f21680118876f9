#pragma once

#include "net/endpoint.hpp"
#include "net/peer.hpp"
#include "stores/redis/client_options.hpp"
#include "stores/redis/handshake.hpp"
#include "stores/redis/protocol.hpp"
#include "stores/redis/route.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace semantrix::redis {

using Connection = net::Connection<Protocol>;

/// One server of a client, with its connections and who is logged in on them. Thread-safe.
class Node : public net::Peer<Protocol>, public std::enable_shared_from_this<Node> {
 public:
  Node(net::Endpoint endpoint, std::shared_ptr<const ClientOptions> options);

  /// Makes the connections, none of which opens yet.
  void start();

  /// What the server said of itself last.
  [[nodiscard]] Greeting greeting() const;

  /// How long the server took to answer when it was connected to; 0: not yet.
  [[nodiscard]] std::chrono::nanoseconds round_trip() const noexcept {
    return std::chrono::nanoseconds(round_trip_.load(std::memory_order_relaxed));
  }
  /// A connection of the caller's own, logged in, apart from those that calls share.
  static boost::asio::awaitable<Result<net::Stream>> dial(std::shared_ptr<Node> node,
                                                          Connection::TimePoint deadline);

  /// A call failed: for the breaker, if that says something of the server.
  void failed(const Error& error);

  void close();

 private:
  /// Where the server is now, and as whom it is met.
  boost::asio::awaitable<Result<SharedPlace>> locate(Connection::TimePoint deadline) const;
  /// Connects and logs in there.
  boost::asio::awaitable<Result<net::Stream>> meet(SharedPlace place,
                                                   Connection::TimePoint deadline);
  static boost::asio::awaitable<Result<net::Stream>> open(std::shared_ptr<Node> node,
                                                          std::size_t index,
                                                          Connection::TimePoint deadline);
  /// Logs in anew on the open connection before the credentials expire, for as long as it lives.
  static boost::asio::awaitable<void> renew(std::weak_ptr<Node> node, std::size_t index,
                                            std::shared_ptr<boost::asio::steady_timer> timer);
  boost::asio::awaitable<Result<RedisCredentials>> log_in_again(std::size_t index);

  const std::shared_ptr<const ClientOptions> options_;
  /// When to log in anew; one a connection, on whose strand it lives. Null: never.
  std::vector<std::shared_ptr<boost::asio::steady_timer>> renewals_;
  std::atomic<std::chrono::nanoseconds::rep> round_trip_{0};
  mutable std::mutex mutex_;  // guards what follows
  Greeting greeting_;
};

}  // namespace semantrix::redis
