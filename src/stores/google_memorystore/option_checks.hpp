#pragma once

#include "net/endpoint.hpp"
#include "stores/redis/client_options.hpp"
#include <semantrix/error.hpp>
#include <semantrix/google_memorystore_options.hpp>

#include <optional>

namespace semantrix::memorystore {

/// Error (`invalid_argument`): the first option that cannot be, by its name.
[[nodiscard]] Result<void> check(const GoogleMemorystoreOptions& options);

/// The same of what `list_instances` is given.
[[nodiscard]] Result<void> check_access(const std::string& project_id, const std::string& region,
                                        const GoogleAccess& access);

/// What the instance and its read replicas are called until their addresses are known.
[[nodiscard]] net::Endpoint instance_endpoint(const GoogleMemorystoreOptions& options);
[[nodiscard]] net::Endpoint replicas_endpoint(const GoogleMemorystoreOptions& options);

/// What checked options ask of a Redis client, but for its locator.
[[nodiscard]] redis::ClientOptions client_options(const GoogleMemorystoreOptions& options);

}  // namespace semantrix::memorystore
