#pragma once

#include <random>

namespace semantrix::layers {

/// A number in [0, 1). Not for secrets.
inline double random_share() {
  thread_local std::minstd_rand generator(std::random_device{}());
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

}  // namespace semantrix::layers
