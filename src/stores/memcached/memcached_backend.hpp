#pragma once

#include "stores/backend/backend.hpp"
#include "stores/memcached/core.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace semantrix::memcached {

/// A store's verbs over the Memcached protocol. `add` is one set, `get` one get, unless the value
/// is over the server's item limit; batches and listings have files of their own.
class MemcachedBackend final : public stores::Backend {
 public:
  /// What `describe` warns of, if anything.
  MemcachedBackend(stores::StoreTerms terms, memcache::KeyPrefix key_prefix, ClientOptions client,
                   const Capability& capability, std::optional<Error> warning = std::nullopt)
      : core_(std::make_shared<Core>(std::move(terms), std::move(key_prefix), std::move(client))),
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

}  // namespace semantrix::memcached
