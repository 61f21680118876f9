#pragma once

#include "net/backoff.hpp"
#include "net/retry_budget.hpp"
#include "stores/redis/client_options.hpp"
#include "stores/redis/node.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace semantrix::redis {

/// A Redis server, with what stands between a call and its connection: the deadline, retries, the
/// breaker. The only place that repeats calls. Thread-safe.
class Client {
 public:
  explicit Client(ClientOptions options);
  ~Client() { close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Sends a request, again where that may help, and gives the decoder's answer.
  ///
  /// `encode(net::OutputBuffer&)` appends the commands and may be called several times; `replies`
  /// is how many they are. The error tells how many attempts were made and how far the last one
  /// came.
  template <class Decoder, class Encode>
  boost::asio::awaitable<Result<typename Decoder::Answer>> call(CallKind kind,
                                                                std::uint32_t replies,
                                                                Encode encode) {
    const auto deadline = Clock::now() + deadline_;
    for (int attempt = 1;; ++attempt) {
      if (!node_->breaker().allow(Clock::now())) co_return finished(last_failure(), attempt - 1);
      auto operation = node_->connection(kind).async_call(replies, deadline, Decoder(), encode,
                                                          boost::asio::deferred);
      Result<typename Decoder::Answer> answer = co_await std::move(operation);
      if (answer) {
        succeeded();
        co_return answer;
      }
      const auto pause = failed(kind, answer.error(), attempt, deadline);
      if (!pause) co_return finished(answer.error(), attempt);
      auto waiting = wait(*pause);
      co_await std::move(waiting);
    }
  }

  [[nodiscard]] Node& node() noexcept { return *node_; }
  [[nodiscard]] std::uint64_t retries() const noexcept {
    return retries_.load(std::memory_order_relaxed);
  }

  /// Fails what is under way. Does not block.
  void close() { node_->close(); }
  /// In a child of `fork`: see `net::Connection::forget`.
  void forget() noexcept {
    for (const auto& connection : node_->connections()) connection->forget();
  }
  /// The same as `close`, and comes back when everything has ended.
  boost::asio::awaitable<void> closed();

 private:
  using Clock = std::chrono::steady_clock;

  void succeeded() {
    node_->breaker().succeeded(Clock::now());
    budget_.succeeded();
  }
  /// Notes the failure; how long to wait before the next attempt, or nothing: give up.
  std::optional<std::chrono::nanoseconds> failed(CallKind kind, const Error& error, int attempt,
                                                 Clock::time_point deadline);
  void note(const Error& error);
  [[nodiscard]] Error last_failure() const;
  static Error finished(const Error& error, int attempts);
  static boost::asio::awaitable<void> wait(std::chrono::nanoseconds pause);

  const std::shared_ptr<const ClientOptions> options_;
  const std::chrono::milliseconds deadline_;
  const std::shared_ptr<Node> node_;
  net::RetryBudget budget_;
  std::atomic<std::uint64_t> retries_{0};
  mutable std::mutex mutex_;
  std::optional<Error> last_failure_;  // guarded by mutex_
};

}  // namespace semantrix::redis
