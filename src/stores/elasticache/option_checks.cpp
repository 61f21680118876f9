#include "stores/elasticache/option_checks.hpp"

#include "base/quote.hpp"
#include "net/network_checks.hpp"
#include <semantrix/executor.hpp>

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace semantrix::elasticache {
namespace {

constexpr std::uint16_t redis_port = 6379;

Error invalid(std::string message, std::string remedy) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(remedy)};
}

Result<void> check_reads(const ElastiCacheOptions& options) {
  if (options.read_from == ReadFrom::primary) {
    if (options.reader_endpoint.empty()) return {};
    return invalid("reader_endpoint is set, but read_from=primary reads nothing there",
                   "set read_from to replica or nearest");
  }
  if (options.cluster == ClusterMode::off && options.reader_endpoint.empty()) {
    return invalid(
        "read_from asks for replicas of a server that is no cluster, but no "
        "reader_endpoint is set",
        "set reader_endpoint, or read_from=primary");
  }
  return {};
}

Result<void> check(const ElastiCacheOptions& options) {
  if (!options.use_redis) {
    return Error(ErrorCode::not_supported, "use_redis=false: Memcached is not spoken yet",
                 "use a server that speaks the Redis protocol");
  }
  if (options.endpoint.empty()) {
    return invalid("no endpoint is named", "set endpoint to host, host:port or [v6]:port");
  }
  if (options.cluster == ClusterMode::on && options.database != 0) {
    return invalid("database is set, but a cluster has only database 0", "leave database out");
  }
  if (const Result<void> reads = check_reads(options); !reads) return reads.error();
  if (options.key_prefix.find_first_of("{}") != std::string::npos) {
    return invalid(fmt::format("key_prefix {} holds a brace, which would put all keys of a cluster "
                               "on one node",
                               quote(options.key_prefix)),
                   "leave the braces out");
  }
  if (options.default_ttl && options.default_ttl->count() <= 0) {
    return invalid("default_ttl must be positive", "leave it out for entries that do not expire");
  }
  if (!options.user.empty() && options.password.empty() && !options.credentials) {
    return invalid("user is set without a password", "set password too");
  }
  return net::check(options.network);
}

Result<std::shared_ptr<net::TlsContext>> tls_of(const ElastiCacheOptions& options) {
  TlsOptions tls;
  tls.ca_certs = options.ssl_ca_certs;
  tls.certificate = options.ssl_certificate;
  tls.private_key = options.ssl_private_key;
  tls.server_name = options.server_name;
  tls.verification = options.ssl_verification;
  if (options.ssl) return net::make_tls_context(tls);
  if (!tls.ca_certs.empty() || !tls.certificate.empty() || !tls.private_key.empty()) {
    return invalid("certificates are named, but ssl is off", "set ssl to true");
  }
  return std::shared_ptr<net::TlsContext>();
}

/// The fixed user and password, as a provider.
boost::asio::awaitable<Result<RedisCredentials>> same_credentials(RedisCredentials credentials) {
  co_return credentials;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

}  // namespace

Result<redis::ClientOptions> client_options(const ElastiCacheOptions& options) {
  if (const Result<void> checked = check(options); !checked) return checked.error();
  redis::ClientOptions client;
  auto endpoint = net::parse_endpoint(options.endpoint, redis_port);
  if (!endpoint) return endpoint.error();
  client.endpoint = std::move(*endpoint);
  if (!options.reader_endpoint.empty()) {
    auto reader = net::parse_endpoint(options.reader_endpoint, redis_port);
    if (!reader) return reader.error();
    client.reader = std::move(*reader);
  }
  client.cluster = options.cluster;
  client.read_from = options.read_from;
  auto tls = tls_of(options);
  if (!tls) return tls.error();
  client.tls = std::move(*tls);
  client.database = options.database;
  client.network = options.network;
  client.credentials = options.credentials;
  if (!client.credentials) {
    const RedisCredentials fixed{options.user, options.password, std::nullopt};
    client.credentials = [fixed] { return same_credentials(fixed); };
  }
  client.executor = options.executor ? *options.executor : library_executor();
  return client;
}

std::optional<Error> warning(const ElastiCacheOptions& options) {
  const auto endpoint = net::parse_endpoint(options.endpoint, redis_port);
  const bool secret = !options.password.empty() || options.credentials;
  if (!endpoint || options.ssl || !secret || is_loopback(endpoint->host)) return std::nullopt;
  return Error(ErrorCode::invalid_argument,
               fmt::format("the password travels to {} in the clear", net::to_string(*endpoint)),
               "set ssl to true");
}

}  // namespace semantrix::elasticache
