#pragma once

#include "stores/backend/backend.hpp"
#include "stores/dynamodb/core.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace semantrix::dynamodb {

/// A store's verbs on a table. `get` is one GetItem, `add` one PutItem; batches, large values and
/// scans have files of their own.
class DynamoDBBackend final : public stores::Backend {
 public:
  /// The capability must outlive the backend.
  DynamoDBBackend(SharedCore core, const Capability& capability)
      : core_(std::move(core)), capability_(capability) {}

  [[nodiscard]] const SharedCore& core() const noexcept { return core_; }
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
  void forget() noexcept override { core_->service.forget(); }

 private:
  const SharedCore core_;
  const Capability& capability_;
};

}  // namespace semantrix::dynamodb
