#pragma once

#include <semantrix/call_observer.hpp>
#include <semantrix/layer.hpp>

#include <memory>
#include <string>

namespace semantrix {

/// Measures how long calls take, verb by verb, for `metrics_text`, and tells an observer of each,
/// if there is one.
///
/// Outermost it measures what callers wait for; over the store itself, what the store takes. The
/// verbs are get, add, erase and their batches; a call that ends with an error counts as well.
/// Calls that a store answers at once are all timed only up to the thousandth of a verb; of later
/// ones one in sixteen, by chance, counts for sixteen.
/// Cost: of a call that is timed, two clock readings and two atomic additions; of another, a count
/// of the thread's own. No lock, no allocation. With an observer every call is timed and told.
/// Thread-safe.
class MetricsLayer final : public Layer {
 public:
  explicit MetricsLayer(std::shared_ptr<CacheStore> inner,
                        std::shared_ptr<CallObserver> observer = nullptr);
  ~MetricsLayer() override;

  /// The histogram `semantrix_call_duration_seconds`, with the labels `store`, `verb` and `le`.
  [[nodiscard]] std::string durations_text() const;

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

  awaitable<Result<void>> do_add(std::string_view key, const Value& value,
                                 const AddOptions& options) override;
  awaitable<Result<std::optional<Value>>> do_get(std::string_view key) override;
  awaitable<Result<bool>> do_erase(std::string_view key) override;
  awaitable<Result<BatchOutcome>> do_batch_add(std::span<const BatchItem> items,
                                               const AddOptions& options) override;
  awaitable<Result<std::vector<std::optional<Value>>>> do_batch_get(
      std::span<const std::string> keys) override;
  awaitable<Result<std::size_t>> do_batch_erase(std::span<const std::string> keys) override;

 private:
  class Calls;
  struct Call;
  template <class T>
  static awaitable<Result<T>> timed(std::shared_ptr<Calls> calls, Call call,
                                    awaitable<Result<T>> work);

  const std::shared_ptr<Calls> calls_;
};

}  // namespace semantrix
