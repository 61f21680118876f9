#pragma once

#include "stores/backend/server_figures.hpp"
#include "stores/redis/core.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace semantrix::redis {

/// What `doctor` wants to know of a server. Empty where the server does not say.
struct ServerReport {
  std::string version;                     ///< "7.0.15"
  std::string role;                        ///< "master", "slave"
  std::optional<std::uint64_t> maxmemory;  ///< Bytes; 0: unlimited.
  std::string maxmemory_policy;            ///< "noeviction", "allkeys-lru", …
  std::string cluster_state;               ///< "ok", "fail"; empty where it is no cluster.
};

/// Asks the server (INFO, and CLUSTER INFO where it is a cluster).
awaitable<Result<ServerReport>> inspect(std::shared_ptr<Core> core);

/// Asks every primary what it counted (INFO), one after the other.
awaitable<Result<stores::ServerFigures>> count_up(std::shared_ptr<Core> core);

}  // namespace semantrix::redis
