#pragma once

#include <semantrix/stats.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::contract {

/// Which keys are asked for most, of a sample of the gets: the counters of "space saving"
/// (Metwally, Agrawal and El Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data
/// Streams", ICDT 2005), halved from time to time, so that they tell of the last half million gets.
///
/// A get costs a countdown of its thread; one in 64 by chance (each of the first thousand) is
/// counted, under a flag that nobody waits for: what finds it taken is not counted. Thread-safe.
class HotKeys {
 public:
  /// Gets of this thread until one is counted. Of the default model: an initial-exec one would bind
  /// every other thread_local of the Python module to the few bytes that a late load finds.
  static inline constinit thread_local int countdown = 0;

  void note(std::string_view key) {
    if (--countdown < 0) [[unlikely]]
      sample(key);
  }

  /// The most asked for first, at most so many, each with at least a hundredth of the gets. With
  /// the texts of the keys, their beginnings where they are long.
  [[nodiscard]] std::vector<HotKey> most(std::size_t count) const;

 private:
  static constexpr std::size_t capacity = 64;
  struct Counter {
    std::uint32_t samples = 0;
    std::uint32_t inherited = 0;  ///< Of the key that it counted before: at most so many too many.
    std::uint64_t digest = 0;
    std::string text;
  };

  void sample(std::string_view key);
  void count(std::string_view key);
  void halve();

  mutable std::atomic_flag taken_;
  std::array<std::uint64_t, capacity> hashes_{};  // beside the counters: they are searched
  std::vector<Counter> counters_;
  std::uint32_t samples_ = 0;
  std::uint64_t ever_ = 0;
};

}  // namespace semantrix::contract
