#pragma once

#include "net/circuit_breaker.hpp"
#include "net/connection.hpp"
#include "net/endpoint.hpp"
#include "stores/redis/client_options.hpp"
#include "stores/redis/handshake.hpp"
#include "stores/redis/protocol.hpp"

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

/// What a call is to its node.
enum class CallKind : std::uint8_t {
  read,   ///< May be repeated whatever became of it; any connection.
  write,  ///< May be repeated unless it may have reached the server; the first connection.
  scan,   ///< A read of many keys; a connection of its own if there are two.
};

/// One server of a client, with its connections.
///
/// All writes share the first connection, so that no write, however late, overtakes a newer one.
/// Reads spread over as many as the load asks for: one more opens when those there are this busy.
/// Thread-safe.
class Node : public std::enable_shared_from_this<Node> {
 public:
  static constexpr std::size_t busy = 256;  ///< Calls in flight on one connection.

  Node(net::Endpoint endpoint, std::shared_ptr<const ClientOptions> options);

  /// Makes the connections, none of which opens yet.
  void start();

  [[nodiscard]] Connection& connection(CallKind kind) noexcept;
  [[nodiscard]] net::CircuitBreaker& breaker() noexcept { return breaker_; }
  [[nodiscard]] const net::Endpoint& endpoint() const noexcept { return endpoint_; }
  [[nodiscard]] const std::vector<std::shared_ptr<Connection>>& connections() const noexcept {
    return connections_;
  }

  /// What the server said of itself last.
  [[nodiscard]] Greeting greeting() const;

  /// Drops the connections and makes new ones: the server is not what it was.
  void discard(const Error& why);
  void close();

 private:
  static boost::asio::awaitable<Result<net::Stream>> open(std::shared_ptr<Node> node,
                                                          std::size_t index,
                                                          Connection::TimePoint deadline);
  /// Logs in anew on the open connection before the credentials expire, for as long as it lives.
  static boost::asio::awaitable<void> renew(std::weak_ptr<Node> node, std::size_t index,
                                            std::shared_ptr<boost::asio::steady_timer> timer);
  boost::asio::awaitable<Result<RedisCredentials>> log_in_again(std::size_t index);

  const net::Endpoint endpoint_;
  const std::shared_ptr<const ClientOptions> options_;
  net::CircuitBreaker breaker_;
  std::vector<std::shared_ptr<Connection>> connections_;
  /// When to log in anew; one a connection, on whose strand it lives. Null: never.
  std::vector<std::shared_ptr<boost::asio::steady_timer>> renewals_;
  std::atomic<std::size_t> readers_{1};  // connections that reads use, from the first on
  std::atomic<std::size_t> turn_{0};
  mutable std::mutex mutex_;
  Greeting greeting_;  // guarded by mutex_
};

}  // namespace semantrix::redis
