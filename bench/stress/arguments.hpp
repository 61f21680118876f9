#pragma once

#include <semantrix/eviction_policy.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace semantrix::stress {

struct Arguments {
  std::vector<std::string> files;        ///< Empty: the workloads of the source tree.
  std::vector<EvictionPolicy> policies;  ///< All by default.
  std::uint32_t threads = 1;
  std::optional<std::uint64_t> ops;       ///< Instead of the file's `requests`.
  std::optional<std::uint64_t> capacity;  ///< Instead of the file's `max_size`.
  bool json = false;
};

/// Without the program's name. Throws `std::invalid_argument` with one sentence.
[[nodiscard]] Arguments parse_arguments(std::span<char* const> words);

}  // namespace semantrix::stress
