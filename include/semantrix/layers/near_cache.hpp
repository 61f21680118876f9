#pragma once

#include <semantrix/layer.hpp>
#include <semantrix/memory_options.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

namespace semantrix {

struct NearCacheOptions {
  /// Most entries kept near. At least 1. Default 10,000.
  std::size_t max_size = 10'000;
  /// Most bytes kept near. Default: no limit.
  std::size_t max_bytes = static_cast<std::size_t>(-1);
  /// Which entry leaves first. Default `w_tinylfu`.
  EvictionPolicy eviction_policy = EvictionPolicy::w_tinylfu;
  /// How long a copy may be given without asking the store: as long may pass before this process
  /// sees what another one changed, unless the store tells of changes. Positive. Default: 5 s;
  /// while the store tells of changes, as long as the entry itself lives.
  std::optional<std::chrono::milliseconds> ttl = std::nullopt;
  /// Whether to listen to the store's invalidations, where it has them. Default on.
  bool subscribe = true;
  /// Null (the default): the machine's clocks.
  std::shared_ptr<const Clock> clock = nullptr;
};

/// Memory in front of a store that is reached over a network: what was read once is read from
/// memory, at memory's cost, until it expires, is written, or is heard to have changed.
///
/// A copy never outlives its entry: it is filled with the ttl that remains. What this process adds
/// or erases is seen by it at once, and no answer that was under way brings an old value back. What
/// another process changes is seen when the store says so (Redis: within milliseconds, see
/// `Capability::can_subscribe_invalidations`), else after `ttl`. While the listening connection is
/// down nothing is trusted longer than `ttl`, and all copies are dropped when it breaks.
///
/// A miss costs what the store's `get_entry` does, one round trip. Copies are counted as hits;
/// `size`, `keys` and the server's own figures are the store's. Over a store in memory the layer is
/// of no use, and does no harm. Throws as `MemoryCache` does. Thread-safe.
class NearCacheLayer final : public Layer {
 public:
  explicit NearCacheLayer(std::shared_ptr<CacheStore> inner, const NearCacheOptions& options = {});
  ~NearCacheLayer() override;

 protected:
  Probe<void> probe_add(std::string_view key, const Value& value,
                        const AddOptions& options) override;
  Probe<std::optional<Value>> probe_get(std::string_view key) override;
  Probe<bool> probe_erase(std::string_view key) override;
  Probe<BatchOutcome> probe_batch_add(std::span<const BatchItem> items,
                                      const AddOptions& options) override;
  Probe<std::vector<std::optional<Value>>> probe_batch_get(
      std::span<const std::string> keys) override;
  Probe<std::size_t> probe_batch_erase(std::span<const std::string> keys) override;
  Probe<std::size_t> probe_clear(const ClearOptions& options) override;
  Probe<std::size_t> probe_invalidate_tag(std::string_view tag) override;
  Probe<std::size_t> probe_invalidate_prefix(std::string_view prefix) override;
  Probe<Stats> probe_stats() override;
  Probe<void> probe_close() override;

  awaitable<Result<void>> do_add(std::string_view key, const Value& value,
                                 const AddOptions& options) override;
  awaitable<Result<std::optional<Value>>> do_get(std::string_view key) override;
  awaitable<Result<bool>> do_erase(std::string_view key) override;
  awaitable<Result<BatchOutcome>> do_batch_add(std::span<const BatchItem> items,
                                               const AddOptions& options) override;
  awaitable<Result<std::vector<std::optional<Value>>>> do_batch_get(
      std::span<const std::string> keys) override;
  awaitable<Result<std::size_t>> do_batch_erase(std::span<const std::string> keys) override;
  awaitable<Result<std::size_t>> do_clear(const ClearOptions& options) override;
  awaitable<Result<std::size_t>> do_invalidate_tag(std::string_view tag) override;
  awaitable<Result<std::size_t>> do_invalidate_prefix(std::string_view prefix) override;
  awaitable<Result<Stats>> do_stats() override;
  awaitable<Result<void>> do_close() override;

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace semantrix
