#pragma once

#include <semantrix/clock.hpp>
#include <semantrix/layer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>

namespace semantrix {

struct FailOpenOptions {
  /// Failures in a row that open the breaker. At least 1. Default 5.
  std::uint32_t failures = 5;
  /// How long an open breaker waits before it lets one call try the store again. Positive. Default
  /// 1 s.
  std::chrono::milliseconds retry_after{1000};
  /// Null (the default): the machine's clocks.
  std::shared_ptr<const Clock> clock = nullptr;
};

/// Keeps an application running without its cache: while the store is out of reach, reads miss and
/// writes are dropped, and after a few failures nobody waits for it any more.
///
/// Reads are `get_exact`, `batch_get` and `get_entry`; writes are `add`, `erase` and their batches
/// (of a dropped `batch_add`, `stored` is 0 and no item is named). Out of reach is what a retry may
/// cure: timeouts, refused and lost connections, a server that cannot serve, throttling. Wrong
/// credentials, missing permissions and bad arguments are still errors, and so is everything of
/// `keys`, `size`, `clear`, `describe` and `get_stats`, whose answers nobody could tell from true
/// ones. What was dropped is counted under the error that it met; once the breaker is open, under
/// "unavailable".
///
/// Closed, a call costs one atomic load more. Open, calls are answered at once, but for one each
/// `retry_after` that tries the store; its success closes the breaker. Answers from memory below
/// (a near cache) are given throughout. Thread-safe.
class FailOpenLayer final : public Layer {
 public:
  explicit FailOpenLayer(std::shared_ptr<CacheStore> inner, FailOpenOptions options = {});
  ~FailOpenLayer() override;

  /// Whether calls are answered without asking the store.
  [[nodiscard]] bool is_open() const noexcept;

 protected:
  awaitable<Result<void>> do_add(std::string_view key, const Value& value,
                                 const AddOptions& options) override;
  awaitable<Result<std::optional<Value>>> do_get(std::string_view key) override;
  awaitable<Result<bool>> do_erase(std::string_view key) override;
  awaitable<Result<BatchOutcome>> do_batch_add(std::span<const BatchItem> items,
                                               const AddOptions& options) override;
  awaitable<Result<std::vector<std::optional<Value>>>> do_batch_get(
      std::span<const std::string> keys) override;
  awaitable<Result<std::size_t>> do_batch_erase(std::span<const std::string> keys) override;
  awaitable<Result<std::optional<Entry>>> do_entry(std::string_view key) override;
  Probe<Stats> probe_stats() override;
  awaitable<Result<Stats>> do_stats() override;
  Probe<void> probe_close() override;
  awaitable<Result<void>> do_close() override;

 private:
  struct State;
  template <class T>
  awaitable<Result<T>> guarded(awaitable<Result<T>> call, Result<T> instead);

  std::unique_ptr<State> state_;
};

}  // namespace semantrix
