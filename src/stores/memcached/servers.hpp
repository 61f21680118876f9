#pragma once

#include "protocol/memcache/discovery.hpp"
#include "protocol/memcache/ketama.hpp"
#include "stores/memcached/client_options.hpp"
#include "stores/memcached/node.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace semantrix::memcached {

/// The servers of a client, and which of them has a key.
///
/// A list of several is what it is. One server is asked for its cluster's nodes when it is first
/// reached, and then once a minute, and when a node cannot be reached; what it answers is taken
/// only if its version has grown. No key ever goes to another server because its own is down: what
/// the other would keep contradicts it on its return. Thread-safe.
class Servers : public std::enable_shared_from_this<Servers> {
 public:
  using Clock = std::chrono::steady_clock;

  /// One state of the servers.
  struct View {
    std::uint64_t version = 0;
    memcache::Ketama ring;
    std::vector<std::shared_ptr<Node>> nodes;  // as in `ring`

    [[nodiscard]] const std::shared_ptr<Node>& node_of(std::string_view wire_key) const noexcept {
      return nodes[ring.server_of(wire_key)];
    }
  };

  /// REQUIRES: `check_ring` of the options' servers.
  [[nodiscard]] static std::shared_ptr<Servers> of(std::shared_ptr<const ClientOptions> options);

  /// Whether keys can be spread over these servers at all.
  [[nodiscard]] static Result<void> check_ring(const std::vector<net::Endpoint>& servers);

  /// Null until the endpoint was reached, if it may name others.
  [[nodiscard]] std::shared_ptr<const View> view() const;
  /// The server that the endpoint leads to.
  [[nodiscard]] const std::shared_ptr<Node>& seed() const noexcept { return seed_; }
  /// Whether the nodes are those that the endpoint names.
  [[nodiscard]] bool is_cluster() const noexcept { return is_cluster_.load(); }

  /// A node cannot be reached: has the nodes asked for in the background.
  void refresh_soon();

  /// Fails what is under way. Does not block.
  void close();
  /// The same, and comes back when everything has ended.
  boost::asio::awaitable<void> closed();
  /// In a child of `fork`: see `net::Connection::forget`.
  void forget() noexcept;

 private:
  explicit Servers(std::shared_ptr<const ClientOptions> options);
  void start();

  [[nodiscard]] bool may_be_cluster() const noexcept;
  [[nodiscard]] std::vector<std::shared_ptr<Node>> everyone() const;
  std::shared_ptr<Node> at_locked(const net::Endpoint& endpoint);
  Result<void> introduced(const Greeting& greeting);
  Result<void> install(const memcache::ClusterConfiguration& configuration);
  Result<void> install(const std::vector<net::Endpoint>& endpoints, std::uint64_t version);
  void retire_locked(const View& view);

  // On the strand.
  static boost::asio::awaitable<void> follow(std::weak_ptr<Servers> weak,
                                             std::shared_ptr<boost::asio::steady_timer> timer);
  boost::asio::awaitable<void> refresh();
  [[nodiscard]] std::vector<std::shared_ptr<Node>> informants() const;
  [[nodiscard]] Clock::time_point next_refresh();

  const std::shared_ptr<const ClientOptions> options_;
  const boost::asio::strand<boost::asio::any_io_executor> strand_;
  std::shared_ptr<Node> seed_;
  std::atomic<bool> is_cluster_{false};
  std::atomic<bool> refresh_wanted_{false};
  std::atomic<bool> closed_{false};

  mutable std::mutex mutex_;  // guards what follows, up to the strand's own
  std::shared_ptr<const View> view_;
  std::map<net::Endpoint, std::shared_ptr<Node>> nodes_;
  /// No longer of the cluster: a call may still be under way there.
  std::vector<std::shared_ptr<Node>> retired_;

  // Touched on the strand alone.
  const std::shared_ptr<boost::asio::steady_timer> timer_;  // the next refresh
  Clock::time_point refreshed_;
  int refreshes_in_a_row_ = 0;
};

}  // namespace semantrix::memcached
