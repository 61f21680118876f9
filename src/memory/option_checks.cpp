#include "memory/option_checks.hpp"

#include "base/duration.hpp"
#include "memory/record.hpp"

#include <algorithm>
#include <bit>
#include <string>
#include <thread>

namespace semantrix::memory {

namespace {

using std::chrono::milliseconds;

Error invalid(std::string message) {
  return Error(ErrorCode::invalid_argument, std::move(message));
}

Result<void> check_given(std::string_view name, const std::optional<milliseconds>& duration) {
  if (!duration) return {};
  return check_duration(name, *duration);
}

bool is_exact(EvictionPolicy policy) noexcept {
  return policy == EvictionPolicy::lru || policy == EvictionPolicy::lfu ||
         policy == EvictionPolicy::fifo;
}

}  // namespace

Result<void> check_bounds(std::size_t max_size, std::size_t max_bytes) {
  if (max_size == 0) return invalid("max_size must be at least 1");
  if (max_size > std::size_t{1} << 31) return invalid("max_size must be at most 2147483648");
  if (const std::size_t least = Record::charge_of(1, 0, 0); max_bytes < least) {
    return invalid("max_bytes must be at least " + std::to_string(least) +
                   ", what the smallest entry takes");
  }
  return {};
}

Result<void> check(const MemoryOptions& options) {
  constexpr std::size_t most_shards = 1024;
  if (auto bounds = check_bounds(options.max_size, options.max_bytes); !bounds) return bounds;
  if (auto ttl = check_given("default_ttl", options.default_ttl); !ttl) return ttl;
  if (auto idle = check_given("time_to_idle", options.time_to_idle); !idle) return idle;
  if (options.shards != 0 &&
      (!std::has_single_bit(options.shards) || options.shards > most_shards)) {
    return invalid("shards must be a power of two up to 1024, or 0 to let the cache choose");
  }
  if (options.compress_dictionary != 0) {
    if (!options.compress_threshold) {
      return invalid("compress_dictionary needs a compress_threshold");
    }
    if (options.compress_dictionary < 256 || options.compress_dictionary > std::size_t{1} << 20) {
      return invalid("compress_dictionary must be 0 or between 256 and 1048576 bytes");
    }
  }
  return {};
}

Result<void> check_add(std::string_view key, const MemoryAddOptions& options) {
  if (key.empty()) return invalid("the key is empty; a key has at least one byte");
  return check_given("ttl", options.ttl);
}

std::size_t shards_for(const MemoryOptions& options) {
  if (options.shards != 0) return options.shards;
  constexpr std::size_t sharded_from = 65'536;
  constexpr std::size_t least_entries_a_shard = 4'096;
  if (is_exact(options.eviction_policy) || options.max_size < sharded_from) return 1;
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  return std::bit_floor(
      std::clamp<std::size_t>(options.max_size / least_entries_a_shard, 1, 8 * cores));
}

}  // namespace semantrix::memory
