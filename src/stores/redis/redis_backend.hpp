#pragma once

#include "stores/backend/backend.hpp"
#include "stores/redis/core.hpp"
#include "stores/redis/tracking.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace semantrix::redis {

/// A store's verbs over the Redis protocol. `add` is one SET, `get` one GET; batches and listings
/// have files of their own.
class RedisBackend : public stores::Backend {
 public:
  /// What `describe` warns of, if anything; the capability must outlive the backend.
  RedisBackend(stores::StoreTerms terms, ClientOptions client, const Capability& capability,
               std::optional<Error> warning = std::nullopt)
      : executor_(client.executor),
        connect_timeout_(client.network.connect_timeout),
        core_(std::make_shared<Core>(std::move(terms), std::move(client))),
        capability_(capability),
        warning_(std::move(warning)) {}

  ~RedisBackend() override { stop_tracking(); }

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
  bool subscribe(const std::weak_ptr<InvalidationListener>& listener) override;
  void forget() noexcept override;

 private:
  void stop_tracking();

  const boost::asio::any_io_executor executor_;
  const std::chrono::milliseconds connect_timeout_;
  const std::shared_ptr<Core> core_;
  const Capability& capability_;
  const std::optional<Error> warning_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Tracking>> trackings_;  // guarded by mutex_
};

}  // namespace semantrix::redis
