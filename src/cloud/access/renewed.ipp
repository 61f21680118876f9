#pragma once

#include "cloud/access/renewed.hpp"
#include "net/connection_errors.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <string>

namespace semantrix::cloud {
namespace renewal {

/// How often those who wait are looked at.
inline constexpr std::chrono::milliseconds tick(20);

/// A short lifetime is not spent on renewals.
inline constexpr int refresh_share = 4;
inline constexpr int wait_share = 20;

inline Error late() {
  ErrorInfo info;
  info.code = ErrorCode::timeout;
  info.message = "the credentials did not come within the deadline";
  info.remedy = "try again, or allow the call more time (deadline)";
  info.retryable = true;
  info.phase = Phase::queued;
  return Error(std::move(info));
}

inline Error ended(ErrorCode code, std::string message) {
  return net::with_phase(Error(code, std::move(message)), Phase::queued);
}

}  // namespace renewal

/// Held by the attempt. If that is destroyed without having come to its end, the executor is gone,
/// and with it everybody who waits: they must not keep this alive.
template <class T>
class Renewed<T>::Tether {
 public:
  explicit Tether(std::shared_ptr<Renewed<T>> self) noexcept : self_(std::move(self)) {}
  Tether(Tether&&) noexcept = default;
  Tether& operator=(Tether&&) = delete;
  ~Tether() {
    if (!self_) return;
    for (const auto& left : self_->dismiss()) left.call->drop();
  }
  [[nodiscard]] Renewed<T>& owner() const noexcept { return *self_; }
  /// It came to its end.
  std::shared_ptr<Renewed<T>> release() noexcept { return std::move(self_); }

 private:
  std::shared_ptr<Renewed<T>> self_;
};

template <class T>
Renewed<T>::Renewed(const boost::asio::any_io_executor& executor, std::unique_ptr<Source<T>> source,
                    std::shared_ptr<const Clock> clock, RenewalTiming timing)
    : strand_(boost::asio::make_strand(executor)),
      source_(std::move(source)),
      clock_(std::move(clock)),
      timing_(timing) {}

template <class T>
std::shared_ptr<Renewed<T>> Renewed<T>::fixed(const boost::asio::any_io_executor& executor,
                                              T value) {
  auto source = std::make_unique<FixedSource<T>>(value);
  auto renewed = std::make_shared<Renewed<T>>(executor, std::move(source));
  renewed->kept_ = std::make_shared<const T>(std::move(value));
  return renewed;
}

template <class T>
std::optional<std::chrono::milliseconds> Renewed<T>::left() const {
  if (!until_) return std::nullopt;
  return *until_ - clock_->wall_now();
}

template <class T>
bool Renewed<T>::failed_within(std::chrono::milliseconds pause) const {
  return failure_ && clock_->steady_now() - failed_at_ < pause;
}

template <class T>
typename Renewed<T>::Shared Renewed<T>::current() {
  const std::lock_guard lock(mutex_);
  if (closed_ || !kept_) return nullptr;
  const auto rest = left();
  if (!rest || *rest > std::min<std::chrono::milliseconds>(timing_.refresh_before,
                                                           lifetime_ / renewal::refresh_share)) {
    return kept_;
  }
  if (*rest <=
      std::min<std::chrono::milliseconds>(timing_.wait_before, lifetime_ / renewal::wait_share))
    return nullptr;
  if (!asking_ && !failed_within(timing_.retry_after)) start_locked();
  return kept_;
}

template <class T>
Result<typename Renewed<T>::Shared> Renewed<T>::kept() const {
  const std::lock_guard lock(mutex_);
  return kept_locked();
}

template <class T>
Result<typename Renewed<T>::Shared> Renewed<T>::kept_locked() const {
  const auto rest = left();
  if (kept_ && (!rest || rest->count() > 0)) return kept_;
  return failure_ ? *failure_ : renewal::late();
}

/// What need not be asked for again so soon.
template <class T>
std::optional<Result<typename Renewed<T>::Shared>> Renewed<T>::settled() const {
  const std::lock_guard lock(mutex_);
  if (closed_) return Result<Shared>(renewal::ended(ErrorCode::closed, "the store is closed"));
  const auto rest = left();
  const bool valid = kept_ && (!rest || rest->count() > 0);
  if (!failed_within(valid ? timing_.retry_after : timing_.remember_failure)) return std::nullopt;
  return kept_locked();
}

template <class T>
boost::asio::awaitable<Result<typename Renewed<T>::Shared>> Renewed<T>::get(
    std::shared_ptr<Renewed<T>> self, TimePoint deadline) {
  if (Shared now = self->current()) co_return now;
  if (auto answer = self->settled()) co_return *std::move(answer);
  auto waiting = self->async_wait(deadline, boost::asio::use_awaitable);
  co_return co_await std::move(waiting);
}

template <class T>
void Renewed<T>::reject(const Shared& value) {
  const std::lock_guard lock(mutex_);
  if (kept_ != value) return;
  kept_.reset();
  until_.reset();
  failure_.reset();
}

template <class T>
void Renewed<T>::enlist(Waiter* waiter, boost::asio::cancellation_slot slot, TimePoint deadline) {
  {
    const std::lock_guard lock(mutex_);
    if (!closed_) {
      const auto now = std::chrono::steady_clock::now();
      const auto ticket = waiters_.push({waiter, 1, now, deadline});
      if (slot.is_connected()) {
        slot.assign([self = this->shared_from_this(), ticket](boost::asio::cancellation_type) {
          self->leave(ticket);
        });
      }
      if (!asking_) start_locked();
      return;
    }
  }
  waiter->fail(renewal::ended(ErrorCode::closed, "the store is closed"));
}

template <class T>
void Renewed<T>::leave(typename Waiters::Ticket ticket) {
  Waiter* waiter = nullptr;
  {
    const std::lock_guard lock(mutex_);
    waiter = waiters_.abandon(ticket);
  }
  if (waiter != nullptr)
    waiter->fail(renewal::ended(ErrorCode::cancelled, "the call was cancelled"));
}

template <class T>
void Renewed<T>::start_locked() {
  asking_ = true;
  const auto deadline = std::chrono::steady_clock::now() + timing_.attempt;
  // From the strand: the slot belongs to it.
  boost::asio::post(strand_, [self = this->shared_from_this(), deadline] {
    auto& strand = self->strand_;
    boost::asio::co_spawn(strand, sweep(self), boost::asio::detached);
    boost::asio::co_spawn(
        strand, attempt(Tether(self), deadline),
        boost::asio::bind_cancellation_slot(self->stop_.slot(), boost::asio::detached));
  });
}

template <class T>
boost::asio::awaitable<void> Renewed<T>::attempt(Tether tether, TimePoint deadline) {
  auto fetching = tether.owner().source_->fetch(deadline);
  Result<std::optional<T>> found = co_await std::move(fetching);
  const std::vector<typename Waiters::Left> waiters = tether.owner().settle(std::move(found));
  const std::shared_ptr<Renewed<T>> self = tether.release();
  const Result<Shared> answer = self->kept();
  for (const auto& waiter : waiters) {
    if (answer) {
      waiter.call->complete();
    } else {
      waiter.call->fail(answer.error());
    }
  }
}

template <class T>
std::vector<typename Renewed<T>::Waiters::Left> Renewed<T>::settle(Result<std::optional<T>> found) {
  const std::lock_guard lock(mutex_);
  asking_ = false;
  if (!found || !*found) {
    failure_ = found ? source_->nothing() : found.error();
    failed_at_ = clock_->steady_now();
    return waiters_.drain();
  }
  kept_ = std::make_shared<const T>(**std::move(found));
  failure_.reset();
  until_.reset();
  if (kept_->expires) {
    // What comes expired is the work of two clocks that differ: the service decides.
    const std::chrono::milliseconds now = clock_->wall_now();
    const auto told =
        std::chrono::floor<std::chrono::milliseconds>(kept_->expires->time_since_epoch());
    until_ = std::max<std::chrono::milliseconds>(told, now + timing_.retry_after);
    lifetime_ = *until_ - now;
  }
  return waiters_.drain();
}

template <class T>
std::vector<typename Renewed<T>::Waiters::Left> Renewed<T>::dismiss() {
  const std::lock_guard lock(mutex_);
  asking_ = false;
  return waiters_.drain();
}

template <class T>
std::vector<typename Renewed<T>::Waiters::Left> Renewed<T>::expire() {
  const std::lock_guard lock(mutex_);
  return waiters_.expire(std::chrono::steady_clock::now());
}

template <class T>
boost::asio::awaitable<void> Renewed<T>::sweep(std::weak_ptr<Renewed<T>> weak) {
  auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor);
  for (;;) {
    {
      const std::shared_ptr<Renewed<T>> self = weak.lock();
      if (!self) co_return;
      for (const auto& left : self->expire()) left.call->fail(renewal::late());
      const std::lock_guard lock(self->mutex_);
      if (!self->asking_) co_return;
    }
    timer.expires_after(renewal::tick);
    auto waiting = timer.async_wait(boost::asio::use_awaitable);
    co_await std::move(waiting);
  }
}

template <class T>
void Renewed<T>::close() {
  std::vector<typename Waiters::Left> waiters;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(closed_, true)) return;
    waiters = waiters_.drain();
  }
  for (const auto& waiter : waiters) {
    waiter.call->fail(renewal::ended(ErrorCode::closed, "the store was closed"));
  }
  boost::asio::post(strand_, [self = this->shared_from_this()] {
    self->stop_.emit(boost::asio::cancellation_type::terminal);
  });
}

}  // namespace semantrix::cloud
