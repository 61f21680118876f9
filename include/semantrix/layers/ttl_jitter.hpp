#pragma once

#include <semantrix/layer.hpp>

#include <functional>
#include <memory>

namespace semantrix {

struct TtlJitterOptions {
  /// How much of a ttl may be taken off, between 0 and 1. Default 0.1: an hour becomes 54 to 60
  /// minutes.
  double fraction = 0.1;
  /// Numbers in [0, 1), for tests. Default: a generator for each thread.
  std::function<double()> random = {};
};

/// Lets entries that were added together expire at different times, so that they are not computed
/// again all at once. A ttl only ever gets shorter: nothing outlives what its caller asked for.
///
/// An add without a ttl is left alone, and so is the store's `default_ttl`. Throws
/// `CacheError(invalid_argument)` for a fraction out of range. Cost: one random number an add.
class TtlJitterLayer final : public Layer {
 public:
  explicit TtlJitterLayer(std::shared_ptr<CacheStore> inner, TtlJitterOptions options = {});

 protected:
  Probe<void> probe_add(std::string_view key, const Value& value,
                        const AddOptions& options) override;
  awaitable<Result<void>> do_add(std::string_view key, const Value& value,
                                 const AddOptions& options) override;
  Probe<BatchOutcome> probe_batch_add(std::span<const BatchItem> items,
                                      const AddOptions& options) override;
  awaitable<Result<BatchOutcome>> do_batch_add(std::span<const BatchItem> items,
                                               const AddOptions& options) override;

 private:
  using Ttl = std::optional<std::chrono::milliseconds>;
  [[nodiscard]] Ttl shortened(Ttl ttl) const;
  [[nodiscard]] std::vector<BatchItem> shortened(std::span<const BatchItem> items,
                                                 const AddOptions& options) const;

  TtlJitterOptions options_;
};

}  // namespace semantrix
