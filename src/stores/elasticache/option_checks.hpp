#pragma once

#include "protocol/memcache/wire_key.hpp"
#include "stores/memcached/client_options.hpp"
#include "stores/redis/client_options.hpp"
#include <semantrix/elasticache_options.hpp>
#include <semantrix/error.hpp>

#include <optional>

namespace semantrix::elasticache {

/// What the options ask of a Redis client. Reads the TLS files. Error: `invalid_argument` with the
/// option's name.
[[nodiscard]] Result<redis::ClientOptions> redis_client_options(const ElastiCacheOptions& options);

/// What they ask of a Memcached client.
struct MemcachedSetup {
  memcache::KeyPrefix key_prefix;
  memcached::ClientOptions client;
};
/// Reads the TLS files. Error: `invalid_argument` with the option's name, or an option that
/// Memcached has no use for.
[[nodiscard]] Result<MemcachedSetup> memcached_setup(const ElastiCacheOptions& options);

/// What is legal and still unwise.
[[nodiscard]] std::optional<Error> warning(const ElastiCacheOptions& options);

}  // namespace semantrix::elasticache
