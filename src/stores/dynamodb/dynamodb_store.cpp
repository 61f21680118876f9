#include "stores/dynamodb/dynamodb_backend.hpp"
#include "stores/dynamodb/entries.hpp"
#include "stores/dynamodb/option_checks.hpp"
#include "stores/dynamodb/store_backend.hpp"
#include <semantrix/dynamodb_store.hpp>

#include <utility>

namespace semantrix {
namespace {

constexpr Capability dynamodb_capability{
    .store = "dynamodb",
    .networked = true,
    .keeps_across_processes = true,
    .max_key_bytes = dynamodb::longest_key,
    .max_value_bytes = dynamodb::largest_value,
};

Result<std::shared_ptr<stores::Backend>> make_backend(const DynamoDBOptions& options) {
  auto core = dynamodb::make_core(options, dynamodb_capability);
  if (!core) return core.error();
  auto backend = std::make_shared<dynamodb::DynamoDBBackend>(std::move(*core), dynamodb_capability);
  return std::shared_ptr<stores::Backend>(std::move(backend));
}

}  // namespace

const std::shared_ptr<stores::Backend>& dynamodb::backend_of(DynamoDBCacheStore& store) {
  return DynamoDBCacheStore::Core::of(store);
}

DynamoDBCacheStore::DynamoDBCacheStore(DynamoDBOptions options)
    : core_(std::make_unique<Core>(
          [options = std::move(options)] { return make_backend(options); })) {}

DynamoDBCacheStore::~DynamoDBCacheStore() = default;

const Capability& DynamoDBCacheStore::static_capability() noexcept { return dynamodb_capability; }
const Capability& DynamoDBCacheStore::capability() const noexcept { return dynamodb_capability; }

awaitable<Result<std::optional<Value>>> DynamoDBCacheStore::do_get(std::string_view key) {
  return core_->current()->get(key);
}

awaitable<Result<void>> DynamoDBCacheStore::do_add(std::string_view key, const Value& value,
                                                   const AddOptions& options) {
  return core_->current()->add(key, value, options);
}

awaitable<Result<bool>> DynamoDBCacheStore::do_erase(std::string_view key) {
  const std::string owned(key);
  const std::span<const std::string> keys(&owned, 1);
  auto erasing = do_batch_erase(keys);
  const Result<std::size_t> erased = co_await std::move(erasing);
  if (!erased) co_return erased.error();
  co_return *erased != 0;
}

awaitable<Result<BatchOutcome>> DynamoDBCacheStore::do_batch_add(std::span<const BatchItem> items,
                                                                 const AddOptions& options) {
  return core_->current()->batch_add(items, options);
}

awaitable<Result<std::vector<std::optional<Value>>>> DynamoDBCacheStore::do_batch_get(
    std::span<const std::string> keys) {
  return core_->current()->batch_get(keys);
}

awaitable<Result<std::size_t>> DynamoDBCacheStore::do_batch_erase(
    std::span<const std::string> keys) {
  return core_->current()->batch_erase(keys);
}

awaitable<Result<std::size_t>> DynamoDBCacheStore::do_size(SizeMode mode) {
  return core_->current()->size(mode);
}

awaitable<Result<std::size_t>> DynamoDBCacheStore::do_clear(const ClearOptions& options) {
  return core_->current()->clear(options);
}

awaitable<Result<std::optional<Entry>>> DynamoDBCacheStore::do_entry(std::string_view key) {
  return core_->current()->entry(key);
}

Probe<Stats> DynamoDBCacheStore::probe_stats() { return core_->current()->stats(); }

awaitable<Result<Description>> DynamoDBCacheStore::do_describe() {
  return core_->current()->describe();
}

awaitable<Result<void>> DynamoDBCacheStore::do_close() { return core_->current()->close(); }

std::unique_ptr<KeyStream> DynamoDBCacheStore::open_keys(std::string match) {
  return core_->current()->keys(std::move(match));
}

}  // namespace semantrix
