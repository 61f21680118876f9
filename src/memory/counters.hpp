#pragma once

#include <atomic>
#include <cstdint>

namespace semantrix::memory {

/// A number that one thread at a time changes (under its shard's lock) and any thread reads: plain
/// loads and stores, no atomic read-modify-write.
class Counter {
 public:
  void add(std::uint64_t by) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
  void subtract(std::uint64_t by) noexcept { add(~by + 1); }
  [[nodiscard]] std::uint64_t read() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// What one shard counts; summed when somebody asks.
struct ShardCounters {
  Counter hits;
  Counter misses;
  Counter adds;
  Counter deletes;
  Counter evictions;
  Counter expirations;
  Counter entries;
  Counter bytes;
  Counter value_bytes_in;
  Counter value_bytes_out;
};

}  // namespace semantrix::memory
