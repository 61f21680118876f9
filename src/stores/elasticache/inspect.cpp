#include "stores/elasticache/inspect.hpp"

#include "stores/elasticache/store_backend.hpp"
#include "stores/memcached/memcached_backend.hpp"
#include "stores/redis/redis_backend.hpp"

namespace semantrix::elasticache {

awaitable<Result<redis::ServerReport>> inspect_redis(ElastiCacheStore& store) {
  auto& backend = dynamic_cast<redis::RedisBackend&>(*backend_of(store));
  return redis::inspect(backend.core());
}

awaitable<Result<std::vector<memcached::ServerReport>>> inspect_memcached(ElastiCacheStore& store) {
  auto& backend = dynamic_cast<memcached::MemcachedBackend&>(*backend_of(store));
  return memcached::inspect(backend.core());
}

awaitable<Result<stores::ServerFigures>> count_up(ElastiCacheStore& store) {
  stores::Backend& backend = *backend_of(store);
  if (auto* redis = dynamic_cast<redis::RedisBackend*>(&backend)) {
    return redis::count_up(redis->core());
  }
  return memcached::count_up(dynamic_cast<memcached::MemcachedBackend&>(backend).core());
}

}  // namespace semantrix::elasticache
