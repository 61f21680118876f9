#include "workload/permutation.hpp"

#include <bit>
#include <stdexcept>

#include "workload/random.hpp"

namespace semantrix::workload {

Permutation::Permutation(std::uint32_t n, std::uint64_t seed) : size_(n) {
  if (n == 0) throw std::invalid_argument("a permutation needs at least one element");
  const int bits = n == 1 ? 1 : std::bit_width(n - 1U);
  mask_ = bits == 32 ? 0xFFFFFFFFU : (1U << static_cast<unsigned>(bits)) - 1U;
  shift_ = static_cast<std::uint32_t>((bits + 1) / 2);
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
