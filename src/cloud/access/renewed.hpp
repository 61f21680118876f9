#pragma once

#include "cloud/access/single_flight.hpp"
#include "cloud/access/source.hpp"
#include <semantrix/clock.hpp>
#include <semantrix/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

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
class Renewed {
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
  /// What is kept; the question that is under way holds it.
  class Keeper;

  std::shared_ptr<Keeper> keeper_;
  std::shared_ptr<SingleFlight<Shared>> flight_;
};

}  // namespace semantrix::cloud

#include "cloud/access/renewed.ipp"
