#pragma once

#include "stores/redis/client_options.hpp"
#include <semantrix/elasticache_options.hpp>
#include <semantrix/error.hpp>

#include <optional>

namespace semantrix::elasticache {

/// What the options ask of a Redis client. Reads the TLS files. Errors: `invalid_argument` with the
/// option's name, `not_supported`.
[[nodiscard]] Result<redis::ClientOptions> client_options(const ElastiCacheOptions& options);

/// What is legal and still unwise.
[[nodiscard]] std::optional<Error> warning(const ElastiCacheOptions& options);

}  // namespace semantrix::elasticache
