#pragma once

#include <semantrix/clock.hpp>
#include <semantrix/layer.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace semantrix {

/// What `StaleWhileRevalidateLayer` and `EarlyRefreshLayer` have in common: a read of an entry that
/// is near its end may be told that there is none, so that its caller computes the value anew while
/// others still get the one that is there.
///
/// Over a store in memory the remaining ttl is asked for with each hit. Over a network it is
/// fetched with the value when the key is first read, and remembered for `max_keys` keys: such a
/// read is a `get_entry`, the others are as they were. `batch_get`, `keys`, `size` and the verbs
/// that erase know only what is remembered. Thread-safe.
class RefreshingLayer : public Layer {
 public:
  using Ttl = std::optional<std::chrono::milliseconds>;

  ~RefreshingLayer() override;
  /// The inner store's, with `Capability::refreshes_ahead`.
  [[nodiscard]] const Capability& capability() const noexcept override { return capability_; }

 protected:
  struct Terms {
    std::chrono::milliseconds extension{0};  ///< What each ttl is lengthened by, unseen by callers.
    Ttl default_ttl = std::nullopt;          ///< Ttl of an add that names none.
    std::size_t max_keys = 10'000;           ///< Over a network: remaining ttls remembered.
    std::shared_ptr<const Clock> clock = nullptr;
  };
  RefreshingLayer(std::shared_ptr<CacheStore> inner, const Terms& terms);

  /// How long before its end an entry is due to be computed anew; asked once a read.
  [[nodiscard]] virtual std::chrono::milliseconds margin() = 0;
  /// The entry is due: whether this caller is the one to compute it, and so gets a miss.
  [[nodiscard]] virtual bool must_refresh(std::string_view key) = 0;
  /// A read found nothing.
  virtual void on_missed(std::string_view /*key*/) {}
  /// An add or erase of the key has ended.
  virtual void on_written(std::string_view /*key*/) {}

  Probe<void> probe_add(std::string_view key, const Value& value,
                        const AddOptions& options) override;
  Probe<std::optional<Value>> probe_get(std::string_view key) override;
  Probe<bool> probe_erase(std::string_view key) override;
  Probe<BatchOutcome> probe_batch_add(std::span<const BatchItem> items,
                                      const AddOptions& options) override;
  Probe<std::vector<std::optional<Value>>> probe_batch_get(
      std::span<const std::string> keys) override;
  Probe<std::size_t> probe_batch_erase(std::span<const std::string> keys) override;
  Probe<std::size_t> probe_size(SizeMode mode) override;
  Probe<std::optional<Entry>> probe_entry(std::string_view key) override;
  Probe<Stats> probe_stats() override;

  awaitable<Result<void>> do_add(std::string_view key, const Value& value,
                                 const AddOptions& options) override;
  awaitable<Result<std::optional<Value>>> do_get(std::string_view key) override;
  awaitable<Result<bool>> do_erase(std::string_view key) override;
  awaitable<Result<BatchOutcome>> do_batch_add(std::span<const BatchItem> items,
                                               const AddOptions& options) override;
  awaitable<Result<std::vector<std::optional<Value>>>> do_batch_get(
      std::span<const std::string> keys) override;
  awaitable<Result<std::size_t>> do_batch_erase(std::span<const std::string> keys) override;
  awaitable<Result<std::size_t>> do_size(SizeMode mode) override;
  awaitable<Result<std::optional<Entry>>> do_entry(std::string_view key) override;
  awaitable<Result<Stats>> do_stats() override;
  std::unique_ptr<KeyStream> open_keys(std::string match) override;

 private:
  class State;
  class Unexpired;
  [[nodiscard]] Ttl lengthened(Ttl ttl) const;
  [[nodiscard]] std::vector<BatchItem> lengthened(std::span<const BatchItem> items,
                                                  const AddOptions& options) const;
  [[nodiscard]] Result<std::optional<Entry>> shown(Result<std::optional<Entry>> entry) const;
  [[nodiscard]] std::optional<std::chrono::milliseconds> left(std::string_view key);
  [[nodiscard]] std::optional<Value> judged(std::string_view key, std::optional<Value> value,
                                            std::chrono::milliseconds left,
                                            std::chrono::milliseconds margin);
  [[nodiscard]] bool must_list(SizeMode mode) const noexcept;
  [[nodiscard]] bool is_expired(std::string_view key);
  [[nodiscard]] std::size_t expired_among(std::span<const std::string> keys);
  void judge_all(std::span<const std::string> keys, std::vector<std::optional<Value>>& values);
  void added(std::string_view key, Ttl ttl);
  void added(std::span<const BatchItem> items);

  const Capability capability_;
  const Terms terms_;
  const std::unique_ptr<State> state_;
};

}  // namespace semantrix
