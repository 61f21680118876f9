#pragma once

#include "stores/dynamodb/core.hpp"
#include <semantrix/dynamodb_store.hpp>

#include <optional>

/// What `doctor` wants to know. Changes nothing, and counts as no call of the store.
namespace semantrix::dynamodb {

/// Of a store, which must outlive its use.
[[nodiscard]] SharedCore core_of(DynamoDBCacheStore& store);

/// Who the store is to the service. Errors: those of the places that were looked at.
[[nodiscard]] awaitable<Result<aws::SharedCredentials>> inspect_credentials(SharedCore core);

/// The table; nothing where it is missing and the first add would create it.
[[nodiscard]] awaitable<Result<std::optional<TableState>>> inspect_table(SharedCore core);

/// Its own expiry; nothing where a stand-in for the service knows of none.
[[nodiscard]] awaitable<Result<std::optional<TtlState>>> inspect_ttl(SharedCore core);

}  // namespace semantrix::dynamodb
