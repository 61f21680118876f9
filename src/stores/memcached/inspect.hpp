#pragma once

#include "net/endpoint.hpp"
#include "stores/backend/server_figures.hpp"
#include "stores/memcached/core.hpp"
#include "stores/memcached/greeting.hpp"
#include <semantrix/error.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace semantrix::memcached {

/// What `doctor` wants to know of a server.
struct ServerReport {
  net::Endpoint endpoint;
  Greeting greeting;
  std::optional<Error> failure;  ///< Why the server cannot be asked.
};

/// Asks all servers, one after the other. Fails if it is not known which those are.
awaitable<Result<std::vector<ServerReport>>> inspect(std::shared_ptr<Core> core);

/// Asks every server what it counted (stats), one after the other.
awaitable<Result<stores::ServerFigures>> count_up(std::shared_ptr<Core> core);

}  // namespace semantrix::memcached
