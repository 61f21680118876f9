#include "stores/elasticache/iam.hpp"

#include "cloud/aws/credentials_chain.hpp"
#include "cloud/aws/elasticache_token.hpp"
#include "net/endpoint.hpp"
#include "protocol/sigv4/encode.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace semantrix::elasticache {
namespace {

Error invalid(std::string message, std::string remedy) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(remedy)};
}

std::string host_of(const ElastiCacheOptions& options) {
  const auto endpoint = net::parse_endpoint(options.endpoint, 1);
  return endpoint ? endpoint->host : std::string();
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::optional<aws::CacheName> cache_of(const ElastiCacheOptions& options) {
  std::optional<aws::CacheName> cache = aws::cache_of_host(host_of(options));
  if (options.cache_name.empty()) return cache;
  const bool serverless = options.serverless.value_or(cache && cache->serverless);
  return aws::CacheName{sigv4::lower_case(options.cache_name), serverless};
}

Result<void> check_unused(const ElastiCacheOptions& options) {
  if (!options.cache_name.empty() || options.serverless || !options.region_name.empty() ||
      !options.profile_name.empty()) {
    return invalid(
        "cache_name, serverless, region_name and profile_name have no meaning without "
        "iam",
        "set iam to true, or leave them out");
  }
  return {};
}

}  // namespace

Result<void> check_iam(const ElastiCacheOptions& options) {
  if (!options.iam) return check_unused(options);
  if (!options.use_redis) return invalid("iam is set, but Memcached knows no IAM", "leave it out");
  if (options.user.empty()) return invalid("iam is set without a user", "set user to its user id");
  if (!options.password.empty() || options.credentials) {
    return invalid("iam takes the place of password and credentials", "keep one of them");
  }
  if (!options.ssl && !is_loopback(host_of(options))) {
    return invalid("iam is set, but ssl is off: such caches speak TLS alone", "set ssl to true");
  }
  if (!cache_of(options)) {
    return invalid("the endpoint does not tell the name of the cache, which iam signs",
                   "set cache_name to the replication group's or the serverless cache's name");
  }
  return {};
}

RedisCredentialsProvider iam_credentials(const ElastiCacheOptions& options,
                                         const boost::asio::any_io_executor& executor) {
  aws::CacheLogin login;
  login.user = options.user;
  login.cache = cache_of(options).value_or(aws::CacheName());
  login.region = options.region_name;
  login.profile = options.profile_name;
  return aws::elasticache_credentials(
      std::move(login), aws::default_credentials_provider(executor, options.profile_name),
      cloud::process_surroundings());
}

}  // namespace semantrix::elasticache
