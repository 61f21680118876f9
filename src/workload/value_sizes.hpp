// How large the value of a key is: a function of the key, so that asking again gives the same size.
#pragma once

#include <cstdint>

namespace semantrix::workload {

/// Sizes in bytes. With sigma 0 every value has `median` bytes; otherwise the sizes are log-normal,
/// clamped to [least, most]. Chat answers are so shaped: many of a paragraph, a few of many pages.
struct ValueSizes {
  std::uint32_t median = 256;
  double sigma = 0.0;
  std::uint32_t least = 1;
  std::uint32_t most = 1U << 30U;

  /// The size of `key`'s value; deterministic, thread-safe, 1 ns if fixed, else about 40 ns.
  [[nodiscard]] std::uint32_t of(std::uint32_t key) const;

  friend bool operator==(const ValueSizes&, const ValueSizes&) = default;
};

}  // namespace semantrix::workload
