#pragma once

#include <cstdint>

namespace redis_peers {

/// Blocks that the calling thread has taken from the C library so far, by whatever way: `new` ends
/// there too.
[[nodiscard]] std::uint64_t allocations() noexcept;

}  // namespace redis_peers
