#pragma once

#include <boost/unordered/unordered_flat_set.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>

namespace semantrix::memcached {

/// The keys whose last write did not get a server's answer: the server may still have what was
/// there before, which nobody may read any more. A reader erases it first.
///
/// Remembers 64 bits a key, for `most` keys. Beyond that it turns round: every key of the store is
/// unsettled, and those are remembered that were settled since. Thread-safe; while nothing is
/// unsettled a question costs one relaxed load.
class Unsettled {
 public:
  static constexpr std::size_t most = std::size_t{1} << 20U;

  explicit Unsettled(std::size_t most_keys = most) : most_(most_keys) {}

  /// The outcome of a write is not known, or it was not made at all.
  void note(std::string_view wire_key);
  /// A write was answered, or what was there before was erased.
  void settle(std::string_view wire_key) {
    if (any_.load(std::memory_order_relaxed)) remove(wire_key);
  }
  [[nodiscard]] bool has(std::string_view wire_key) const {
    return any_.load(std::memory_order_relaxed) && contains(wire_key);
  }
  [[nodiscard]] bool any() const noexcept { return any_.load(std::memory_order_relaxed); }

 private:
  void remove(std::string_view wire_key);
  [[nodiscard]] bool contains(std::string_view wire_key) const;
  void insert(std::uint64_t hash);

  const std::size_t most_;
  std::atomic<bool> any_{false};
  mutable std::mutex mutex_;  // guards what follows
  bool all_but_ = false;      // the keys are those that are settled
  boost::unordered_flat_set<std::uint64_t> keys_;
};

}  // namespace semantrix::memcached
