#pragma once

#include <semantrix/layer.hpp>

#include <memory>

namespace semantrix {

/// One question to the store for all callers that ask for the same key at the same time.
///
/// Many callers that miss a hot key in memory would otherwise ask the server for it one by one. A
/// caller never joins a question that was asked before its own write ended, so that it reads what
/// it wrote. For one *computation* for many callers see get_or_compute.hpp, which needs no layer.
///
/// Cost: an answer at once is passed on as it is; a question over a network costs one allocation
/// and two short locks more. Errors: those of the store, told to all who waited; a caller that is
/// cancelled leaves the others alone.
class SingleFlightLayer final : public Layer {
 public:
  explicit SingleFlightLayer(std::shared_ptr<CacheStore> inner);
  ~SingleFlightLayer() override;

 protected:
  awaitable<Result<std::optional<Value>>> do_get(std::string_view key) override;
  awaitable<Result<void>> do_add(std::string_view key, const Value& value,
                                 const AddOptions& options) override;
  awaitable<Result<bool>> do_erase(std::string_view key) override;
  awaitable<Result<BatchOutcome>> do_batch_add(std::span<const BatchItem> items,
                                               const AddOptions& options) override;
  awaitable<Result<std::size_t>> do_batch_erase(std::span<const std::string> keys) override;
  awaitable<Result<std::size_t>> do_clear(const ClearOptions& options) override;
  awaitable<Result<std::size_t>> do_invalidate_tag(std::string_view tag) override;
  awaitable<Result<std::size_t>> do_invalidate_prefix(std::string_view prefix) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace semantrix
