#pragma once

#include "net/call_kind.hpp"
#include "net/circuit_breaker.hpp"
#include "net/connection.hpp"
#include "net/connection_errors.hpp"
#include "net/endpoint.hpp"
#include <semantrix/error.hpp>
#include <semantrix/network_options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace semantrix::net {

/// What a call is told that the breaker does not let pass.
[[nodiscard]] Error left_alone(const std::optional<Error>& last_failure);

/// One server with its connections and its breaker.
///
/// All writes share the first connection, so that no write, however late, overtakes a newer one.
/// Reads use the first that is not this busy, so that many calls share its writes, and further ones
/// open as load asks for them. Thread-safe.
template <class Protocol>
class Peer {
 public:
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  using Connection = net::Connection<Protocol>;
  static constexpr std::size_t busy = 256;  ///< Calls in flight on one connection.

  [[nodiscard]] Connection& connection(CallKind kind) noexcept {
    if (kind == CallKind::write || connections_.size() == 1) return *connections_.front();
    if (kind == CallKind::scan) return *connections_.back();
    // The first that is not busy: many calls on one connection share its writes.
    const std::size_t readers = connections_.size() - 1;
    Connection* least = connections_.front().get();
    for (std::size_t i = 0; i != readers; ++i) {
      Connection* each = connections_[i].get();
      if (each->in_flight() < busy) return *each;
      if (each->in_flight() < least->in_flight()) least = each;
    }
    return *least;
  }

  [[nodiscard]] CircuitBreaker& breaker() noexcept { return breaker_; }
  [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }
  [[nodiscard]] const std::vector<std::shared_ptr<Connection>>& connections() const noexcept {
    return connections_;
  }

  /// Whether a read should rather go elsewhere: the last attempt to reach it failed, or so many
  /// calls did that it is left alone.
  [[nodiscard]] bool is_down() const noexcept {
    return breaker_.state() == CircuitBreaker::State::open || connections_.front()->is_down();
  }
  /// Calls that await replies.
  [[nodiscard]] std::size_t in_flight() const noexcept {
    std::size_t sum = 0;
    for (const auto& connection : connections_) sum += connection->in_flight();
    return sum;
  }

  /// A call was answered.
  void succeeded() { breaker_.succeeded(Clock::now()); }
  /// A call failed: for the breaker, if the server is reached and does not serve (`no_service`).
  /// That none can be reached the connection knows best: it fails calls at once, and tries again by
  /// itself.
  void failed(const Error& error, bool no_service) {
    if (!no_service) {
      if (error.info().phase == Phase::received) breaker_.succeeded(Clock::now());
      return;
    }
    {
      const std::lock_guard lock(mutex_);
      last_failure_ = error;
    }
    breaker_.failed(Clock::now());
  }
  /// What a call is told that the breaker does not let pass.
  [[nodiscard]] Error last_failure() const {
    const std::lock_guard lock(mutex_);
    return left_alone(last_failure_);
  }

  /// Drops the connections and makes new ones, with a new look-up: the server is not what it was.
  /// At most once a second, for what it was is told by many calls at once.
  void redial(const Error& why) {
    const typename Clock::duration now = Clock::now().time_since_epoch();
    auto from = redial_from_.load(std::memory_order_relaxed);
    const auto next = (now + std::chrono::seconds(1)) / typename Clock::duration(1);
    if (now.count() < from || !redial_from_.compare_exchange_strong(from, next)) return;
    for (const auto& connection : connections_) connection->discard(why);
  }

  /// Fails what is under way. Does not block.
  void close() {
    for (const auto& connection : connections_) connection->close();
  }
  /// In a child of `fork`: see `Connection::forget`.
  void forget() noexcept {
    for (const auto& connection : connections_) connection->forget();
  }

 protected:
  using Clock = typename Connection::Clock;
  /// How the connection of that number opens. It must not keep the peer: connections are kept by
  /// their own operations too.
  using Opener = std::function<typename Connection::Open(std::size_t index)>;

  explicit Peer(Endpoint endpoint) : endpoint_(std::move(endpoint)) {}
  ~Peer() = default;

  /// Makes the connections, none of which opens yet.
  void make_connections(const boost::asio::any_io_executor& executor, const NetworkOptions& network,
                        const Opener& opener) {
    ConnectionOptions limits;
    limits.peer = endpoint_;
    limits.connect_timeout = network.connect_timeout;
    limits.read_timeout = network.read_timeout;
    for (std::size_t i = 0; i != network.max_pool_connections; ++i) {
      connections_.push_back(std::make_shared<Connection>(executor, limits, opener(i)));
    }
  }

 private:
  const Endpoint endpoint_;
  CircuitBreaker breaker_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::atomic<typename Clock::rep> redial_from_{0};  // since the clock's epoch
  mutable std::mutex mutex_;                         // guards what follows
  std::optional<Error> last_failure_;
};

}  // namespace semantrix::net
