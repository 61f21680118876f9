#include "net/http_attempts.hpp"

#include "net/backoff.hpp"
#include "net/network_checks.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace semantrix::net {
namespace {

using std::chrono::milliseconds;

/// A cache is asked again soon or not at all.
constexpr milliseconds longest_pause{200};
/// Whoever is throttled waits that much longer.
constexpr int throttled_factor = 5;
/// What a service may ask for beyond the pause that is due.
constexpr milliseconds most_asked{5'000};

std::minstd_rand& random() {
  thread_local std::minstd_rand generator(std::random_device{}());
  return generator;
}

bool may_repeat(CallKind kind, const Error& error) noexcept {
  if (!error.retryable() || error.code() == ErrorCode::overloaded) return false;
  // A late write may still arrive: repeating it could undo a newer one.
  return kind != CallKind::write || error.code() != ErrorCode::timeout ||
         error.info().phase != Phase::sent;
}

}  // namespace

HttpRetryMeans::HttpRetryMeans(const NetworkOptions& options)
    : network(options), deadline(effective_deadline(options)) {}

bool HttpAttempts::retry(const Error& error, std::optional<milliseconds> asked) {
  ++attempts_;
  if (++failures_ > means_->network.retry_attempts || !may_repeat(kind_, error)) return false;
  const bool throttled = error.code() == ErrorCode::throttled;
  const milliseconds base = means_->network.retry_delay * (throttled ? throttled_factor : 1);
  pause_ = full_jitter({base, std::max(base, longest_pause)}, failures_ - 1, random());
  if (asked) {
    const std::chrono::nanoseconds wanted = *asked;
    pause_ = std::clamp(wanted, pause_, pause_ + std::chrono::nanoseconds(most_asked));
  }
  if (Clock::now() + pause_ >= deadline_ || !means_->tokens.take(throttled)) return false;
  means_->retries.fetch_add(1, std::memory_order_relaxed);
  return true;
}

Error HttpAttempts::told(const Error& error) const {
  ErrorInfo info = error.info();
  info.attempts = std::max(attempts_, info.attempts);
  return Error(std::move(info));
}

}  // namespace semantrix::net
