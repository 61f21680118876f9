#include "stores/redis/client.hpp"

#include "net/network_checks.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <random>
#include <string>

namespace semantrix::redis {
namespace {

/// Whether the failure says that the server is reached and does not serve. That none can be reached
/// the connection knows best: it fails calls at once, and tries again by itself.
bool is_no_service(ErrorCode code) noexcept {
  return code == ErrorCode::timeout || code == ErrorCode::unavailable;
}

bool may_repeat(CallKind kind, const Error& error) noexcept {
  if (!error.retryable() || error.code() == ErrorCode::overloaded) return false;
  // A late write may still arrive: repeating it could undo a newer one. A connection that ended
  // brings nothing any more but what the server already has.
  return kind != CallKind::write || error.code() != ErrorCode::timeout ||
         error.info().phase != Phase::sent;
}

std::shared_ptr<Node> make_node(const std::shared_ptr<const ClientOptions>& options) {
  auto node = std::make_shared<Node>(options->endpoint, options);
  node->start();
  return node;
}

std::minstd_rand& random() {
  thread_local std::minstd_rand generator(std::random_device{}());
  return generator;
}

}  // namespace

Client::Client(ClientOptions options)
    : options_(std::make_shared<const ClientOptions>(std::move(options))),
      deadline_(net::effective_deadline(options_->network)),
      node_(make_node(options_)) {}

std::optional<std::chrono::nanoseconds> Client::failed(CallKind kind, const Error& error,
                                                       int attempt, Clock::time_point deadline) {
  note(error);
  if (error.info().server_message.starts_with("READONLY")) {
    // A name that now belongs to another server: only a new look-up leads to the primary.
    node_->discard(error);
  }
  if (attempt > options_->network.retry_attempts || !may_repeat(kind, error)) return std::nullopt;
  const auto pause =
      net::full_jitter(net::retry_backoff(options_->network.retry_delay), attempt - 1, random());
  if (Clock::now() + pause >= deadline || !budget_.try_retry()) return std::nullopt;
  retries_.fetch_add(1, std::memory_order_relaxed);
  return pause;
}

void Client::note(const Error& error) {
  if (error.info().phase == Phase::received && error.code() != ErrorCode::unavailable) {
    node_->breaker().succeeded(Clock::now());
  }
  if (!is_no_service(error.code())) return;
  {
    const std::lock_guard lock(mutex_);
    last_failure_ = error;
  }
  node_->breaker().failed(Clock::now());
}

Error Client::last_failure() const {
  const std::lock_guard lock(mutex_);
  if (!last_failure_) return Error(ErrorCode::unavailable, "the server does not answer");
  ErrorInfo info = last_failure_->info();
  info.message += "; not asked again for some seconds";
  info.phase = Phase::queued;
  return Error(std::move(info));
}

Error Client::finished(const Error& error, int attempts) {
  ErrorInfo info = error.info();
  info.attempts = attempts;
  return Error(std::move(info));
}

boost::asio::awaitable<void> Client::wait(std::chrono::nanoseconds pause) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, pause);
  boost::system::error_code ignored;
  auto waiting = timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  co_await std::move(waiting);
}

boost::asio::awaitable<void> Client::closed() {
  close();
  for (const auto& connection : node_->connections()) {
    auto reached = boost::asio::post(connection->executor(), boost::asio::use_awaitable);
    co_await std::move(reached);
  }
}

}  // namespace semantrix::redis
