#include "workload/value_sizes.hpp"

#include "workload/random.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace semantrix::workload {

std::uint32_t ValueSizes::of(std::uint32_t key) const {
  if (sigma == 0.0) return median;
  SplitMix random(0x5EED'512E'0000'0000U ^ key);
  // Box and Muller's transform; the first draw is taken from (0, 1], since log(0) is no number.
  const double radius = std::sqrt(-2.0 * std::log(1.0 - random.next_unit()));
  const double normal = radius * std::cos(2.0 * std::numbers::pi * random.next_unit());
  const double bytes = static_cast<double>(median) * std::exp(sigma * normal);
  return static_cast<std::uint32_t>(
      std::clamp(bytes, static_cast<double>(least), static_cast<double>(most)));
}

}  // namespace semantrix::workload
