#pragma once

#include <cstddef>
#include <cstdint>

namespace semantrix::stores {

/// What servers count of themselves since they were started, whoever asks them; the sum, where
/// there are several. What a server does not say is 0.
struct ServerFigures {
  std::size_t servers = 0;
  std::uint64_t requests = 0;
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t evictions = 0;
  std::uint64_t expirations = 0;
  std::uint64_t entries = 0;      ///< Now, of all programs.
  std::uint64_t bytes = 0;        ///< Held now.
  std::uint64_t most_bytes = 0;   ///< 0: unlimited.
  std::uint64_t connections = 0;  ///< Now.
};

}  // namespace semantrix::stores
