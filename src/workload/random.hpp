// splitmix64: the only source of chance in the workloads.
//
// A generator of sixteen lines that every language of bench/peers can repeat bit for bit, unlike
// the distributions of <random>, whose results differ between standard libraries.
#pragma once

#include <cstdint>

namespace semantrix::workload {

/// One step of splitmix64's output function: a bijection of 64-bit words that scatters them.
constexpr std::uint64_t mix(std::uint64_t word) noexcept {
  word = (word ^ (word >> 30U)) * 0xBF58476D1CE4E5B9U;
  word = (word ^ (word >> 27U)) * 0x94D049BB133111EBU;
  return word ^ (word >> 31U);
}

/// A stream of words that depends on its seed alone. Not thread-safe; 8 bytes; about 1 ns a word.
class SplitMix {
 public:
  explicit constexpr SplitMix(std::uint64_t seed) noexcept : state_(seed) {}

  constexpr std::uint64_t next() noexcept {
    state_ += 0x9E3779B97F4A7C15U;
    return mix(state_);
  }

  /// A double in [0, 1), of 53 random bits.
  constexpr double next_unit() noexcept { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

 private:
  std::uint64_t state_;
};

}  // namespace semantrix::workload
