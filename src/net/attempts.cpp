#include "net/attempts.hpp"

#include "net/backoff.hpp"
#include "net/network_checks.hpp"

#include <random>
#include <utility>

namespace semantrix::net {
namespace {

std::minstd_rand& random() {
  thread_local std::minstd_rand generator(std::random_device{}());
  return generator;
}

/// The first is enough for some hundred replies to make room; the last keeps many thousands that
/// wait from looking so often that they are in the way of the replies.
constexpr Backoff turn{std::chrono::milliseconds(5), std::chrono::milliseconds(100)};

bool may_repeat(CallKind kind, const Error& error) noexcept {
  if (!error.retryable()) return false;
  // A late write may still arrive: repeating it could undo a newer one. A connection that ended
  // brings nothing any more but what the server already has.
  return kind != CallKind::write || error.code() != ErrorCode::timeout ||
         error.info().phase != Phase::sent;
}

}  // namespace

RetryMeans::RetryMeans(const NetworkOptions& options)
    : network(options), deadline(effective_deadline(options)) {}

void Attempts::failed(const Error& error) {
  ++attempts_;
  error_ = error;
  pause_ = std::chrono::nanoseconds(0);
}

bool Attempts::retry() {
  if (error_->code() == ErrorCode::overloaded) return wait_for_turn();
  if (++failures_ > means_->network.retry_attempts) return false;
  if (!may_repeat(kind_, *error_)) return false;
  pause_ = full_jitter(retry_backoff(means_->network.retry_delay), failures_ - 1, random());
  if (Clock::now() + pause_ >= deadline_ || !means_->budget.try_retry()) return false;
  means_->retries.fetch_add(1, std::memory_order_relaxed);
  return true;
}

bool Attempts::wait_for_turn() {
  --attempts_;
  pause_ = full_jitter(turn, turns_++, random());
  return Clock::now() + pause_ < deadline_;
}

Error Attempts::error() const {
  ErrorInfo info = error_->info();
  info.attempts = attempts_;
  return Error(std::move(info));
}

}  // namespace semantrix::net
