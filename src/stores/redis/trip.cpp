#include "stores/redis/trip.hpp"

#include "net/backoff.hpp"
#include "net/network_checks.hpp"
#include "protocol/resp/redirection.hpp"

#include <random>
#include <utility>

namespace semantrix::redis {
namespace {

using resp::ErrorKind;

/// Servers that are tried for one attempt.
constexpr int most_choices = 8;
/// A cluster at rest needs one; more means that its nodes disagree.
constexpr int most_redirections = 5;

std::minstd_rand& random() {
  thread_local std::minstd_rand generator(std::random_device{}());
  return generator;
}

ErrorKind kind_of(const Error& error) {
  const ErrorInfo& info = error.info();
  if (info.phase != Phase::received || info.code != ErrorCode::unavailable) return ErrorKind::other;
  return resp::classify_error(info.server_message);
}

bool may_repeat(CallKind kind, const Error& error) noexcept {
  if (!error.retryable() || error.code() == ErrorCode::overloaded) return false;
  // A late write may still arrive: repeating it could undo a newer one. A connection that ended
  // brings nothing any more but what the server already has.
  return kind != CallKind::write || error.code() != ErrorCode::timeout ||
         error.info().phase != Phase::sent;
}

}  // namespace

Means::Means(ClientOptions given)
    : options(std::make_shared<const ClientOptions>(std::move(given))),
      deadline(net::effective_deadline(options->network)),
      servers(std::make_shared<Servers>(options)) {}

Trip::Trip(Means& means, Route route)
    : means_(means),
      route_(std::move(route)),
      deadline_(route_.deadline ? *route_.deadline : Clock::now() + means.deadline) {}

bool Trip::next() {
  // Where there is a choice, a server that is left alone is gone round.
  for (int choice = failures_;; ++choice) {
    const std::shared_ptr<Node> refused = std::move(node_);
    node_ = redirection_ ? redirection_ : means_.servers->pick(route_, choice);
    if (node_->breaker().allow(Clock::now())) return true;
    if (node_ == refused || choice == failures_ + most_choices) break;
  }
  means_.servers->refresh_soon();
  error_ = node_->last_failure();
  return false;
}

bool Trip::goes_on(const Error& error) {
  ++attempts_;
  error_ = error;
  pause_ = std::chrono::nanoseconds(0);
  node_->failed(error);
  const ErrorKind kind = kind_of(error);
  if (kind == ErrorKind::moved || kind == ErrorKind::ask) return follows(kind);
  redirection_.reset();
  asking_ = false;
  learn_from(kind);
  return retries();
}

bool Trip::follows(ErrorKind kind) {
  Servers& servers = *means_.servers;
  const auto to = resp::parse_redirection(error_->info().server_message);
  if (!servers.is_cluster() || !to || ++redirections_ > most_redirections) return false;
  redirection_.reset();
  asking_ = false;
  if (kind == ErrorKind::moved) servers.refresh_soon();
  if (to->host_is_unknown()) return retries();
  const net::Endpoint endpoint{to->host.empty() ? node_->endpoint().host : to->host, to->port};
  if (kind == ErrorKind::moved && endpoint == node_->endpoint()) {
    // The name leads elsewhere by now: only a new look-up gets there.
    node_->redial(*error_);
    return retries();
  }
  redirection_ = servers.at(endpoint);
  asking_ = kind == ErrorKind::ask;
  return Clock::now() < deadline_;
}

void Trip::learn_from(ErrorKind kind) {
  Servers& servers = *means_.servers;
  if (kind == ErrorKind::read_only && !servers.is_cluster()) {
    // A name that now belongs to another server: only a new look-up leads to the primary.
    node_->redial(*error_);
  }
  switch (error_->code()) {
    case ErrorCode::unavailable:
    case ErrorCode::timeout:
    case ErrorCode::connect_failed:
    case ErrorCode::connection_lost:
    case ErrorCode::resolve_failed:
      servers.refresh_soon();
      break;
    default:
      break;
  }
}

bool Trip::retries() {
  if (++failures_ > means_.options->network.retry_attempts) return false;
  if (!may_repeat(route_.kind, *error_)) return false;
  const auto backoff = net::retry_backoff(means_.options->network.retry_delay);
  pause_ = net::full_jitter(backoff, failures_ - 1, random());
  if (Clock::now() + pause_ >= deadline_ || !means_.budget.try_retry()) return false;
  means_.retries.fetch_add(1, std::memory_order_relaxed);
  return true;
}

Error Trip::error() const {
  ErrorInfo info = error_->info();
  info.attempts = attempts_;
  if (redirections_ > most_redirections) {
    info.message = "the cluster's nodes send the call from one to the next";
    info.remedy =
        "wait until they agree on who has the slot, or repair it: redis-cli --cluster fix";
  }
  return Error(std::move(info));
}

}  // namespace semantrix::redis
