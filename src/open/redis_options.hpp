#pragma once

#include "base/url.hpp"
#include <semantrix/elasticache_options.hpp>
#include <semantrix/error.hpp>
#include <semantrix/open.hpp>

#include <span>

/// The options of a Redis URL: redis://, rediss:// (TLS) and elasticache://.
///
///     redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE][?NAME=VALUE[&…]]
namespace semantrix {

/// What `store_kinds` shows of them.
[[nodiscard]] std::span<const UrlOption> redis_url_options() noexcept;

/// What a URL of one of the three schemes says. Error (`invalid_argument`, one sentence without the
/// user's name or password): no host or several, a database that is no number, an unknown option, a
/// bad value, what contradicts the scheme or itself. Whether the values suit a store is for the
/// store to say.
[[nodiscard]] Result<ElastiCacheOptions> redis_options(const StoreUrl& url);

}  // namespace semantrix
