#pragma once

#include "cloud/access/surroundings.hpp"
#include "cloud/aws/credentials_provider.hpp"
#include "protocol/sigv4/signer.hpp"
#include <semantrix/elasticache_options.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// Passwords for ElastiCache that follow from AWS credentials ("IAM authentication").
namespace semantrix::aws {

/// A cache as IAM knows it.
struct CacheName {
  std::string name;         ///< Of the replication group or the serverless cache, in lower case.
  bool serverless = false;  ///< Its requests are signed as those of a ServerlessCache.
  friend bool operator==(const CacheName&, const CacheName&) = default;
};

/// What the name that AWS gave an endpoint says of its cache; nothing for any other name.
[[nodiscard]] std::optional<CacheName> cache_of_host(std::string_view host);

/// A signed request to log in, without its "http://". The cache takes it for 15 minutes.
[[nodiscard]] std::string elasticache_token(const sigv4::Signer& signer, const CacheName& cache,
                                            std::string_view user, const Credentials& credentials,
                                            std::chrono::sys_seconds now);

/// Who logs in where.
struct CacheLogin {
  std::string user;
  CacheName cache;
  std::string region = {};   ///< Empty: found as for any service.
  std::string profile = {};  ///< Whose region; empty: AWS_PROFILE.
};

/// Gives a new token at each question, and has the connection log in again before the twelve hours
/// are over after which the cache ends it. Errors: those of the credentials and `no_region`.
[[nodiscard]] RedisCredentialsProvider elasticache_credentials(
    CacheLogin login, std::shared_ptr<CredentialsProvider> provider,
    cloud::SharedSurroundings surroundings);

}  // namespace semantrix::aws
