#pragma once

#include "cli/findings.hpp"
#include "stores/memcached/inspect.hpp"
#include <semantrix/elasticache_options.hpp>

#include <span>

namespace semantrix::cli {

/// What of the servers' state and settings hurts a cache of these options: the findings "server"
/// and "settings".
void check_memcached_settings(Findings& findings, std::span<const memcached::ServerReport> servers,
                              const ElastiCacheOptions& options);

}  // namespace semantrix::cli
