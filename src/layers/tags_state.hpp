#pragma once

#include "layers/flights.hpp"
#include "layers/tagged_value.hpp"
#include <semantrix/layers/tags.hpp>
#include <semantrix/memory_cache.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix {

/// What the process knows of the generations, and what must be taken off the inner store's figures.
///
/// Generations grow with time, so that one that was written twice, by a network that repeats
/// itself, is known for what it is wherever a newer one was seen. Thread-safe.
class TagsLayer::State {
 public:
  using Found = std::optional<Value>;

  explicit State(const TagsOptions& options);

  /// Whether the generation in the store is the newest known.
  [[nodiscard]] bool trusts(std::string_view tag, const Value& generation);
  /// A generation newer than all known ones and the one in the store; known from now on.
  [[nodiscard]] Value fresh(std::string_view tag, const Found& current);

  /// What was stored, read; nothing where it cannot be.
  [[nodiscard]] Settled read(Values stored);
  /// Without the entries that belong to a generation that has passed. `tags` are all of theirs,
  /// sorted.
  void drop_invalidated(Settled& settled, const std::vector<std::string>& tags,
                        const Values& generations);

  [[nodiscard]] Result<Stats> counted(Result<Stats> stats) const;
  void count_generations(const Values& found) noexcept;
  void count_write() noexcept { adds_.fetch_add(1, std::memory_order_relaxed); }
  void count_asked_again(std::uint64_t hits) noexcept {
    asked_again_.fetch_add(hits, std::memory_order_relaxed);
  }

  layers::Flights flights;  // first generations under way, by tag

 private:
  [[nodiscard]] bool holds(const layers::TaggedValue& tagged, const std::vector<std::string>& tags,
                           const Values& generations);

  const std::shared_ptr<const Clock> clock_;
  std::mutex mutex_;  // over reading and changing what is known
  MemoryCache known_;
  std::atomic<std::uint64_t> hits_{0};  // of the layer's own questions
  std::atomic<std::uint64_t> misses_{0};
  std::atomic<std::uint64_t> adds_{0};
  std::atomic<std::uint64_t> withheld_{0};     // hits of the store that were given as misses
  std::atomic<std::uint64_t> corrupt_{0};      // hits of the store that could not be read
  std::atomic<std::uint64_t> asked_again_{0};  // hits of the store that were not given
};

}  // namespace semantrix
