#pragma once

#include <semantrix/error.hpp>
#include <semantrix/memory_cache.hpp>

#include <cstddef>
#include <string_view>

namespace semantrix::memory {

/// The first option that is out of range, by its name.
[[nodiscard]] Result<void> check(const MemoryOptions& options);
[[nodiscard]] Result<void> check_bounds(std::size_t max_size, std::size_t max_bytes);
/// What every store refuses alike: an empty key, a ttl that is not positive or longer than
/// `longest_duration`.
[[nodiscard]] Result<void> check_add(std::string_view key, const MemoryAddOptions& options);

/// The number of shards that the options ask for, chosen if they leave it open.
[[nodiscard]] std::size_t shards_for(const MemoryOptions& options);

}  // namespace semantrix::memory
