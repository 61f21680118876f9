#pragma once

#include <semantrix/cache_store.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace semantrix::testing {

/// What a load of entries that die saw.
struct MortalReport {
  std::uint64_t calls = 0;
  std::uint64_t hits = 0;
  std::uint64_t expired = 0;  ///< Misses of what had to be gone: of age, or erased.
  std::map<ErrorCode, std::uint64_t> errors;
  std::vector<std::string> wrong;  ///< Another value than the last, one that is dead, one lost.
  std::chrono::steady_clock::duration worst{};  ///< The longest call.
  std::chrono::steady_clock::duration lag{};  ///< The longest that a caller's timer came too late.

  [[nodiscard]] std::string text() const;
};

/// Callers that add entries with short lives and of any size, erase them and look for them. A
/// caller knows of each of its keys what a lookup may give: the last value that was acknowledged,
/// nothing before its ttl has passed, nothing but a miss afterwards. After a call of unknown
/// outcome a key may give what it had or what it was to have, until the next that is acknowledged;
/// what is added within `doubt` of such a call may miss.
class MortalLoad {
 public:
  /// The store outlives it. `executor` is one thread's. Keys begin with `name`.
  MortalLoad(CacheStore& store, const boost::asio::any_io_executor& executor,
             const std::string& name, std::size_t callers, std::chrono::milliseconds doubt,
             std::uint64_t seed);

  /// What was seen so far. Thread-safe.
  [[nodiscard]] MortalReport report() const;
  /// No caller begins another call; whether all have ended in so long. Thread-safe.
  [[nodiscard]] bool stop(std::chrono::milliseconds longest);

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace semantrix::testing
