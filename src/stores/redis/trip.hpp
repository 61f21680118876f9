#pragma once

#include "net/retry_budget.hpp"
#include "protocol/resp/error_reply.hpp"
#include "stores/redis/client_options.hpp"
#include "stores/redis/node.hpp"
#include "stores/redis/route.hpp"
#include "stores/redis/servers.hpp"
#include <semantrix/error.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace semantrix::redis {

/// What the calls of a client share.
struct Means {
  explicit Means(ClientOptions given);

  const std::shared_ptr<const ClientOptions> options;
  const std::chrono::milliseconds deadline;
  const std::shared_ptr<Servers> servers;
  net::RetryBudget budget;
  std::atomic<std::uint64_t> retries{0};
};

/// One call's way through attempts and redirections: whom to ask, and whether to go on after a
/// failure. The only place that repeats calls. No I/O.
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
  [[nodiscard]] Clock::time_point deadline() const noexcept { return deadline_; }

  void succeeded() {
    node_->succeeded();
    means_.budget.succeeded();
  }
  /// Whether there is another attempt, after `pause()`.
  [[nodiscard]] bool goes_on(const Error& error);
  [[nodiscard]] std::chrono::nanoseconds pause() const noexcept { return pause_; }
  /// The last failure, with the number of attempts.
  [[nodiscard]] Error error() const;

 private:
  [[nodiscard]] bool follows(resp::ErrorKind kind);
  [[nodiscard]] bool retries();
  void learn_from(resp::ErrorKind kind);

  Means& means_;
  const Route route_;
  const Clock::time_point deadline_;
  std::shared_ptr<Node> node_;
  std::shared_ptr<Node> redirection_;  // null: the route decides
  bool asking_ = false;
  int attempts_ = 0;
  int failures_ = 0;  // attempts that were not redirected
  int redirections_ = 0;
  std::chrono::nanoseconds pause_{0};
  std::optional<Error> error_;
};

}  // namespace semantrix::redis
