#include "stores/redis/trip.hpp"

#include "protocol/resp/redirection.hpp"

#include <utility>

namespace semantrix::redis {
namespace {

using resp::ErrorKind;

/// Servers that are tried for one attempt.
constexpr int most_choices = 8;
/// A cluster at rest needs one; more means that its nodes disagree.
constexpr int most_redirections = 5;

ErrorKind kind_of(const Error& error) {
  const ErrorInfo& info = error.info();
  if (info.phase != Phase::received || info.code != ErrorCode::unavailable) return ErrorKind::other;
  return resp::classify_error(info.server_message);
}

}  // namespace

Means::Means(ClientOptions given)
    : options(std::make_shared<const ClientOptions>(std::move(given))),
      servers(std::make_shared<Servers>(options)),
      retrying(options->network) {}

Trip::Trip(Means& means, Route route)
    : means_(means),
      route_(std::move(route)),
      attempts_(means.retrying, route_.kind, route_.deadline) {}

bool Trip::next() {
  // Where there is a choice, a server that is left alone is gone round.
  for (int choice = attempts_.failures();; ++choice) {
    const std::shared_ptr<Node> refused = std::move(node_);
    node_ = redirection_ ? redirection_ : means_.servers->pick(route_, choice);
    if (node_->breaker().allow(Clock::now())) return true;
    if (node_ == refused || choice == attempts_.failures() + most_choices) break;
  }
  means_.servers->refresh_soon();
  attempts_.refused(node_->last_failure());
  return false;
}

bool Trip::goes_on(const Error& error) {
  attempts_.failed(error);
  node_->failed(error);
  const ErrorKind kind = kind_of(error);
  if (kind == ErrorKind::moved || kind == ErrorKind::ask) return follows(kind);
  redirection_.reset();
  asking_ = false;
  learn_from(kind);
  return attempts_.retry();
}

bool Trip::follows(ErrorKind kind) {
  Servers& servers = *means_.servers;
  const auto to = resp::parse_redirection(attempts_.last().info().server_message);
  if (!servers.is_cluster() || !to || ++redirections_ > most_redirections) return false;
  redirection_.reset();
  asking_ = false;
  if (kind == ErrorKind::moved) servers.refresh_soon();
  if (to->host_is_unknown()) return attempts_.retry();
  const net::Endpoint endpoint{to->host.empty() ? node_->endpoint().host : to->host, to->port};
  if (kind == ErrorKind::moved && endpoint == node_->endpoint()) {
    // The name leads elsewhere by now: only a new look-up gets there.
    node_->redial(attempts_.last());
    return attempts_.retry();
  }
  redirection_ = servers.at(endpoint);
  asking_ = kind == ErrorKind::ask;
  return Clock::now() < deadline();
}

void Trip::learn_from(ErrorKind kind) {
  Servers& servers = *means_.servers;
  if (kind == ErrorKind::read_only && !servers.is_cluster()) {
    // A name that now belongs to another server: only a new look-up leads to the primary.
    node_->redial(attempts_.last());
  }
  switch (attempts_.last().code()) {
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

Error Trip::error() const {
  Error error = attempts_.error();
  if (redirections_ <= most_redirections) return error;
  ErrorInfo info = error.info();
  info.message = "the cluster's nodes send the call from one to the next";
  info.remedy = "wait until they agree on who has the slot, or repair it: redis-cli --cluster fix";
  return Error(std::move(info));
}

}  // namespace semantrix::redis
