#pragma once

#include <semantrix/clock.hpp>
#include <semantrix/layer.hpp>

#include <chrono>
#include <cstddef>
#include <memory>

namespace semantrix {

struct NegativeCacheOptions {
  /// How long a miss is remembered: as long may pass before this process sees what another one
  /// added. Positive. Default 1 s.
  std::chrono::milliseconds ttl{1000};
  /// Most missing keys remembered; the least recently asked for are forgotten first.
  std::size_t max_size = 10'000;
  /// Null (the default): the machine's clocks.
  std::shared_ptr<const Clock> clock = nullptr;
};

/// Remembers which keys have no value, so that asking again costs no round trip.
///
/// What this process adds is seen at once; what another adds, after `ttl` at the latest. Misses
/// answered here are counted as misses. Only misses of `get_exact` over a network are remembered:
/// a store in memory gains nothing, and an error is no miss. Cost: a look into memory a call that
/// memory could not answer. Thread-safe.
class NegativeCacheLayer final : public Layer {
 public:
  explicit NegativeCacheLayer(std::shared_ptr<CacheStore> inner,
                              const NegativeCacheOptions& options = {});
  ~NegativeCacheLayer() override;

 protected:
  Probe<std::optional<Value>> probe_get(std::string_view key) override;
  awaitable<Result<std::optional<Value>>> do_get(std::string_view key) override;
  awaitable<Result<void>> do_add(std::string_view key, const Value& value,
                                 const AddOptions& options) override;
  awaitable<Result<BatchOutcome>> do_batch_add(std::span<const BatchItem> items,
                                               const AddOptions& options) override;
  Probe<Stats> probe_stats() override;
  awaitable<Result<Stats>> do_stats() override;
  Probe<void> probe_close() override;
  awaitable<Result<void>> do_close() override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace semantrix
