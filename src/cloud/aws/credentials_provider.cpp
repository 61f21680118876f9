#include "cloud/aws/credentials_provider.hpp"

#include "cloud/aws/static_credentials.hpp"
#include "net/connection_errors.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <string>

namespace semantrix::aws {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;

/// How often those who wait are looked at.
constexpr milliseconds tick(20);

/// A short lifetime is not spent on renewals.
constexpr int refresh_share = 4;
constexpr int wait_share = 20;

Error nowhere(std::string_view places) {
  ErrorInfo info;
  info.code = ErrorCode::no_credentials;
  info.message = "no AWS credentials in " + std::string(places);
  info.remedy = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile";
  return Error(std::move(info));
}

Error late() {
  ErrorInfo info;
  info.code = ErrorCode::timeout;
  info.message = "the AWS credentials did not come within the deadline";
  info.remedy = "try again, or allow the call more time (deadline)";
  info.retryable = true;
  info.phase = Phase::queued;
  return Error(std::move(info));
}

Error ended(ErrorCode code, std::string message) {
  return net::with_phase(Error(code, std::move(message)), Phase::queued);
}

}  // namespace

/// Held by the attempt. If that is destroyed without having come to its end, the executor is gone,
/// and with it everybody who waits: they must not keep the provider alive.
class CredentialsProvider::Tether {
 public:
  explicit Tether(std::shared_ptr<CredentialsProvider> self) noexcept : self_(std::move(self)) {}
  Tether(Tether&&) noexcept = default;
  Tether& operator=(Tether&&) = delete;
  ~Tether() {
    if (!self_) return;
    for (const auto& left : self_->dismiss()) left.call->drop();
  }
  [[nodiscard]] CredentialsProvider& provider() const noexcept { return *self_; }
  /// It came to its end.
  std::shared_ptr<CredentialsProvider> release() noexcept { return std::move(self_); }

 private:
  std::shared_ptr<CredentialsProvider> self_;
};

CredentialsProvider::CredentialsProvider(const boost::asio::any_io_executor& executor,
                                         std::unique_ptr<CredentialsSource> source,
                                         std::shared_ptr<const Clock> clock,
                                         CredentialsTiming timing)
    : strand_(boost::asio::make_strand(executor)),
      source_(std::move(source)),
      clock_(std::move(clock)),
      timing_(timing) {}

std::shared_ptr<CredentialsProvider> CredentialsProvider::fixed(
    const boost::asio::any_io_executor& executor, Credentials credentials) {
  auto source = std::make_unique<StaticCredentials>(credentials);
  auto provider = std::make_shared<CredentialsProvider>(executor, std::move(source));
  provider->kept_ = std::make_shared<const Credentials>(std::move(credentials));
  return provider;
}

std::optional<milliseconds> CredentialsProvider::left() const {
  if (!until_) return std::nullopt;
  return *until_ - clock_->wall_now();
}

bool CredentialsProvider::failed_within(milliseconds pause) const {
  return failure_ && clock_->steady_now() - failed_at_ < pause;
}

SharedCredentials CredentialsProvider::current() {
  const std::lock_guard lock(mutex_);
  if (closed_ || !kept_) return nullptr;
  const auto rest = left();
  if (!rest || *rest > std::min<milliseconds>(timing_.refresh_before, lifetime_ / refresh_share)) {
    return kept_;
  }
  if (*rest <= std::min<milliseconds>(timing_.wait_before, lifetime_ / wait_share)) return nullptr;
  if (!asking_ && !failed_within(timing_.retry_after)) start_locked();
  return kept_;
}

Result<SharedCredentials> CredentialsProvider::kept() const {
  const std::lock_guard lock(mutex_);
  return kept_locked();
}

Result<SharedCredentials> CredentialsProvider::kept_locked() const {
  const auto rest = left();
  if (kept_ && (!rest || rest->count() > 0)) return kept_;
  return failure_ ? *failure_ : late();
}

/// What need not be asked for again so soon.
std::optional<Result<SharedCredentials>> CredentialsProvider::settled() const {
  const std::lock_guard lock(mutex_);
  if (closed_) return Result<SharedCredentials>(ended(ErrorCode::closed, "the store is closed"));
  const auto rest = left();
  const bool valid = kept_ && (!rest || rest->count() > 0);
  if (!failed_within(valid ? timing_.retry_after : timing_.remember_failure)) return std::nullopt;
  return kept_locked();
}

awaitable<Result<SharedCredentials>> CredentialsProvider::get(
    std::shared_ptr<CredentialsProvider> self, TimePoint deadline) {
  if (SharedCredentials now = self->current()) co_return now;
  if (auto answer = self->settled()) co_return *std::move(answer);
  auto waiting = self->async_wait(deadline, boost::asio::use_awaitable);
  co_return co_await std::move(waiting);
}

void CredentialsProvider::reject(const SharedCredentials& credentials) {
  const std::lock_guard lock(mutex_);
  if (kept_ != credentials) return;
  kept_.reset();
  until_.reset();
  failure_.reset();
}

void CredentialsProvider::enlist(Waiter* waiter, boost::asio::cancellation_slot slot,
                                 TimePoint deadline) {
  {
    const std::lock_guard lock(mutex_);
    if (!closed_) {
      const auto now = std::chrono::steady_clock::now();
      const auto ticket = waiters_.push({waiter, 1, now, deadline});
      if (slot.is_connected()) {
        slot.assign([self = shared_from_this(), ticket](boost::asio::cancellation_type) {
          self->leave(ticket);
        });
      }
      if (!asking_) start_locked();
      return;
    }
  }
  waiter->fail(ended(ErrorCode::closed, "the store is closed"));
}

void CredentialsProvider::leave(Waiters::Ticket ticket) {
  Waiter* waiter = nullptr;
  {
    const std::lock_guard lock(mutex_);
    waiter = waiters_.abandon(ticket);
  }
  if (waiter != nullptr) waiter->fail(ended(ErrorCode::cancelled, "the call was cancelled"));
}

void CredentialsProvider::start_locked() {
  asking_ = true;
  const auto deadline = std::chrono::steady_clock::now() + timing_.attempt;
  // From the strand: the slot belongs to it.
  boost::asio::post(strand_, [self = shared_from_this(), deadline] {
    auto& strand = self->strand_;
    boost::asio::co_spawn(strand, sweep(self), boost::asio::detached);
    boost::asio::co_spawn(
        strand, attempt(Tether(self), deadline),
        boost::asio::bind_cancellation_slot(self->stop_.slot(), boost::asio::detached));
  });
}

awaitable<void> CredentialsProvider::attempt(Tether tether, TimePoint deadline) {
  auto fetching = tether.provider().source_->fetch(deadline);
  Result<std::optional<Credentials>> found = co_await std::move(fetching);
  const std::vector<Waiters::Left> waiters = tether.provider().settle(std::move(found));
  const std::shared_ptr<CredentialsProvider> self = tether.release();
  const Result<SharedCredentials> answer = self->kept();
  for (const auto& waiter : waiters) {
    if (answer) {
      waiter.call->complete();
    } else {
      waiter.call->fail(answer.error());
    }
  }
}

std::vector<CredentialsProvider::Waiters::Left> CredentialsProvider::settle(
    Result<std::optional<Credentials>> found) {
  const std::lock_guard lock(mutex_);
  asking_ = false;
  if (!found || !*found) {
    failure_ = found ? nowhere(source_->name()) : found.error();
    failed_at_ = clock_->steady_now();
    return waiters_.drain();
  }
  kept_ = std::make_shared<const Credentials>(**std::move(found));
  failure_.reset();
  until_.reset();
  if (kept_->expires) {
    // What comes expired is the work of two clocks that differ: the service decides.
    const milliseconds now = clock_->wall_now();
    const auto told = std::chrono::floor<milliseconds>(kept_->expires->time_since_epoch());
    until_ = std::max<milliseconds>(told, now + timing_.retry_after);
    lifetime_ = *until_ - now;
  }
  return waiters_.drain();
}

std::vector<CredentialsProvider::Waiters::Left> CredentialsProvider::dismiss() {
  const std::lock_guard lock(mutex_);
  asking_ = false;
  return waiters_.drain();
}

std::vector<CredentialsProvider::Waiters::Left> CredentialsProvider::expire() {
  const std::lock_guard lock(mutex_);
  return waiters_.expire(std::chrono::steady_clock::now());
}

awaitable<void> CredentialsProvider::sweep(std::weak_ptr<CredentialsProvider> weak) {
  auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor);
  for (;;) {
    {
      const std::shared_ptr<CredentialsProvider> self = weak.lock();
      if (!self) co_return;
      for (const auto& left : self->expire()) left.call->fail(late());
      const std::lock_guard lock(self->mutex_);
      if (!self->asking_) co_return;
    }
    timer.expires_after(tick);
    auto waiting = timer.async_wait(boost::asio::use_awaitable);
    co_await std::move(waiting);
  }
}

void CredentialsProvider::close() {
  std::vector<Waiters::Left> waiters;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(closed_, true)) return;
    waiters = waiters_.drain();
  }
  for (const auto& waiter : waiters) {
    waiter.call->fail(ended(ErrorCode::closed, "the store was closed"));
  }
  boost::asio::post(strand_, [self = shared_from_this()] {
    self->stop_.emit(boost::asio::cancellation_type::terminal);
  });
}

}  // namespace semantrix::aws
