#pragma once

#include "net/attempts.hpp"
#include "protocol/memcache/wire_key.hpp"
#include "stores/memcached/client_options.hpp"
#include "stores/memcached/node.hpp"
#include "stores/memcached/servers.hpp"
#include <semantrix/error.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace semantrix::memcached {

/// Where a call goes. The key must outlive it.
struct Route {
  CallKind kind = CallKind::read;
  std::string_view wire_key = {};          ///< Decides on the server. Empty: any server.
  std::shared_ptr<Node> server = nullptr;  ///< This one and no other.
  /// Default: the options' deadline from now.
  std::optional<std::chrono::steady_clock::time_point> deadline = std::nullopt;
};

/// What the calls of a client share.
struct Means {
  explicit Means(ClientOptions given);

  const std::shared_ptr<const ClientOptions> options;
  const std::shared_ptr<Servers> servers;
  net::RetryMeans retrying;
};

/// One call's way through attempts: whom to ask, and whether to go on after a failure. A key has
/// one server, and where that is down there is no other. No I/O.
class Trip {
 public:
  Trip(Means& means, Route route)
      : means_(means),
        route_(std::move(route)),
        attempts_(means.retrying, route_.kind, route_.deadline) {}

  /// Chooses the server. False: it is being left alone, and `error()` says why.
  [[nodiscard]] bool next();
  [[nodiscard]] Node& node() noexcept { return *node_; }
  /// Whether the server that was chosen has the key, as far as is known, and is known itself. If
  /// not, it has to be reached first.
  [[nodiscard]] bool has_arrived() const noexcept { return arrived_; }
  [[nodiscard]] CallKind kind() const noexcept { return route_.kind; }
  [[nodiscard]] net::Attempts::Clock::time_point deadline() const noexcept {
    return attempts_.deadline();
  }

  void succeeded() {
    node_->succeeded();
    attempts_.succeeded();
  }
  /// Whether there is another attempt, after `pause()`.
  [[nodiscard]] bool goes_on(const Error& error);
  [[nodiscard]] std::chrono::nanoseconds pause() const noexcept { return attempts_.pause(); }
  /// The last failure, with the number of attempts.
  [[nodiscard]] Error error() const { return attempts_.error(); }

 private:
  Means& means_;
  const Route route_;
  net::Attempts attempts_;
  std::shared_ptr<Node> node_;
  bool arrived_ = false;
};

}  // namespace semantrix::memcached
