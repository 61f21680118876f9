#include "stores/elasticache/option_checks.hpp"

#include "base/quote.hpp"
#include "net/network_checks.hpp"
#include "stores/elasticache/iam.hpp"
#include "stores/memcached/servers.hpp"
#include <semantrix/executor.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace semantrix::elasticache {
namespace {

constexpr std::uint16_t redis_port = 6379;
constexpr std::uint16_t memcached_port = 11211;

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

/// What holds whatever the protocol.
Result<void> check(const ElastiCacheOptions& options) {
  if (options.endpoint.empty()) {
    return invalid("no endpoint is named", "set endpoint to host, host:port or [v6]:port");
  }
  if (options.default_ttl && options.default_ttl->count() <= 0) {
    return invalid("default_ttl must be positive", "leave it out for entries that do not expire");
  }
  if (!options.user.empty() && options.password.empty() && !options.credentials && !options.iam) {
    return invalid("user is set without a password", "set password too");
  }
  if (const Result<void> iam = check_iam(options); !iam) return iam.error();
  return net::check(options.network);
}

Result<void> check_redis(const ElastiCacheOptions& options) {
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
  return {};
}

Result<void> check_memcached(const ElastiCacheOptions& options) {
  const std::string_view out = "leave it out, or set use_redis to true";
  if (options.database != 0) {
    return invalid("database is set, but Memcached has none", std::string(out));
  }
  if (options.read_from != ReadFrom::primary) {
    return invalid("read_from asks for replicas, but Memcached has none", std::string(out));
  }
  if (!options.reader_endpoint.empty()) {
    return invalid("reader_endpoint is set, but Memcached has no replicas", std::string(out));
  }
  return {};
}

/// One server, or several with commas between.
Result<std::vector<net::Endpoint>> parse_servers(std::string_view text) {
  std::vector<net::Endpoint> servers;
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    more = comma != std::string_view::npos;
    auto server = net::parse_endpoint(text.substr(0, comma), memcached_port);
    if (!server) return server.error();
    if (std::ranges::find(servers, *server) != servers.end()) {
      return invalid(fmt::format("the server {} is named twice", net::to_string(*server)),
                     "name each server once");
    }
    servers.push_back(std::move(*server));
    if (more) text.remove_prefix(comma + 1);
  }
  return servers;
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

RedisCredentialsProvider provider_of(const ElastiCacheOptions& options) {
  if (options.credentials) return options.credentials;
  const RedisCredentials fixed{options.user, options.password, std::nullopt};
  return [fixed] { return same_credentials(fixed); };
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

}  // namespace

Result<redis::ClientOptions> redis_client_options(const ElastiCacheOptions& options) {
  if (const Result<void> checked = check(options); !checked) return checked.error();
  if (const Result<void> checked = check_redis(options); !checked) return checked.error();
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
  client.executor = options.executor ? *options.executor : library_executor();
  client.credentials =
      options.iam ? iam_credentials(options, client.executor) : provider_of(options);
  return client;
}

Result<MemcachedSetup> memcached_setup(const ElastiCacheOptions& options) {
  if (const Result<void> checked = check(options); !checked) return checked.error();
  if (const Result<void> checked = check_memcached(options); !checked) return checked.error();
  MemcachedSetup setup;
  auto key_prefix = memcache::KeyPrefix::of(options.key_prefix);
  if (!key_prefix) return key_prefix.error();
  setup.key_prefix = std::move(*key_prefix);
  auto servers = parse_servers(options.endpoint);
  if (!servers) return servers.error();
  setup.client.servers = std::move(*servers);
  if (setup.client.servers.size() > 1 && options.cluster == ClusterMode::on) {
    return invalid("cluster=true, but several servers are named",
                   "name the configuration endpoint alone, or leave cluster out");
  }
  const Result<void> ring = memcached::Servers::check_ring(setup.client.servers);
  if (!ring) return ring.error();
  setup.client.cluster = options.cluster;
  auto tls = tls_of(options);
  if (!tls) return tls.error();
  setup.client.tls = std::move(*tls);
  setup.client.network = options.network;
  setup.client.credentials = provider_of(options);
  setup.client.executor = options.executor ? *options.executor : library_executor();
  return setup;
}

std::optional<Error> warning(const ElastiCacheOptions& options) {
  const bool secret = !options.password.empty() || options.credentials;
  if (options.ssl || !secret) return std::nullopt;
  const auto servers = parse_servers(options.endpoint);
  if (!servers) return std::nullopt;
  for (const net::Endpoint& server : *servers) {
    if (is_loopback(server.host)) continue;
    return Error(ErrorCode::invalid_argument,
                 fmt::format("the password travels to {} in the clear", server.host),
                 "set ssl to true");
  }
  return std::nullopt;
}

}  // namespace semantrix::elasticache
