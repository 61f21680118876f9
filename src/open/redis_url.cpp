#include "open/redis_url.hpp"

#include "open/redis_options.hpp"
#include <semantrix/elasticache_store.hpp>

#include <utility>

namespace semantrix {
namespace {

StoreKind kind(std::string_view scheme, std::string_view example) {
  return {scheme, example, &ElastiCacheStore::static_capability(), redis_url_options()};
}

StoreKind memcached_kind_of(std::string_view scheme, std::string_view example) {
  return {scheme, example, &ElastiCacheStore::static_capability(false), memcached_url_options()};
}

}  // namespace

StoreKind redis_kind() { return kind("redis", "redis://127.0.0.1:6379"); }

StoreKind rediss_kind() { return kind("rediss", "rediss://cache.example.com:6379"); }

StoreKind elasticache_kind() {
  return kind("elasticache", "elasticache://cache.example.com:6379?ssl=true&use_redis=true");
}

StoreKind memcached_kind() { return memcached_kind_of("memcached", "memcached://127.0.0.1:11211"); }

StoreKind memcacheds_kind() {
  return memcached_kind_of("memcacheds", "memcacheds://cache.example.com:11211");
}

Result<std::shared_ptr<CacheStore>> open_redis(const StoreUrl& url) {
  Result<ElastiCacheOptions> options = redis_options(url);
  if (!options) return options.error();
  return std::shared_ptr<CacheStore>(std::make_shared<ElastiCacheStore>(std::move(*options)));
}

}  // namespace semantrix
