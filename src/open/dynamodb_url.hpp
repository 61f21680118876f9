#pragma once

#include "base/url.hpp"
#include <semantrix/cache_store.hpp>
#include <semantrix/dynamodb_options.hpp>
#include <semantrix/error.hpp>
#include <semantrix/open.hpp>

#include <memory>

/// dynamodb://TABLE[?region_name=us-west-2&…]
namespace semantrix {

[[nodiscard]] StoreKind dynamodb_kind();

/// What a URL says. Error (`invalid_argument`, one sentence without secrets): no table or more than
/// that before the question mark, an unknown option, a bad value.
[[nodiscard]] Result<DynamoDBOptions> dynamodb_options(const StoreUrl& url);

/// Errors: those of the URL. Throws what `DynamoDBCacheStore` throws.
[[nodiscard]] Result<std::shared_ptr<CacheStore>> open_dynamodb(const StoreUrl& url);

}  // namespace semantrix
