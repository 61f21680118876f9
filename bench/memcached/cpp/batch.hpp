#pragma once

#include "../../redis/cpp/harness.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

/// What the Memcached clients add to the harness of the Redis ones: with `--connections batch` each
/// call gets this many keys at once.
namespace memcached_peers {

inline constexpr std::size_t batch_keys = 100;

inline std::vector<std::string> keys_of(const redis_peers::Pass& pass, std::string_view prefix) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i != batch_keys; ++i) {
    keys.push_back(fmt::format("{}{}:{}", prefix, pass.key(), i));
  }
  return keys;
}

}  // namespace memcached_peers
