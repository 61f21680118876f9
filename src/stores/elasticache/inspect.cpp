#include "stores/elasticache/inspect.hpp"

#include "stores/elasticache/store_backend.hpp"
#include "stores/redis/redis_backend.hpp"

namespace semantrix::elasticache {

awaitable<Result<redis::ServerReport>> inspect_redis(ElastiCacheStore& store) {
  auto& backend = dynamic_cast<redis::RedisBackend&>(*backend_of(store));
  return redis::inspect(backend.core());
}

}  // namespace semantrix::elasticache
