#pragma once

#include "net/stream.hpp"
#include "stores/redis/core.hpp"
#include "stores/redis/node.hpp"
#include <semantrix/invalidations.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <vector>

namespace semantrix::redis {

/// Tells one listener which entries under the store's prefix change, by the servers' client
/// tracking (CLIENT TRACKING ON BCAST PREFIX): one connection of its own to each primary, so that
/// the connections of calls carry no news, and reads need not be announced.
///
/// Works in rounds. A round listens on all primaries, and ends for all of them when one connection
/// ends, the primaries change, or nothing is heard although the server was asked; the listener is
/// told, and the next round begins. Ends when the listener is gone. Thread-safe.
class Tracking : public std::enable_shared_from_this<Tracking> {
 public:
  Tracking(std::shared_ptr<Core> core, const boost::asio::any_io_executor& executor,
           std::chrono::milliseconds connect_timeout, std::weak_ptr<InvalidationListener> listener);

  void start();
  /// Ends the connections. Does not block.
  void stop();
  [[nodiscard]] bool ended() const noexcept { return ended_.load(std::memory_order_relaxed); }

  /// In a child of `fork`: lets go of the parent's connections without a word on them.
  void forget() noexcept;

 private:
  /// One connection, and the timer of what is said on it.
  struct Session {
    Session(net::Stream connected) : stream(std::move(connected)), beat(stream.get_executor()) {}
    net::Stream stream;
    boost::asio::steady_timer beat;
  };
  using Self = std::shared_ptr<Tracking>;
  using Nodes = std::vector<std::shared_ptr<Node>>;

  static boost::asio::awaitable<void> follow(Self self);
  boost::asio::awaitable<void> round();
  static boost::asio::awaitable<void> listen(Self self, std::shared_ptr<Node> node);
  boost::asio::awaitable<void> hear(Session& session, const net::Endpoint& peer);
  static boost::asio::awaitable<void> keep_asking(std::shared_ptr<Session> session,
                                                  net::Endpoint peer);
  boost::asio::awaitable<bool> same_primaries(const Nodes& primaries);
  boost::asio::awaitable<void> wait(std::chrono::milliseconds time);

  void heard(const resp::Reply& push);
  void tell(bool listening);
  void end_round();

  const std::shared_ptr<Core> core_;
  const boost::asio::strand<boost::asio::any_io_executor> strand_;
  const std::chrono::milliseconds connect_timeout_;
  const std::weak_ptr<InvalidationListener> listener_;
  std::atomic<bool> ended_{false};

  // Touched on the strand alone.
  boost::asio::steady_timer timer_;
  std::vector<std::shared_ptr<Session>> sessions_;
  std::size_t active_ = 0;  // sessions of this round that have not ended
  std::size_t deaf_ = 0;    // of them, those that do not listen yet
  bool refused_ = false;    // the server does not track
  bool listening_ = false;
};

}  // namespace semantrix::redis
