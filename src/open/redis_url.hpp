#pragma once

#include "base/url.hpp"
#include <semantrix/cache_store.hpp>
#include <semantrix/error.hpp>
#include <semantrix/open.hpp>

#include <memory>

/// redis://, rediss://, elasticache://, memcached://, memcacheds://: see redis_options.hpp.
namespace semantrix {

[[nodiscard]] StoreKind redis_kind();
[[nodiscard]] StoreKind rediss_kind();
[[nodiscard]] StoreKind elasticache_kind();
[[nodiscard]] StoreKind memcached_kind();
[[nodiscard]] StoreKind memcacheds_kind();

/// Errors: those of the URL. Throws what `ElastiCacheStore` throws.
[[nodiscard]] Result<std::shared_ptr<CacheStore>> open_redis(const StoreUrl& url);

}  // namespace semantrix
