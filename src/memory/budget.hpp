#pragma once

#include <atomic>
#include <cstddef>

namespace semantrix::memory {

/// What all shards of a cache hold together, against its bounds. Reserved before an entry is stored
/// and given back after one left, so that the bounds are never exceeded. Thread-safe.
class Budget {
 public:
  struct Amount {
    std::size_t entries = 0;
    std::size_t bytes = 0;
  };
  static constexpr std::size_t unlimited = static_cast<std::size_t>(-1);

  Budget(std::size_t max_entries, std::size_t max_bytes) noexcept
      : max_entries_(max_entries), max_bytes_(max_bytes) {}

  /// New bounds. REQUIRES: all shards are locked and hold `held` together.
  void reset(std::size_t max_entries, std::size_t max_bytes, Amount held) noexcept {
    max_entries_.store(max_entries, std::memory_order_relaxed);
    max_bytes_.store(max_bytes, std::memory_order_relaxed);
    entries_.store(held.entries, std::memory_order_relaxed);
    bytes_.store(max_bytes == unlimited ? 0 : held.bytes, std::memory_order_relaxed);
  }
  [[nodiscard]] std::size_t max_entries() const noexcept {
    return max_entries_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::size_t max_bytes() const noexcept {
    return max_bytes_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] bool counts_bytes() const noexcept { return max_bytes() != unlimited; }

  /// Reserves `wanted`, of which `held` is reserved already (by entries evicted to make room); what
  /// `held` has too much of is given back. In a full cache whose entries are of a size this writes
  /// nothing that other cores read.
  [[nodiscard]] bool take(Amount wanted, Amount& held) noexcept;
  void give_back(Amount amount) noexcept;

  /// More is held than the bounds allow (they were lowered).
  [[nodiscard]] bool exceeded() const noexcept {
    return entries_.load(std::memory_order_relaxed) > max_entries() ||
           bytes_.load(std::memory_order_relaxed) > max_bytes();
  }
  /// Half of either bound is in use: time for a policy to prepare.
  [[nodiscard]] bool half_full() const noexcept {
    return entries_.load(std::memory_order_relaxed) >= max_entries() / 2 ||
           (counts_bytes() && bytes_.load(std::memory_order_relaxed) >= max_bytes() / 2);
  }

 private:
  [[nodiscard]] static bool take_one(std::atomic<std::size_t>& used, std::size_t limit,
                                     std::size_t wanted, std::size_t held) noexcept;

  alignas(64) std::atomic<std::size_t> max_entries_;
  std::atomic<std::size_t> max_bytes_;
  alignas(64) std::atomic<std::size_t> entries_{0};
  alignas(64) std::atomic<std::size_t> bytes_{0};  ///< Zero while bytes are not bounded.
};

}  // namespace semantrix::memory
