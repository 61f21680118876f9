#pragma once

#include <semantrix/layers/refreshing.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

namespace semantrix {

struct StaleWhileRevalidateOptions {
  /// How long beyond its ttl a value may be given while somebody computes it anew. Positive.
  /// Default 1 min.
  std::chrono::milliseconds stale_for{60'000};
  /// How long the caller that was told to compute has for it, before another is told. Positive.
  /// Default 30 s.
  std::chrono::milliseconds lease{30'000};
  /// Ttl of an add that names none. Give the store's own here: what it adds by itself is unknown to
  /// the layer, and the last `stale_for` of such an entry count as stale. Default: none.
  std::optional<std::chrono::milliseconds> default_ttl = std::nullopt;
  /// Over a network: how many keys' remaining ttls are remembered. Default 10,000.
  std::size_t max_keys = 10'000;
  /// Null (the default): the machine's clocks.
  std::shared_ptr<const Clock> clock = nullptr;
};

/// Serves a value a while longer than its ttl, so that one caller alone waits for the next one.
///
/// An entry is kept for its ttl and `stale_for`. Past the ttl the first `get_exact` is a miss: its
/// caller computes and adds the value, as after any miss. Until that add, every other caller of the
/// process gets the old value at once; if it does not come within `lease`, or was an error, the
/// next caller is told to compute. Past `stale_for` the entry is gone for all. `get_entry`,
/// `keys`, `size` and the verbs that erase know no stale values: an entry past its ttl is no entry.
///
/// `get_or_compute` needs nothing else: while one caller computes, the others return with the old
/// value. Each process computes for itself. Values are stored as they are; only the store's own ttl
/// is longer, so that programs without the layer see such entries until `stale_for` has passed. An
/// exact `size` lists the keys. Cost: see `RefreshingLayer`. Throws `CacheError(invalid_argument)`
/// for a time that is not positive. Thread-safe.
class StaleWhileRevalidateLayer final : public RefreshingLayer {
 public:
  explicit StaleWhileRevalidateLayer(std::shared_ptr<CacheStore> inner,
                                     const StaleWhileRevalidateOptions& options = {});
  ~StaleWhileRevalidateLayer() override;

 protected:
  [[nodiscard]] std::chrono::milliseconds margin() override { return stale_for_; }
  [[nodiscard]] bool must_refresh(std::string_view key) override;
  void on_written(std::string_view key) override;

 private:
  class Leases;
  const std::chrono::milliseconds stale_for_;
  const std::unique_ptr<Leases> leases_;
};

}  // namespace semantrix
