#pragma once

/// Everything, for examples and small programs. Larger ones include what they name.

#include <semantrix/blocking_store.hpp>
#include <semantrix/cache_store.hpp>
#include <semantrix/capability.hpp>
#include <semantrix/clock.hpp>
#include <semantrix/dynamodb_options.hpp>
#include <semantrix/dynamodb_store.hpp>
#include <semantrix/elasticache_options.hpp>
#include <semantrix/elasticache_store.hpp>
#include <semantrix/error.hpp>
#include <semantrix/eviction_policy.hpp>
#include <semantrix/executor.hpp>
#include <semantrix/get_or_compute.hpp>
#include <semantrix/google_memorystore_options.hpp>
#include <semantrix/google_memorystore_store.hpp>
#include <semantrix/in_memory_store.hpp>
#include <semantrix/invalidations.hpp>
#include <semantrix/layer.hpp>
#include <semantrix/layers/fail_open.hpp>
#include <semantrix/layers/metrics.hpp>
#include <semantrix/layers/near_cache.hpp>
#include <semantrix/layers/negative_cache.hpp>
#include <semantrix/layers/rate_limit.hpp>
#include <semantrix/layers/single_flight.hpp>
#include <semantrix/layers/ttl_jitter.hpp>
#include <semantrix/memory_cache.hpp>
#include <semantrix/memory_options.hpp>
#include <semantrix/metrics.hpp>
#include <semantrix/migrate.hpp>
#include <semantrix/network_options.hpp>
#include <semantrix/open.hpp>
#include <semantrix/stats.hpp>
#include <semantrix/tls_options.hpp>
#include <semantrix/value.hpp>
#include <semantrix/version.hpp>
