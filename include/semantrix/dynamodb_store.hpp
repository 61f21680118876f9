#pragma once

#include <semantrix/cache_store.hpp>
#include <semantrix/dynamodb_options.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix {

/// A cache in an Amazon DynamoDB table: durable, shared, without a server to run.
///
///     semantrix::DynamoDBCacheStore store(
///         {.table_name = "semantrix-cache", .region_name = "us-west-2"});
///     co_await store.add("key1", "value1", {.ttl = 1h});
///
/// An item holds `key` (string), `value` (binary) and its expiry; other programs may read and write
/// it (docs/design/stored_format.md). `add` is one PutItem, `get_exact` one GetItem, `batch_get` a
/// BatchGetItem for 100 keys, `batch_add` a BatchWriteItem for 25, `batch_erase` a DeleteItem a
/// key, for only that tells what there was; what the table leaves unprocessed is asked for again.
/// Values that an item cannot hold are compressed, then split over several items. `keys`, `size`
/// and `clear` read the whole table and pay for it.
///
/// After `fork` the child's store connects afresh and leaves the parent's connections alone.
///
/// The constructor does no I/O; the destructor does not block, and ends the connections. Errors: as
/// `CacheStore`, within `deadline`. One exception: where no deadline is set, the `add` that creates
/// the table waits for it, about ten seconds; where one is set it ends then with `unavailable`.
/// Reads and removals never create it: to them a missing table is an empty one.
class DynamoDBCacheStore final : public CacheStore {
 public:
  class Core;  ///< Not for users.

  /// Throws `CacheError`: `invalid_argument` for an option.
  explicit DynamoDBCacheStore(DynamoDBOptions options);
  ~DynamoDBCacheStore() override;

  [[nodiscard]] const Capability& capability() const noexcept override;
  /// The same, without a store at hand.
  [[nodiscard]] static const Capability& static_capability() noexcept;

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
  awaitable<Result<std::size_t>> do_size(SizeMode mode) override;
  awaitable<Result<std::size_t>> do_clear(const ClearOptions& options) override;
  awaitable<Result<std::optional<Entry>>> do_entry(std::string_view key) override;
  Probe<Stats> probe_stats() override;
  awaitable<Result<Description>> do_describe() override;
  awaitable<Result<void>> do_close() override;
  std::unique_ptr<KeyStream> open_keys(std::string match) override;

 private:
  const std::unique_ptr<Core> core_;
};

}  // namespace semantrix
