#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace semantrix {

/// Which entry leaves when a cache is full.
enum class EvictionPolicy : std::uint8_t {
  lru,        ///< The least recently used. Exact. Unsuitable for loops larger than the cache.
  lfu,        ///< The least frequently used, ties by recency. Exact. Never forgets old favourites.
  fifo,       ///< The oldest. Exact. Hits cost nothing; hit ratios are the lowest.
  w_tinylfu,  ///< Frequency sketch and adaptive window: the best hit ratios, loops included.
              ///< Default.
  s3fifo,     ///< Three FIFO queues: the fastest, near the best hit ratios; loses on loops.
};

inline constexpr std::array all_eviction_policies{EvictionPolicy::lru, EvictionPolicy::lfu,
                                                  EvictionPolicy::fifo, EvictionPolicy::w_tinylfu,
                                                  EvictionPolicy::s3fifo};

/// "lru", "lfu", "fifo", "w_tinylfu", "s3fifo".
[[nodiscard]] std::string_view to_string(EvictionPolicy policy) noexcept;

/// One sentence: what it evicts and whom it suits.
[[nodiscard]] std::string_view describe(EvictionPolicy policy) noexcept;

/// Reads a name in any case ("LRU", "w_tinylfu", "W-TinyLFU"); nothing for an unknown one.
[[nodiscard]] std::optional<EvictionPolicy> parse_eviction_policy(std::string_view name) noexcept;

}  // namespace semantrix
