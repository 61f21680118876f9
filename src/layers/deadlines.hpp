#pragma once

#include <semantrix/clock.hpp>
#include <semantrix/memory_cache.hpp>

#include <chrono>
#include <cstddef>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>

namespace semantrix::layers {

/// Times by key, of the keys that were named last. Thread-safe; after `fork` as in the parent.
class Deadlines {
 public:
  using Milliseconds = std::chrono::milliseconds;
  static constexpr Milliseconds never = Milliseconds::max();

  Deadlines(std::size_t max_keys, const std::shared_ptr<const Clock>& clock)
      : clock_(clock ? clock : system_clock()), known_(memory_options(max_keys, clock_)) {}

  /// What remains until the key's time; `never` if it has none, nothing if it is unknown or past.
  [[nodiscard]] std::optional<Milliseconds> left(std::string_view key) {
    const std::optional<Value> known = known_.get(key);
    if (!known) return std::nullopt;
    Milliseconds::rep at = 0;
    std::memcpy(&at, known->data(), sizeof at);
    if (at == never.count()) return never;
    return Milliseconds(at) - clock_->steady_now();
  }

  void learn(std::string_view key, std::optional<Milliseconds> remaining) {
    const Milliseconds::rep at =
        remaining ? (clock_->steady_now() + *remaining).count() : never.count();
    MemoryAddOptions options;
    options.ttl = remaining;
    // What finds no room is unknown, which is no error.
    static_cast<void>(
        known_.add(key, std::string_view(reinterpret_cast<const char*>(&at), sizeof at), options));
  }

  /// Whether it was known.
  bool forget(std::string_view key) { return known_.erase(key); }

 private:
  static MemoryOptions memory_options(std::size_t max_keys, std::shared_ptr<const Clock> clock) {
    MemoryOptions memory;
    memory.max_size = max_keys;
    memory.eviction_policy = EvictionPolicy::lru;
    memory.clock = std::move(clock);
    return memory;
  }

  const std::shared_ptr<const Clock> clock_;
  MemoryCache known_;
};

}  // namespace semantrix::layers
