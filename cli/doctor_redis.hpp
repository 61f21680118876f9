#pragma once

#include "cli/findings.hpp"
#include "stores/redis/inspect.hpp"
#include <semantrix/elasticache_options.hpp>

namespace semantrix::cli {

/// What of a server's state and settings hurts a cache of these options: the findings "server" and
/// "settings".
void check_redis_settings(Findings& findings, const redis::ServerReport& server,
                          const ElastiCacheOptions& options);

}  // namespace semantrix::cli
