#pragma once

#include "base/fork_generation.hpp"
#include "layers/stripes.hpp"
#include <semantrix/cache_store.hpp>
#include <semantrix/invalidations.hpp>
#include <semantrix/layers/near_cache.hpp>
#include <semantrix/memory_cache.hpp>

#include <atomic>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::layers {

/// A batch of which some values lie near.
struct NearBatch {
  std::vector<std::optional<Value>> values;
  std::vector<std::string> missing;    ///< What the store must be asked for,
  std::vector<std::size_t> positions;  ///< and where it belongs.

  [[nodiscard]] std::vector<std::optional<Value>> completed(
      std::vector<std::optional<Value>> rest) &&;
};

/// What a near cache keeps, and when it lets go of it. Thread-safe.
class NearCopies : public InvalidationListener {
 public:
  using Ticket = Stripes::Ticket;

  explicit NearCopies(const NearCacheOptions& options);

  [[nodiscard]] std::optional<Value> find(std::string_view key) {
    if (generation_.load(std::memory_order_relaxed) != fork_generation()) [[unlikely]] {
      begin_anew();
    }
    return copies_.get(key);
  }
  /// Nothing if one of them is not near.
  [[nodiscard]] std::optional<std::vector<std::optional<Value>>> find_all(
      std::span<const std::string> keys);
  [[nodiscard]] NearBatch begin_batch(std::span<const std::string> keys);

  /// Whether the caller is the one that subscribes.
  [[nodiscard]] bool must_subscribe() noexcept {
    return subscribe_ && !asked_.load(std::memory_order_relaxed) && !asked_.exchange(true);
  }

  [[nodiscard]] Ticket ticket(std::string_view key) { return stripes_.ticket(key); }
  /// Counts what the store answered, and keeps it unless it was written since the ticket.
  std::optional<Value> keep(std::string_view key, std::optional<Entry> entry, Ticket ticket);
  /// An add has ended. Without a ttl nobody here knows how long the entry lives.
  void keep_added(std::string_view key, const Value& value, const AddOptions& options,
                  Ticket begun);

  Ticket written(std::string_view key);
  void written(std::span<const std::string> keys);
  void written(std::span<const BatchItem> items);
  void close();

  [[nodiscard]] Result<Stats> counted(Result<Stats> stats) const;

  void on_changed(std::string_view key) noexcept override { written(key); }
  void on_all_changed() noexcept override;
  void on_listening(bool listening) noexcept override;

 private:
  using Ttl = std::optional<std::chrono::milliseconds>;
  void copy(std::string_view key, const Value& value, Ttl remaining);
  /// In a child of `fork`: what the parent listens to is not told here.
  void begin_anew() noexcept;

  const Ttl ttl_;
  const bool subscribe_;
  Stripes stripes_;
  MemoryCache copies_;
  std::atomic<std::uint32_t> generation_{fork_generation()};
  std::atomic<bool> asked_{false};
  std::atomic<bool> listening_{false};
  std::atomic<bool> closed_{false};
  std::atomic<std::uint64_t> hits_{0};  // answered by the store's `get_entry`, which counts none
  std::atomic<std::uint64_t> misses_{0};
  std::atomic<std::uint64_t> bytes_out_{0};
};

}  // namespace semantrix::layers
