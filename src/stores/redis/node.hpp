#pragma once

#include "net/circuit_breaker.hpp"
#include "net/connection.hpp"
#include "net/endpoint.hpp"
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
#include <optional>
#include <vector>

namespace semantrix::redis {

using Connection = net::Connection<Protocol>;

/// One server of a client, with its connections.
///
/// All writes share the first connection, so that no write, however late, overtakes a newer one.
/// Reads use the first that is not this busy, so that many calls share its writes, and further ones
/// open as load asks for them.
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

  /// How long the server took to answer when it was connected to; 0: not yet.
  [[nodiscard]] std::chrono::nanoseconds round_trip() const noexcept {
    return std::chrono::nanoseconds(round_trip_.load(std::memory_order_relaxed));
  }
  /// Whether a read should rather go elsewhere: the last attempt to reach it failed, or so many
  /// calls did that it is left alone.
  [[nodiscard]] bool is_down() const noexcept;
  /// Calls that await replies.
  [[nodiscard]] std::size_t in_flight() const noexcept;

  /// A call was answered.
  void succeeded() { breaker_.succeeded(Clock::now()); }
  /// A call failed: for the breaker, if that says something of the server.
  void failed(const Error& error);
  /// What a call is told that the breaker does not let pass.
  [[nodiscard]] Error last_failure() const;

  /// Drops the connections and makes new ones, with a new look-up: the server is not what it was.
  /// At most once a second, for what it was is told by many calls at once.
  void redial(const Error& why);
  void close();
  /// In a child of `fork`: see `net::Connection::forget`.
  void forget() noexcept;

 private:
  using Clock = Connection::Clock;

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
  std::atomic<std::chrono::nanoseconds::rep> round_trip_{0};
  std::atomic<Clock::rep> redial_from_{0};  // since the clock's epoch
  mutable std::mutex mutex_;                // guards what follows
  Greeting greeting_;
  std::optional<Error> last_failure_;
};

}  // namespace semantrix::redis
