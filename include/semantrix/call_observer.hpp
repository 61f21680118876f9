#pragma once

#include <semantrix/error.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

namespace semantrix {

/// A call that has ended. Views and pointers hold for as long as it is told.
struct CallRecord {
  std::string_view store;  ///< The store's name: "redis".
  std::string_view verb;  ///< "get_exact", "add", "erase", "batch_get", "batch_add", "batch_erase".
  std::chrono::system_clock::time_point started;
  std::chrono::nanoseconds duration;
  std::size_t keys;    ///< Asked for, written or erased.
  std::size_t found;   ///< Of them: had a value (reads, erasures), are stored (writes).
  const Error* error;  ///< Null: none.
};

/// Is told of the calls that pass a `MetricsLayer`: the hook for OpenTelemetry and its like
/// (example 10). A store without one pays nothing for it.
///
/// Both functions must be quick, thread-safe and must not throw; they may run at the same time on
/// many threads.
class CallObserver {
 public:
  virtual ~CallObserver() = default;

  /// A call begins, on the caller's thread: whatever context that thread holds is the caller's.
  /// What it returns comes back with the end of the call. Where the store answers at once, both
  /// happen one after the other. Default: nothing.
  virtual std::shared_ptr<void> begins(std::string_view verb) noexcept;

  /// The call has ended. A call that is abandoned half-way, by cancellation of its coroutine, ends
  /// with an error or, where the coroutine is destroyed, without a word.
  virtual void ended(const CallRecord& call, const std::shared_ptr<void>& begun) noexcept = 0;

 protected:
  CallObserver() = default;
  CallObserver(const CallObserver&) = default;
  CallObserver& operator=(const CallObserver&) = default;
};

}  // namespace semantrix
