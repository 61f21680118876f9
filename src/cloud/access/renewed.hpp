#pragma once

#include "cloud/access/source.hpp"
#include "net/call.hpp"
#include "net/call_queue.hpp"
#include "net/handled_call.hpp"
#include <semantrix/clock.hpp>
#include <semantrix/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace semantrix::cloud {

/// How long before something expires it is seen to. Lifetimes under 20 minutes get proportionally
/// less.
struct RenewalTiming {
  std::chrono::seconds refresh_before{300};  ///< From then on asked for anew in the background.
  std::chrono::seconds wait_before{60};      ///< From then on calls wait for the new ones.
  std::chrono::seconds retry_after{30};      ///< Pause after a background attempt that failed.
  std::chrono::milliseconds remember_failure{1'000};  ///< A failure is the answer for so long.
  std::chrono::milliseconds attempt{10'000};          ///< The longest that one attempt may take.
};

/// Keeps what a source gives, and has it renewed ahead of its time.
///
/// `T`: a struct whose `expires` is a `std::optional<std::chrono::system_clock::time_point>`.
///
/// Whoever asks shares one attempt. While the old is valid nobody fails for the lack of the new.
/// Thread-safe. Works on a strand of the executor, whose context must outlive it. Asks nothing
/// before the first question.
template <class T>
class Renewed : public std::enable_shared_from_this<Renewed<T>> {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  /// Immutable, so that parts of two generations never meet.
  using Shared = std::shared_ptr<const T>;

  Renewed(const boost::asio::any_io_executor& executor, std::unique_ptr<Source<T>> source,
          std::shared_ptr<const Clock> clock = system_clock(), RenewalTiming timing = {});

  /// Gives the same for ever, and at once.
  [[nodiscard]] static std::shared_ptr<Renewed> fixed(const boost::asio::any_io_executor& executor,
                                                      T value);

  /// What needs no waiting for; null if nothing does. Starts the renewal when it is time. A lock
  /// and a look at the clock.
  [[nodiscard]] Shared current();

  /// `current()`, or what the source says, by the deadline; never null. Errors: the source's,
  /// timeout, cancelled, closed. Resumes on the caller's executor.
  [[nodiscard]] static boost::asio::awaitable<Result<Shared>> get(std::shared_ptr<Renewed> self,
                                                                  TimePoint deadline);

  /// A service said that this has expired: it is not given out again. Does nothing if another has
  /// taken its place.
  void reject(const Shared& value);

  /// Fails who waits with `closed`, and who comes later. Does not block.
  void close();

 private:
  struct Nothing {};
  struct Decoder {
    using Answer = Shared;
    std::shared_ptr<Renewed> provider;
    void take(const Nothing& /*reply*/, const net::ReadBuffer& /*buffer*/) {}
    [[nodiscard]] Result<Answer> answer() const { return provider->kept(); }
  };
  using Waiter = net::Call<Nothing>;
  using Waiters = net::CallQueue<Waiter>;
  class Tether;

  template <class Token>
  auto async_wait(TimePoint deadline, Token&& token) {
    auto initiation = [self = this->shared_from_this(), deadline](auto handler) {
      using Waiting = net::HandledCall<Nothing, Decoder, decltype(handler)>;
      const boost::asio::any_io_executor home = self->strand_.get_inner_executor();
      auto* call = Waiting::create(Decoder{self}, std::move(handler), home);
      self->enlist(call, call->cancellation_slot(), deadline);
    };
    return boost::asio::async_initiate<Token, void(Result<Shared>)>(std::move(initiation), token);
  }

  void enlist(Waiter* waiter, boost::asio::cancellation_slot slot, TimePoint deadline);
  void leave(typename Waiters::Ticket ticket);
  void start_locked();
  static boost::asio::awaitable<void> attempt(Tether tether, TimePoint deadline);
  static boost::asio::awaitable<void> sweep(std::weak_ptr<Renewed> weak);
  std::vector<typename Waiters::Left> settle(Result<std::optional<T>> found);
  std::vector<typename Waiters::Left> dismiss();
  std::vector<typename Waiters::Left> expire();

  [[nodiscard]] Result<Shared> kept() const;
  [[nodiscard]] Result<Shared> kept_locked() const;
  [[nodiscard]] std::optional<Result<Shared>> settled() const;
  [[nodiscard]] bool failed_within(std::chrono::milliseconds pause) const;
  /// What `kept_` still has; nothing where it does not expire.
  [[nodiscard]] std::optional<std::chrono::milliseconds> left() const;

  boost::asio::strand<boost::asio::any_io_executor> strand_;
  const std::unique_ptr<Source<T>> source_;
  const std::shared_ptr<const Clock> clock_;
  const RenewalTiming timing_;
  boost::asio::cancellation_signal stop_;  ///< On the strand alone.

  mutable std::mutex mutex_;
  Shared kept_;
  std::optional<std::chrono::milliseconds> until_;  ///< Until when, on the wall, `kept_` is good.
  std::chrono::milliseconds lifetime_{0};           ///< What it had when it came.
  std::optional<Error> failure_;                    ///< Of the last attempt.
  std::chrono::milliseconds failed_at_{0};          ///< On the steady clock.
  bool asking_ = false;
  bool closed_ = false;
  Waiters waiters_;
};

}  // namespace semantrix::cloud

#include "cloud/access/renewed.ipp"
