#pragma once

#include <semantrix/clock.hpp>
#include <semantrix/layer.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>

namespace semantrix {

struct RateLimitOptions {
  /// Entries that may be asked for or written a second. Positive. Required.
  double per_second = 0;
  /// Entries that may come at once after a pause. Default: a tenth of a second's, at least 1.
  std::size_t burst = 0;
  /// How long a call may wait for its turn. Default 0: it fails at once.
  std::chrono::milliseconds max_wait{0};
  /// Null (the default): the machine's clocks.
  std::shared_ptr<const Clock> clock = nullptr;
};

/// Keeps one process from asking more of a store than it may: a budget that was paid for, a server
/// that others share.
///
/// Only what leaves the process counts: an answer from memory is free. A batch counts as the
/// entries in it. A call whose turn would come later than `max_wait` fails with `overloaded`, which
/// `fail_open` above turns into a miss; nothing is sent. The limit is this store object's alone.
/// Throws `CacheError(invalid_argument)` for a limit that is not positive. Cost: a clock reading
/// and one atomic exchange a call. Thread-safe.
class RateLimitLayer final : public Layer {
 public:
  explicit RateLimitLayer(std::shared_ptr<CacheStore> inner, RateLimitOptions options);

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
  awaitable<Result<Stats>> do_stats() override;
  Probe<Stats> probe_stats() override;

 private:
  using Microseconds = std::chrono::microseconds::rep;
  [[nodiscard]] Result<std::chrono::microseconds> reserve(std::size_t entries);
  awaitable<Result<void>> turn(std::size_t entries);
  template <class T, class Call>
  awaitable<Result<T>> limited(std::size_t entries, Call call);
  [[nodiscard]] Result<Stats> counted(Result<Stats> stats) const;

  const RateLimitOptions options_;
  const double interval_us_;
  const double tolerance_us_;
  std::atomic<double> next_us_{0};
  std::atomic<std::uint64_t> refused_{0};
};

}  // namespace semantrix
