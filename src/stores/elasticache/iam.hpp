#pragma once

#include <semantrix/elasticache_options.hpp>
#include <semantrix/error.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace semantrix::elasticache {

/// What `iam` and the options that go with it may not be. Error: `invalid_argument` with the
/// option's name.
[[nodiscard]] Result<void> check_iam(const ElastiCacheOptions& options);

/// Logs in with tokens that are signed with AWS credentials, as `iam` asks; the options are
/// checked. Looks for nothing before the first connect.
[[nodiscard]] RedisCredentialsProvider iam_credentials(
    const ElastiCacheOptions& options, const boost::asio::any_io_executor& executor);

}  // namespace semantrix::elasticache
