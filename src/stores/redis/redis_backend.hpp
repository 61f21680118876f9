#pragma once

#include "stores/backend/backend.hpp"
#include "stores/redis/core.hpp"

#include <memory>
#include <optional>

namespace semantrix::redis {

/// A store's verbs over the Redis protocol. `add` is one SET, `get` one GET; batches and listings
/// have files of their own.
class RedisBackend : public stores::Backend {
 public:
  /// What `describe` warns of, if anything; the capability must outlive the backend.
  RedisBackend(stores::StoreTerms terms, ClientOptions client, const Capability& capability,
               std::optional<Error> warning = std::nullopt)
      : core_(std::make_shared<Core>(std::move(terms), std::move(client))),
        capability_(capability),
        warning_(std::move(warning)) {}

  [[nodiscard]] const std::shared_ptr<Core>& core() const noexcept { return core_; }
  [[nodiscard]] const Capability& capability() const noexcept override { return capability_; }

  awaitable<Result<std::optional<Value>>> get(std::string_view key) override;
  awaitable<Result<void>> add(std::string_view key, const Value& value,
                              const AddOptions& options) override;
  awaitable<Result<BatchOutcome>> batch_add(std::span<const BatchItem> items,
                                            const AddOptions& options) override;
  awaitable<Result<std::vector<std::optional<Value>>>> batch_get(
      std::span<const std::string> keys) override;
  awaitable<Result<std::size_t>> batch_erase(std::span<const std::string> keys) override;
  awaitable<Result<std::size_t>> size(SizeMode mode) override;
  awaitable<Result<std::size_t>> clear(const ClearOptions& options) override;
  awaitable<Result<std::optional<Entry>>> entry(std::string_view key) override;
  std::unique_ptr<KeyStream> keys(std::string match) override;
  [[nodiscard]] Probe<Stats> stats() override;
  awaitable<Result<Description>> describe() override;
  awaitable<Result<void>> close() override;
  void forget() noexcept override { core_->client().forget(); }

 private:
  const std::shared_ptr<Core> core_;
  const Capability& capability_;
  const std::optional<Error> warning_;
};

}  // namespace semantrix::redis
