#include "stores/elasticache/option_checks.hpp"
#include "stores/elasticache/store_backend.hpp"
#include "stores/memcached/memcached_backend.hpp"
#include "stores/redis/redis_backend.hpp"
#include <semantrix/elasticache_store.hpp>

#include <utility>

namespace semantrix {
namespace {

/// Redis takes strings of at most 512 MiB (proto-max-bulk-len). What a record adds must fit too.
constexpr std::size_t largest_value = (std::size_t{512} << 20U) - 1024;

constexpr Capability redis_capability{
    .store = "elasticache",
    .networked = true,
    .keeps_across_processes = true,
    .can_subscribe_invalidations = true,
    .max_key_bytes = std::size_t{256} << 20U,
    .max_value_bytes = largest_value,
};

/// What its chunks make of a value; a key that is hashed travels with it.
constexpr Capability memcached_capability{
    .store = "memcached",
    .networked = true,
    .keeps_across_processes = true,
    .max_key_bytes = std::size_t{512} << 10U,
    .max_value_bytes = std::size_t{32} << 20U,
};

stores::StoreTerms terms_of(const ElastiCacheOptions& options, const Capability& capability) {
  return {capability.store, options.key_prefix, options.default_ttl, options.compress_threshold,
          options.network};
}

/// The one place that looks at the protocol.
Result<std::shared_ptr<stores::Backend>> make_backend(const ElastiCacheOptions& options) {
  std::shared_ptr<stores::Backend> backend;
  if (options.use_redis) {
    auto client = elasticache::redis_client_options(options);
    if (!client) return client.error();
    backend = std::make_shared<redis::RedisBackend>(terms_of(options, redis_capability),
                                                    std::move(*client), redis_capability,
                                                    elasticache::warning(options));
  } else {
    auto setup = elasticache::memcached_setup(options);
    if (!setup) return setup.error();
    backend = std::make_shared<memcached::MemcachedBackend>(
        terms_of(options, memcached_capability), std::move(setup->key_prefix),
        std::move(setup->client), memcached_capability, elasticache::warning(options));
  }
  return backend;
}

}  // namespace

const std::shared_ptr<stores::Backend>& elasticache::backend_of(ElastiCacheStore& store) {
  return ElastiCacheStore::Core::of(store);
}

ElastiCacheStore::ElastiCacheStore(ElastiCacheOptions options)
    : capability_(options.use_redis ? redis_capability : memcached_capability),
      core_(std::make_unique<Core>(
          [options = std::move(options)] { return make_backend(options); })) {}

ElastiCacheStore::~ElastiCacheStore() = default;

const Capability& ElastiCacheStore::static_capability(bool use_redis) noexcept {
  return use_redis ? redis_capability : memcached_capability;
}
const Capability& ElastiCacheStore::capability() const noexcept { return capability_; }

bool ElastiCacheStore::subscribe_invalidations(
    const std::weak_ptr<InvalidationListener>& listener) {
  return core_->current()->subscribe(listener);
}

awaitable<Result<std::optional<Value>>> ElastiCacheStore::do_get(std::string_view key) {
  return core_->current()->get(key);
}

awaitable<Result<void>> ElastiCacheStore::do_add(std::string_view key, const Value& value,
                                                 const AddOptions& options) {
  return core_->current()->add(key, value, options);
}

awaitable<Result<bool>> ElastiCacheStore::do_erase(std::string_view key) {
  const std::string owned(key);
  const std::span<const std::string> keys(&owned, 1);
  auto erasing = do_batch_erase(keys);
  const Result<std::size_t> erased = co_await std::move(erasing);
  if (!erased) co_return erased.error();
  co_return *erased != 0;
}

awaitable<Result<BatchOutcome>> ElastiCacheStore::do_batch_add(std::span<const BatchItem> items,
                                                               const AddOptions& options) {
  return core_->current()->batch_add(items, options);
}

awaitable<Result<std::vector<std::optional<Value>>>> ElastiCacheStore::do_batch_get(
    std::span<const std::string> keys) {
  return core_->current()->batch_get(keys);
}

awaitable<Result<std::size_t>> ElastiCacheStore::do_batch_erase(std::span<const std::string> keys) {
  return core_->current()->batch_erase(keys);
}

awaitable<Result<std::size_t>> ElastiCacheStore::do_size(SizeMode mode) {
  return core_->current()->size(mode);
}

awaitable<Result<std::size_t>> ElastiCacheStore::do_clear(const ClearOptions& options) {
  return core_->current()->clear(options);
}

awaitable<Result<std::optional<Entry>>> ElastiCacheStore::do_entry(std::string_view key) {
  return core_->current()->entry(key);
}

Probe<Stats> ElastiCacheStore::probe_stats() { return core_->current()->stats(); }

awaitable<Result<Description>> ElastiCacheStore::do_describe() {
  return core_->current()->describe();
}

awaitable<Result<void>> ElastiCacheStore::do_close() { return core_->current()->close(); }

std::unique_ptr<KeyStream> ElastiCacheStore::open_keys(std::string match) {
  return core_->current()->keys(std::move(match));
}

}  // namespace semantrix
