#pragma once

#include "stores/redis/inspect.hpp"
#include <semantrix/elasticache_store.hpp>

namespace semantrix::elasticache {

/// What the server says of itself over the Redis protocol. REQUIRES: the store speaks it.
awaitable<Result<redis::ServerReport>> inspect_redis(ElastiCacheStore& store);

}  // namespace semantrix::elasticache
