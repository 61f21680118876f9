#pragma once

#include <semantrix/elasticache_store.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace semantrix::elasticache {

/// What `doctor` wants to know of a server. Empty where the server does not say.
struct ServerReport {
  std::string version;                     ///< "7.0.15"
  std::string role;                        ///< "master", "slave"
  std::optional<std::uint64_t> maxmemory;  ///< Bytes; 0: unlimited.
  std::string maxmemory_policy;            ///< "noeviction", "allkeys-lru", …
  std::string cluster_state;               ///< "ok", "fail"; empty where it is no cluster.
};

/// Asks the server (INFO, and CLUSTER INFO where it is a cluster).
awaitable<Result<ServerReport>> inspect(ElastiCacheStore& store);

}  // namespace semantrix::elasticache
