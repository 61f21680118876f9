#pragma once

#include <semantrix/error.hpp>
#include <semantrix/stats.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace semantrix::stores {

/// What a store counts. Thread-safe; each count costs one relaxed addition.
class Counters {
 public:
  using Counter = std::atomic<std::uint64_t>;

  Counter hits{0};
  Counter misses{0};
  Counter adds{0};
  Counter deletes{0};
  Counter corrupt{0};
  Counter value_bytes_in{0};
  Counter value_bytes_out{0};
  Counter raw_bytes{0};
  Counter stored_bytes{0};

  static void count(Counter& counter, std::uint64_t by = 1) noexcept {
    counter.fetch_add(by, std::memory_order_relaxed);
  }
  void count(ErrorCode code) noexcept { count(errors_[static_cast<std::size_t>(code)]); }

  void copy_to(Stats& stats) const {
    stats.hits = hits;
    stats.misses = misses;
    stats.adds = adds;
    stats.deletes = deletes;
    stats.corrupt = corrupt;
    stats.value_bytes_in = value_bytes_in;
    stats.value_bytes_out = value_bytes_out;
    stats.raw_bytes = raw_bytes;
    stats.stored_bytes = stored_bytes;
    for (std::size_t code = 0; code != errors_.size(); ++code) {
      const std::uint64_t times = errors_[code];
      if (times != 0) stats.errors.emplace(to_string(static_cast<ErrorCode>(code)), times);
    }
  }

 private:
  std::array<Counter, static_cast<std::size_t>(ErrorCode::internal) + 1> errors_{};
};

}  // namespace semantrix::stores
