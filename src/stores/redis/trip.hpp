#pragma once

#include "net/attempts.hpp"
#include "protocol/resp/error_reply.hpp"
#include "stores/redis/client_options.hpp"
#include "stores/redis/node.hpp"
#include "stores/redis/route.hpp"
#include "stores/redis/servers.hpp"
#include <semantrix/error.hpp>

#include <chrono>
#include <memory>

namespace semantrix::redis {

/// What the calls of a client share.
struct Means {
  explicit Means(ClientOptions given);

  const std::shared_ptr<const ClientOptions> options;
  const std::shared_ptr<Servers> servers;
  net::RetryMeans retrying;
};

/// One call's way through attempts and redirections: whom to ask, and whether to go on after a
/// failure. No I/O.
class Trip {
 public:
  using Clock = std::chrono::steady_clock;

  Trip(Means& means, Route route);

  /// Chooses the next server. False: it is being left alone, and `error()` says why.
  [[nodiscard]] bool next();
  [[nodiscard]] Node& node() noexcept { return *node_; }
  /// Whether each command must be announced by ASKING.
  [[nodiscard]] bool asking() const noexcept { return asking_; }
  [[nodiscard]] CallKind kind() const noexcept { return route_.kind; }
  [[nodiscard]] Clock::time_point deadline() const noexcept { return attempts_.deadline(); }

  void succeeded() {
    node_->succeeded();
    attempts_.succeeded();
  }
  /// Whether there is another attempt, after `pause()`.
  [[nodiscard]] bool goes_on(const Error& error);
  [[nodiscard]] std::chrono::nanoseconds pause() const noexcept { return attempts_.pause(); }
  /// The last failure, with the number of attempts.
  [[nodiscard]] Error error() const;

 private:
  [[nodiscard]] bool follows(resp::ErrorKind kind);
  void learn_from(resp::ErrorKind kind);

  Means& means_;
  const Route route_;
  net::Attempts attempts_;
  std::shared_ptr<Node> node_;
  std::shared_ptr<Node> redirection_;  // null: the route decides
  bool asking_ = false;
  int redirections_ = 0;
};

}  // namespace semantrix::redis
