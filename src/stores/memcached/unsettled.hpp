#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>

namespace semantrix::memcached {

/// The keys whose last write did not get a server's answer: the server may still have what was
/// there before, which nobody may read any more. A reader erases it first.
///
/// A write that was sent may even be executed after later ones that were answered, by a server that
/// hangs and goes on. So its key stays unsettled for `patience`, whatever is answered meanwhile,
/// and erasing it before then is of no use: to a reader it is a miss.
///
/// Remembers 64 bits a key, and as much again with a time for keys whose write may come late, for
/// `most` keys each. Beyond the first, every key of the store is unsettled, and those are
/// remembered that were settled since; beyond the second, none is settled for `patience`.
/// Thread-safe; while nothing is unsettled a question costs one relaxed load.
class Unsettled {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t most = std::size_t{1} << 20U;

  explicit Unsettled(Clock::duration patience, std::size_t most_keys = most)
      : patience_(patience), most_(most_keys) {}

  /// A write was not made, and never will be.
  void note(std::string_view wire_key);
  /// A write was sent, and its outcome is not known.
  void note_sent(std::string_view wire_key, Clock::time_point now);
  /// A write was answered, or what was there before was erased.
  void settle(std::string_view wire_key, Clock::time_point now) {
    if (any_.load(std::memory_order_relaxed)) remove(wire_key, now);
  }
  [[nodiscard]] bool has(std::string_view wire_key) const {
    return any_.load(std::memory_order_relaxed) && contains(wire_key);
  }
  /// Whether a write that was sent may still be executed.
  [[nodiscard]] bool waits(std::string_view wire_key, Clock::time_point now);
  [[nodiscard]] bool any() const noexcept { return any_.load(std::memory_order_relaxed); }

 private:
  void remove(std::string_view wire_key, Clock::time_point now);
  [[nodiscard]] bool contains(std::string_view wire_key) const;
  void take_up(std::uint64_t hash);
  void insert(std::uint64_t hash);
  [[nodiscard]] bool may_come_late(std::uint64_t hash, Clock::time_point now);
  void forget_what_is_over(Clock::time_point now);

  const Clock::duration patience_;
  const std::size_t most_;
  std::atomic<bool> any_{false};
  mutable std::mutex mutex_;  // guards what follows
  bool all_but_ = false;      // the keys are those that are settled
  boost::unordered_flat_set<std::uint64_t> keys_;
  boost::unordered_flat_map<std::uint64_t, Clock::time_point> late_until_;
  Clock::time_point all_late_until_ = Clock::time_point::min();
};

}  // namespace semantrix::memcached
