#pragma once

#include <semantrix/cache_store.hpp>

#include <memory>

namespace semantrix {

/// A store over another store: the base of every cross-cutting behaviour. It forwards everything;
/// a layer overrides only what it changes. A layer that must see every call overrides both the
/// `probe_*` and the `do_*` of a verb.
///
/// Cost: one virtual call a layer and a hit that is answered at once. Thread-safe if the inner
/// store is.
class Layer : public CacheStore {
 public:
  explicit Layer(std::shared_ptr<CacheStore> inner) noexcept : inner_(std::move(inner)) {}

  [[nodiscard]] const Capability& capability() const noexcept override {
    return inner_->capability();
  }
  bool subscribe_invalidations(const std::weak_ptr<InvalidationListener>& listener) override {
    return inner_->subscribe_invalidations(listener);
  }

 protected:
  [[nodiscard]] CacheStore& inner() noexcept { return *inner_; }

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
  Probe<std::size_t> probe_clear(const ClearOptions& options) override;
  Probe<std::size_t> probe_invalidate_tag(std::string_view tag) override;
  Probe<std::size_t> probe_invalidate_prefix(std::string_view prefix) override;
  Probe<std::optional<Entry>> probe_entry(std::string_view key) override;
  Probe<Stats> probe_stats() override;
  Probe<Description> probe_describe() override;
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
  awaitable<Result<std::size_t>> do_size(SizeMode mode) override;
  awaitable<Result<std::size_t>> do_clear(const ClearOptions& options) override;
  awaitable<Result<std::size_t>> do_invalidate_tag(std::string_view tag) override;
  awaitable<Result<std::size_t>> do_invalidate_prefix(std::string_view prefix) override;
  awaitable<Result<std::optional<Entry>>> do_entry(std::string_view key) override;
  awaitable<Result<Stats>> do_stats() override;
  awaitable<Result<Description>> do_describe() override;
  awaitable<Result<void>> do_close() override;
  std::unique_ptr<KeyStream> open_keys(std::string match) override;

 private:
  std::shared_ptr<CacheStore> inner_;
};

}  // namespace semantrix
