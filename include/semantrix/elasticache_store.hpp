#pragma once

#include <semantrix/cache_store.hpp>
#include <semantrix/elasticache_options.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix {

/// A cache in Redis, Valkey, Memcached or Amazon ElastiCache.
///
///     semantrix::ElastiCacheStore store({.endpoint = "127.0.0.1:6379"});
///     co_await store.add("key1", "value1", {.ttl = 1h});
///
/// Calls share a few multiplexed connections, which open on the first call and again by themselves
/// whenever they end. A cluster is recognised by any of its nodes, and each key goes straight to
/// the node that has it. `add` is one SET, `get_exact` one GET, `batch_get` one MGET for 256 keys
/// (in a cluster: for those of a slot), `batch_add` pipelined SETs; `keys`, `size` and `clear`
/// scan. Values are stored as they are under `key_prefix` + key, for other clients to read, unless
/// a record says more (docs/design/stored_format.md).
///
/// With `use_redis = false` the servers speak the Memcached protocol; see
/// docs/stores/elasticache_memcached.md for what is different there.
///
/// After `fork` the child's store connects afresh and leaves the parent's connections alone.
///
/// The constructor does no I/O; the destructor does not block, and ends the connections. Errors: as
/// `CacheStore`, within `deadline`.
class ElastiCacheStore final : public CacheStore {
 public:
  class Core;  ///< Not for users.

  /// Throws `CacheError`: `invalid_argument` for an option. Calls give `not_supported` where
  /// `cluster` is on and the server is no cluster.
  explicit ElastiCacheStore(ElastiCacheOptions options);
  ~ElastiCacheStore() override;

  [[nodiscard]] const Capability& capability() const noexcept override;
  /// The same, without a store at hand, for one of the two protocols.
  [[nodiscard]] static const Capability& static_capability(bool use_redis = true) noexcept;

  /// Redis from version 6 on: by client tracking, over a connection to each primary. An older
  /// server, or one that forbids it, is asked again each minute, and nothing is told meanwhile.
  bool subscribe_invalidations(const std::weak_ptr<InvalidationListener>& listener) override;

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
  const Capability& capability_;
  const std::unique_ptr<Core> core_;
};

}  // namespace semantrix
