#include "workload/permutation.hpp"

#include "workload/random.hpp"

#include <bit>
#include <stdexcept>

namespace semantrix::workload {

Permutation::Permutation(std::uint32_t n, std::uint64_t seed) : size_(n) {
  if (n == 0) throw std::invalid_argument("a permutation needs at least one element");
  const auto unused_bits = static_cast<std::uint32_t>(std::countl_zero((n - 1U) | 1U));
  mask_ = 0xFFFFFFFFU >> unused_bits;
  shift_ = (33U - unused_bits) / 2U;  // half of the bits, at least one
  const std::uint64_t word = mix(seed);
  multiplier_ = static_cast<std::uint32_t>(word) | 1U;  // odd: invertible modulo a power of two
  offset_ = static_cast<std::uint32_t>(word >> 32U);
}

std::uint32_t Permutation::operator()(std::uint32_t index) const noexcept {
  do {
    index = (index + offset_) & mask_;
    index = (index * multiplier_) & mask_;
    index ^= index >> shift_;
    index = (index * 0x9E3779B1U) & mask_;
    index ^= index >> shift_;
    index = (index * multiplier_) & mask_;
  } while (index >= size_);
  return index;
}

}  // namespace semantrix::workload
