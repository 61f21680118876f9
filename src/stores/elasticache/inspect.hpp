#pragma once

#include "stores/memcached/inspect.hpp"
#include "stores/redis/inspect.hpp"
#include <semantrix/elasticache_store.hpp>

namespace semantrix::elasticache {

/// What the server says of itself over the Redis protocol. REQUIRES: the store speaks it.
awaitable<Result<redis::ServerReport>> inspect_redis(ElastiCacheStore& store);
/// What each server says over the Memcached protocol. REQUIRES: the store speaks that.
awaitable<Result<std::vector<memcached::ServerReport>>> inspect_memcached(ElastiCacheStore& store);

/// What the servers counted, over either protocol.
awaitable<Result<stores::ServerFigures>> count_up(ElastiCacheStore& store);

}  // namespace semantrix::elasticache
