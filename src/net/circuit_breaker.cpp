#include "net/circuit_breaker.hpp"

namespace semantrix::net {

CircuitBreaker::CircuitBreaker(BreakerOptions options, std::uint32_t seed)
    : options_(options), random_(seed) {}

CircuitBreaker::State CircuitBreaker::state() const noexcept {
  switch (mode_.load(std::memory_order_relaxed)) {
    case Mode::open:
      return State::open;
    case Mode::half_open:
      return State::half_open;
    default:
      return State::closed;
  }
}

bool CircuitBreaker::allow_probe(time_point now) {
  const std::lock_guard lock(mutex_);
  const Mode mode = mode_.load(std::memory_order_relaxed);
  if (mode <= Mode::counting) return true;
  if (mode == Mode::open) {
    if (now < open_until_) return false;
    become(Mode::half_open);
    good_probes_ = 0;
  } else if (now < probe_until_) {
    return false;
  }
  probe_until_ = now + options_.probe_patience;
  return true;
}

void CircuitBreaker::count_success(time_point now) {
  const std::lock_guard lock(mutex_);
  refusals_in_a_row_ = 0;
  switch (mode_.load(std::memory_order_relaxed)) {
    case Mode::counting:
      ++successes_;
      if (now - window_start_ >= options_.window) become(Mode::quiet);
      break;
    case Mode::half_open:
      probe_until_ = time_point::min();
      if (++good_probes_ >= options_.probes) become(Mode::quiet);
      break;
    case Mode::quiet:
    case Mode::open:  // An answer to a call from before.
      break;
  }
}

void CircuitBreaker::count_failure(time_point now, bool refused) {
  const std::lock_guard lock(mutex_);
  refusals_in_a_row_ = refused ? refusals_in_a_row_ + 1 : 0;
  const Mode mode = mode_.load(std::memory_order_relaxed);
  if (mode == Mode::open) return;
  if (mode == Mode::half_open) return open(now);
  if (mode == Mode::quiet || now - window_start_ >= options_.window) {
    window_start_ = now;
    successes_ = failures_ = 0;
    become(Mode::counting);
  }
  ++failures_;
  const bool many = failures_ >= options_.failures && failures_ >= successes_;
  if (many || refusals_in_a_row_ >= options_.refusals) open(now);
}

void CircuitBreaker::open(time_point now) {
  using Count = std::chrono::steady_clock::rep;
  const Count quarter = options_.open.count() / 4;
  std::uniform_int_distribution<Count> jitter(-quarter, quarter);
  open_until_ = now + options_.open + std::chrono::steady_clock::duration(jitter(random_));
  refusals_in_a_row_ = 0;
  become(Mode::open);
}

}  // namespace semantrix::net
