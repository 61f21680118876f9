#pragma once

#include <semantrix/cache_store.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::testing {

/// What a load saw so far.
struct LoadReport {
  using Duration = std::chrono::steady_clock::duration;

  struct Shard {
    std::uint64_t calls = 0;
    std::uint64_t failures = 0;
    Duration worst{};          ///< The longest call, failures included.
    Duration longest_quiet{};  ///< The longest time without a call that succeeded.
    [[nodiscard]] std::uint64_t successes() const { return calls - failures; }
  };

  std::vector<Shard> shards;
  std::map<ErrorCode, std::uint64_t> errors;
  std::uint64_t final_errors = 0;  ///< Failures that are not retryable.
  /// Batches are in no shard; each failed item counts as a failure.
  std::uint64_t batches = 0;
  std::uint64_t batch_failures = 0;
  /// Values of another key, of a version that nobody wrote, or torn.
  std::vector<std::string> wrong;
  std::uint64_t missing = 0;  ///< Misses of a key that was written.
  std::uint64_t older = 0;    ///< Values older than the last write that was acknowledged.
  Duration worst{};           ///< The longest call.
  Duration lag{};             ///< The longest that a timer of the callers' executor came too late.

  [[nodiscard]] std::uint64_t calls() const;
  [[nodiscard]] std::uint64_t failures() const;
  /// One line for all and one a shard.
  [[nodiscard]] std::string text() const;
};

/// Callers that write and read keys of their own without end. A value names its key and a version
/// that grows with every write, so that a caller knows what it may find.
class VersionedLoad {
 public:
  struct Plan {
    std::vector<std::vector<std::string>> keys;  ///< Of each caller.
    std::function<std::size_t(const std::string& key)> shard;
    std::size_t shards = 1;
    /// How long after a write of unknown outcome nothing is read of the key: it may miss until a
    /// write was answered after that time. Zero: it may not miss at all.
    std::chrono::milliseconds doubt{0};
    bool batches = false;                ///< Every fourth call is one for all keys of the caller.
    std::chrono::milliseconds pause{2};  ///< Between two calls of a caller.
  };

  /// The store outlives it. `executor` is one thread's.
  VersionedLoad(CacheStore& store, const boost::asio::any_io_executor& executor, Plan plan);
  ~VersionedLoad();
  VersionedLoad(const VersionedLoad&) = delete;
  VersionedLoad& operator=(const VersionedLoad&) = delete;

  /// What was seen so far. Thread-safe.
  [[nodiscard]] LoadReport report() const;

  /// No caller begins another call; whether all have ended in so long. Thread-safe.
  [[nodiscard]] bool stop(std::chrono::milliseconds longest);

  /// After `stop`: what is wrong with the values that `get` finds now, if anything. A value as old
  /// as `may_be_older` allows, or a miss, is no loss then.
  [[nodiscard]] std::vector<std::string> check(
      const std::function<std::optional<Value>(const std::string& key)>& get,
      bool may_be_older) const;

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace semantrix::testing
