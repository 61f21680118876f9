#pragma once

#include "net/call.hpp"
#include "net/call_queue.hpp"
#include "net/connection_errors.hpp"
#include "net/handled_call.hpp"
#include "net/read_buffer.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace semantrix::cloud {

/// One question at a time, however many ask it: who comes while it is under way gets its answer.
/// A caller that gives up leaves the question under way, for the others and for those to come.
///
/// Works on a strand of the executor, whose context must outlive it. Thread-safe.
template <class T>
class SingleFlight : public std::enable_shared_from_this<SingleFlight<T>> {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  /// Asks the question; runs on the strand, and must end by the deadline.
  using Work = std::function<boost::asio::awaitable<Result<T>>(TimePoint deadline)>;

  /// `patience` is what one question may take, `what` what callers wait for: "a token".
  SingleFlight(const boost::asio::any_io_executor& executor, Work work,
               std::chrono::milliseconds patience, std::string what)
      : strand_(boost::asio::make_strand(executor)),
        work_(std::move(work)),
        patience_(patience),
        what_(std::move(what)) {}

  /// The answer to the question that is under way, or to a new one. Errors: the question's, timeout
  /// at the deadline, cancelled, closed. Resumes on the caller's executor.
  static boost::asio::awaitable<Result<T>> join(std::shared_ptr<SingleFlight> self,
                                                TimePoint deadline) {
    auto waiting = self->async_join(deadline, boost::asio::use_awaitable);
    co_return co_await std::move(waiting);
  }

  /// Has the question asked in the background, unless it is under way.
  void start() {
    const std::lock_guard lock(mutex_);
    if (!closed_ && !asking_) start_locked();
  }

  [[nodiscard]] boost::asio::any_io_executor executor() const { return strand_; }

  /// Fails who waits with `closed`, and who comes later. Does not block.
  void close() {
    std::vector<Left> waiters;
    {
      const std::lock_guard lock(mutex_);
      if (std::exchange(closed_, true)) return;
      waiters = waiters_.drain();
    }
    for (const Left& left : waiters) left.call->fail(net::store_closed());
    boost::asio::post(strand_, [self = this->shared_from_this()] {
      self->stop_.emit(boost::asio::cancellation_type::terminal);
    });
  }

 private:
  using Answer = Result<T>;
  using Waiter = net::Call<Answer>;
  using Waiters = net::CallQueue<Waiter>;
  using Left = typename Waiters::Left;

  struct Decoder {
    using Answer = T;
    std::optional<Result<T>> answered = std::nullopt;
    void take(const Result<T>& answer, const net::ReadBuffer& /*buffer*/) { answered = answer; }
    [[nodiscard]] Result<T> answer() { return *std::move(answered); }
  };

  /// Held by the question. If that is destroyed without having come to its end, the executor is
  /// gone, and with it everybody who waits: they must not keep this alive.
  class Tether {
   public:
    explicit Tether(std::shared_ptr<SingleFlight> self) noexcept : self_(std::move(self)) {}
    Tether(Tether&&) noexcept = default;
    Tether& operator=(Tether&&) = delete;
    ~Tether() {
      if (!self_) return;
      for (const Left& left : self_->dismiss()) left.call->drop();
    }
    [[nodiscard]] SingleFlight& flight() const noexcept { return *self_; }
    /// It came to its end.
    std::shared_ptr<SingleFlight> release() noexcept { return std::move(self_); }

   private:
    std::shared_ptr<SingleFlight> self_;
  };

  template <class Token>
  auto async_join(TimePoint deadline, Token&& token) {
    auto initiation = [self = this->shared_from_this(), deadline](auto handler) {
      using Waiting = net::HandledCall<Answer, Decoder, decltype(handler)>;
      const boost::asio::any_io_executor home = self->strand_.get_inner_executor();
      auto* call = Waiting::create(Decoder{}, std::move(handler), home);
      self->enlist(call, call->cancellation_slot(), deadline);
    };
    return boost::asio::async_initiate<Token, void(Result<T>)>(std::move(initiation), token);
  }

  void enlist(Waiter* waiter, boost::asio::cancellation_slot slot, TimePoint deadline) {
    {
      const std::lock_guard lock(mutex_);
      if (!closed_) {
        const auto ticket = waiters_.push({waiter, 1, std::chrono::steady_clock::now(), deadline});
        if (slot.is_connected()) {
          slot.assign([self = this->shared_from_this(), ticket](boost::asio::cancellation_type) {
            self->leave(ticket);
          });
        }
        if (!asking_) start_locked();
        return;
      }
    }
    waiter->fail(net::store_closed());
  }

  void leave(typename Waiters::Ticket ticket) {
    Waiter* waiter = nullptr;
    {
      const std::lock_guard lock(mutex_);
      waiter = waiters_.abandon(ticket);
    }
    if (waiter == nullptr) return;
    const Error error(ErrorCode::cancelled, "the call was cancelled");
    waiter->fail(net::with_phase(error, Phase::queued));
  }

  void start_locked() {
    asking_ = true;
    const auto deadline = std::chrono::steady_clock::now() + patience_;
    // From the strand: the slot belongs to it.
    boost::asio::post(strand_, [self = this->shared_from_this(), deadline] {
      boost::asio::co_spawn(self->strand_, sweep(self), boost::asio::detached);
      boost::asio::co_spawn(
          self->strand_, ask(Tether(self), deadline),
          boost::asio::bind_cancellation_slot(self->stop_.slot(), boost::asio::detached));
    });
  }

  static boost::asio::awaitable<void> ask(Tether tether, TimePoint deadline) {
    auto asking = tether.flight().work_(deadline);
    const Answer answer = co_await std::move(asking);
    const std::vector<Left> waiters = tether.flight().dismiss();
    const std::shared_ptr<SingleFlight> self = tether.release();
    const net::ReadBuffer none;
    for (const Left& left : waiters) {
      if (answer) {
        left.call->take(answer, none);
        left.call->complete();
      } else {
        left.call->fail(answer.error());
      }
    }
  }

  static boost::asio::awaitable<void> sweep(std::weak_ptr<SingleFlight> weak) {
    constexpr std::chrono::milliseconds tick(20);
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor);
    for (;;) {
      {
        const std::shared_ptr<SingleFlight> self = weak.lock();
        if (!self || !self->expire()) co_return;
      }
      timer.expires_after(tick);
      auto waiting = timer.async_wait(boost::asio::use_awaitable);
      co_await std::move(waiting);
    }
  }

  /// Whether the question is still under way.
  bool expire() {
    std::vector<Left> late;
    bool asking = false;
    {
      const std::lock_guard lock(mutex_);
      late = waiters_.expire(std::chrono::steady_clock::now());
      asking = asking_;
    }
    for (const Left& left : late) left.call->fail(too_late());
    return asking;
  }

  [[nodiscard]] Error too_late() const {
    ErrorInfo info;
    info.code = ErrorCode::timeout;
    info.message = what_ + " did not come in time";
    info.remedy = "try again; it is still being asked for";
    info.retryable = true;
    info.phase = Phase::connecting;
    return Error(std::move(info));
  }

  std::vector<Left> dismiss() {
    const std::lock_guard lock(mutex_);
    asking_ = false;
    return waiters_.drain();
  }

  boost::asio::strand<boost::asio::any_io_executor> strand_;
  const Work work_;
  const std::chrono::milliseconds patience_;
  const std::string what_;
  boost::asio::cancellation_signal stop_;  ///< On the strand alone.

  std::mutex mutex_;
  Waiters waiters_;
  bool asking_ = false;
  bool closed_ = false;
};

}  // namespace semantrix::cloud
