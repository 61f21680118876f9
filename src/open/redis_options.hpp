#pragma once

#include "base/url.hpp"
#include <semantrix/elasticache_options.hpp>
#include <semantrix/error.hpp>
#include <semantrix/open.hpp>

#include <span>

/// The options of the URLs of an `ElastiCacheStore`: redis://, rediss:// (TLS) and elasticache://;
/// memcached:// and memcacheds:// (TLS), which take several hosts.
///
///     redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE][?NAME=VALUE[&…]]
///     memcached://[USER:PASSWORD@]HOST[:PORT][,HOST[:PORT]…][?NAME=VALUE[&…]]
namespace semantrix {

/// What `store_kinds` shows of them.
[[nodiscard]] std::span<const UrlOption> redis_url_options() noexcept;
[[nodiscard]] std::span<const UrlOption> memcached_url_options() noexcept;

/// What a URL of one of these schemes says. Error (`invalid_argument`, one sentence without the
/// user's name or password): no host or several, a database that is no number, an unknown option, a
/// bad value, what contradicts the scheme or itself. Whether the values suit a store is for the
/// store to say.
[[nodiscard]] Result<ElastiCacheOptions> redis_options(const StoreUrl& url);

}  // namespace semantrix
