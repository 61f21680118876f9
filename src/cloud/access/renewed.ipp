#pragma once

#include "cloud/access/renewed.hpp"
#include "net/connection_errors.hpp"

#include <algorithm>

namespace semantrix::cloud {

template <class T>
class Renewed<T>::Keeper {
 public:
  using Milliseconds = std::chrono::milliseconds;

  Keeper(std::unique_ptr<Source<T>> source, std::shared_ptr<const Clock> clock,
         RenewalTiming timing)
      : source_(std::move(source)), clock_(std::move(clock)), timing_(timing) {}

  struct Look {
    Shared value = nullptr;  ///< What needs no waiting for.
    bool renew = false;      ///< It is time to.
  };
  [[nodiscard]] Look look() const {
    // A short lifetime is not spent on renewals.
    constexpr int refresh_share = 4;
    constexpr int wait_share = 20;
    const std::lock_guard lock(mutex_);
    if (closed_ || !kept_) return {};
    const auto rest = left();
    const auto refresh = std::min<Milliseconds>(timing_.refresh_before, lifetime_ / refresh_share);
    if (!rest || *rest > refresh) return {kept_};
    if (*rest <= std::min<Milliseconds>(timing_.wait_before, lifetime_ / wait_share)) return {};
    return {kept_, !failed_within(timing_.retry_after)};
  }

  /// What need not be asked for again so soon.
  [[nodiscard]] std::optional<Result<Shared>> settled() const {
    const std::lock_guard lock(mutex_);
    if (closed_) return Result<Shared>(net::store_closed());
    const auto pause = is_valid() ? timing_.retry_after : timing_.remember_failure;
    if (!failed_within(pause)) return std::nullopt;
    return answer();
  }

  /// One attempt.
  static boost::asio::awaitable<Result<Shared>> renew(std::shared_ptr<Keeper> self,
                                                      TimePoint deadline) {
    auto fetching = self->source_->fetch(deadline);
    Result<std::optional<T>> found = co_await std::move(fetching);
    co_return self->settle(std::move(found));
  }

  void keep(T value) { kept_ = std::make_shared<const T>(std::move(value)); }

  void reject(const Shared& value) {
    const std::lock_guard lock(mutex_);
    if (kept_ != value) return;
    kept_.reset();
    until_.reset();
    failure_.reset();
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }

 private:
  Result<Shared> settle(Result<std::optional<T>> found) {
    const std::lock_guard lock(mutex_);
    if (!found || !*found) {
      failure_ = found ? source_->nothing() : found.error();
      failed_at_ = clock_->steady_now();
      return answer();
    }
    kept_ = std::make_shared<const T>(**std::move(found));
    failure_.reset();
    until_.reset();
    if (kept_->expires) {
      // What comes expired is the work of two clocks that differ: the service decides.
      const Milliseconds now = clock_->wall_now();
      const auto told = std::chrono::floor<Milliseconds>(kept_->expires->time_since_epoch());
      until_ = std::max<Milliseconds>(told, now + timing_.retry_after);
      lifetime_ = *until_ - now;
    }
    return kept_;
  }

  // The lock is held in all of these.

  /// After a failure: the old, as long as it holds.
  [[nodiscard]] Result<Shared> answer() const {
    if (is_valid()) return kept_;
    return *failure_;
  }
  [[nodiscard]] bool is_valid() const {
    const auto rest = left();
    return kept_ && (!rest || rest->count() > 0);
  }
  [[nodiscard]] bool failed_within(Milliseconds pause) const {
    return failure_ && clock_->steady_now() - failed_at_ < pause;
  }
  /// What `kept_` still has; nothing where it does not expire.
  [[nodiscard]] std::optional<Milliseconds> left() const {
    if (!until_) return std::nullopt;
    return *until_ - clock_->wall_now();
  }

  const std::unique_ptr<Source<T>> source_;
  const std::shared_ptr<const Clock> clock_;
  const RenewalTiming timing_;

  mutable std::mutex mutex_;
  Shared kept_;
  std::optional<Milliseconds> until_;  ///< Until when, on the wall, `kept_` is good.
  Milliseconds lifetime_{0};           ///< What it had when it came.
  std::optional<Error> failure_;       ///< Of the last attempt.
  Milliseconds failed_at_{0};          ///< On the steady clock.
  bool closed_ = false;
};

template <class T>
Renewed<T>::Renewed(const boost::asio::any_io_executor& executor, std::unique_ptr<Source<T>> source,
                    std::shared_ptr<const Clock> clock, RenewalTiming timing)
    : keeper_(std::make_shared<Keeper>(std::move(source), std::move(clock), timing)) {
  auto work = [keeper = keeper_](TimePoint deadline) { return Keeper::renew(keeper, deadline); };
  flight_ = std::make_shared<SingleFlight<Shared>>(executor, std::move(work), timing.attempt,
                                                   "the credentials");
}

template <class T>
std::shared_ptr<Renewed<T>> Renewed<T>::fixed(const boost::asio::any_io_executor& executor,
                                              T value) {
  auto renewed = std::make_shared<Renewed<T>>(executor, std::make_unique<FixedSource<T>>(value));
  renewed->keeper_->keep(std::move(value));
  return renewed;
}

template <class T>
typename Renewed<T>::Shared Renewed<T>::current() {
  auto look = keeper_->look();
  if (look.renew) flight_->start();
  return std::move(look.value);
}

template <class T>
boost::asio::awaitable<Result<typename Renewed<T>::Shared>> Renewed<T>::get(
    std::shared_ptr<Renewed> self, TimePoint deadline) {
  if (Shared now = self->current()) co_return now;
  if (auto answer = self->keeper_->settled()) co_return *std::move(answer);
  auto joining = SingleFlight<Shared>::join(self->flight_, deadline);
  co_return co_await std::move(joining);
}

template <class T>
void Renewed<T>::reject(const Shared& value) {
  keeper_->reject(value);
}

template <class T>
void Renewed<T>::close() {
  keeper_->close();
  flight_->close();
}

}  // namespace semantrix::cloud
