#pragma once

#include "layers/deadlines.hpp"
#include <semantrix/layers/refreshing.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <optional>

namespace semantrix {

/// What is known of the keys, and what must be added to the inner store's figures.
class RefreshingLayer::State {
 public:
  explicit State(const Terms& terms) : deadlines(terms.max_keys, terms.clock) {}

  void count(const std::optional<Value>& value) noexcept {
    (value ? hits : misses).fetch_add(1, std::memory_order_relaxed);
    if (value) bytes_out.fetch_add(value->size(), std::memory_order_relaxed);
  }
  [[nodiscard]] Result<Stats> counted(Result<Stats> stats) const {
    if (!stats) return stats;
    const std::uint64_t held_back = withheld.load(std::memory_order_relaxed);
    const std::uint64_t too_many = held_back + asked_again.load(std::memory_order_relaxed);
    stats->hits += hits.load(std::memory_order_relaxed);
    stats->hits -= std::min(stats->hits, too_many);
    stats->misses += misses.load(std::memory_order_relaxed) + held_back;
    stats->value_bytes_out += bytes_out.load(std::memory_order_relaxed);
    return stats;
  }

  layers::Deadlines deadlines;
  std::atomic<std::uint64_t> hits{0};  // answered by the store's `get_entry`, which counts none
  std::atomic<std::uint64_t> misses{0};
  std::atomic<std::uint64_t> bytes_out{0};
  std::atomic<std::uint64_t> withheld{0};     // hits of the store that were given as misses
  std::atomic<std::uint64_t> asked_again{0};  // hits of the store that were not given
};

}  // namespace semantrix
