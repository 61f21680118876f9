// A bijection of [0, n) without a table: it scatters the ranks of a distribution over the key ids,
// so that the hottest keys are no neighbours in the key table, in memory or in a shard.
#pragma once

#include <cstdint>

namespace semantrix::workload {

/// Maps each number below `n` to another number below `n`, each result once.
///
/// Mixes within the next power of two (every step can be undone) and walks on along the cycle until
/// the result is below `n`: less than two steps on average. Immutable, hence thread-safe; 24 bytes.
class Permutation {
 public:
  /// `n` >= 1, else std::invalid_argument. Different seeds give different permutations.
  Permutation(std::uint32_t n, std::uint64_t seed);

  /// REQUIRES: index < size()
  [[nodiscard]] std::uint32_t operator()(std::uint32_t index) const noexcept;

  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }

 private:
  std::uint32_t size_;
  std::uint32_t mask_;
  std::uint32_t shift_;
  std::uint32_t multiplier_;
  std::uint32_t offset_;
};

}  // namespace semantrix::workload
