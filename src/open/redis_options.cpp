#include "open/redis_options.hpp"

#include "base/options.hpp"
#include "base/quote.hpp"
#include "base/size.hpp"
#include "open/shared_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace semantrix {
namespace {

using Options = ElastiCacheOptions;
using Row = OptionEntry<Options>;

Error refuse(std::string message, std::string remedy = {}) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(remedy)};
}

Result<TlsVerification> parse_verification(std::string_view text) {
  return parse_named<parse_tls_verification>("verification", text, TlsVerification::full,
                                             TlsVerification::chain_only);
}

Result<ClusterMode> parse_cluster(std::string_view text) {
  if (const auto mode = parse_cluster_mode(text)) return *mode;
  const auto flag = parse_flag(text);
  if (flag) return *flag ? ClusterMode::on : ClusterMode::off;
  return refuse(quote(text) + " is none of auto, true and false");
}

constexpr std::array server{
    Row{"ssl", "flag", "", "TLS. Default: on for rediss://, off for the others.",
        set_option<parse_flag, &Options::ssl>},
    Row{"ssl_ca_certs", "path", "",
        "PEM file of the authorities that are trusted; without it the system's.",
        set_option<parse_path, &Options::ssl_ca_certs>},
    Row{"ssl_certificate", "path", "", "PEM file of this client's certificate.",
        set_option<parse_path, &Options::ssl_certificate>},
    Row{"ssl_private_key", "path", "", "PEM file of the key that belongs to ssl_certificate.",
        set_option<parse_path, &Options::ssl_private_key>},
    Row{"server_name", "name", "", "Name that the server must prove, if it is not the host's.",
        set_option<parse_name, &Options::server_name>},
    Row{"ssl_verification", "full or chain_only", "full",
        "What is verified; chain_only leaves out the server's name and is dangerous.",
        set_option<parse_verification, &Options::ssl_verification>},
    Row{"use_redis", "flag", "true", "The Redis protocol; false: Memcached's.",
        set_option<parse_flag, &Options::use_redis>},
    Row{"cluster", "auto, true or false", "auto",
        "Whether the server is a Redis Cluster, or names the nodes of a Memcached one.",
        set_option<parse_cluster, &Options::cluster>},
    Row{"read_from", "primary, replica or nearest", "primary",
        "Who is read from; replicas may lag behind.", set_option<parse_reads, &Options::read_from>},
    Row{"reader_endpoint", "host[:port]", "",
        "The replicas of a server that is no cluster, for read_from.",
        set_option<parse_name, &Options::reader_endpoint>},
};

constexpr std::array access{
    Row{"user", "text", "", "ACL user, where it does not stand before the host.",
        set_option<parse_text, &Options::user>},
    Row{"password", "text", "", "Password, where it does not stand before the host.",
        set_option<parse_text, &Options::password>},
    Row{"iam", "flag", "false", "Logs the user in with AWS credentials in place of a password.",
        set_option<parse_flag, &Options::iam>},
    Row{"cache_name", "name", "", "With iam: the cache's name, where its host does not tell it.",
        set_option<parse_name, &Options::cache_name>},
    Row{"serverless", "flag", "",
        "With iam: whether the cache is a serverless one, where its host does not tell it.",
        set_option<parse_flag, &Options::serverless>},
    Row{"region_name", "name", "", "With iam: the cache's region; without it as AWS's tools do.",
        set_option<parse_name, &Options::region_name>},
    Row{"profile_name", "name", "", "With iam: the profile whose credentials are used.",
        set_option<parse_name, &Options::profile_name>},
};

constexpr auto table = joined(server, entry_options<Options>(), network_options<Options>(), access);
constexpr auto options_page = url_options(table);

/// What Memcached has no use for.
constexpr auto redis_only =
    std::to_array<std::string_view>({"use_redis", "read_from", "reader_endpoint", "iam",
                                     "cache_name", "serverless", "region_name", "profile_name"});

constexpr auto memcached_table = [] {
  std::array<Row, table.size() - redis_only.size()> rows{};
  std::size_t count = 0;
  for (const Row& row : table) {
    if (std::find(redis_only.begin(), redis_only.end(), row.name) == redis_only.end()) {
      rows.at(count++) = row;
    }
  }
  return rows;
}();
constexpr auto memcached_page = url_options(memcached_table);

bool means_memcached(std::string_view scheme) {
  return scheme == "memcached" || scheme == "memcacheds";
}

bool is_given(const StoreUrl& url, std::string_view name) {
  return std::ranges::find(url.parameters, name, &UrlParameter::name) != url.parameters.end();
}

Result<void> read_host(const StoreUrl& url, Options& options) {
  if (url.hosts.empty()) {
    return refuse("the URL names no host",
                  fmt::format("write {}://HOST:{}", url.scheme, options.use_redis ? 6379 : 11211));
  }
  if (url.hosts.size() > 1 && options.use_redis) {
    return refuse(fmt::format("{}:// takes one host", url.scheme),
                  "name any node of a cluster: it tells the others");
  }
  for (const UrlHost& host : url.hosts) {
    const bool v6 = host.name.find(':') != std::string::npos;
    if (!options.endpoint.empty()) options.endpoint += ',';
    options.endpoint += v6 ? fmt::format("[{}]", host.name) : host.name;
    if (host.port) options.endpoint += fmt::format(":{}", *host.port);
  }
  return {};
}

Result<void> read_database(const StoreUrl& url, Options& options) {
  if (url.path.empty()) return {};
  if (!options.use_redis) {
    return refuse("Memcached has no databases to choose from by a path",
                  "write options after a question mark");
  }
  const auto number = parse_database(url.path.front());
  if (url.path.size() > 1 || !number) {
    return refuse("what follows the host is no number of a database",
                  fmt::format("write {}://HOST/0, and options after a question mark", url.scheme));
  }
  options.database = *number;
  return {};
}

Error given_twice(std::string_view name) {
  return refuse(fmt::format("the {0} stands before the host and in the option '{0}'", name),
                "keep one of them");
}

Result<void> read_credentials(const StoreUrl& url, Options& options) {
  if (url.user && is_given(url, "user")) return given_twice("user");
  if (url.password && is_given(url, "password")) return given_twice("password");
  if (url.user) options.user = *url.user;
  if (url.password) options.password = *url.password;
  if (options.user.empty() || !options.password.empty() || options.iam) return {};
  return refuse("the URL names a user but no password",
                options.use_redis
                    ? "write USER:PASSWORD@HOST, or :PASSWORD@HOST for the default user"
                    : "write USER:PASSWORD@HOST");
}

/// What the scheme promises and an option takes back.
Result<void> check_scheme(const StoreUrl& url, const Options& options) {
  if (url.scheme == "rediss" && !options.ssl) {
    return refuse("rediss:// means TLS, so ssl cannot be false",
                  "write redis:// for a connection without TLS");
  }
  if (url.scheme == "memcacheds" && !options.ssl) {
    return refuse("memcacheds:// means TLS, so ssl cannot be false",
                  "write memcached:// for a connection without TLS");
  }
  if (!means_memcached(url.scheme) && url.scheme != "elasticache" && !options.use_redis) {
    return refuse(
        fmt::format("{}:// means the Redis protocol, so use_redis cannot be false", url.scheme),
        "leave use_redis out");
  }
  return {};
}

/// A path to a certificate would be ignored without TLS, and the connection be open to all.
Result<void> check_tls(const StoreUrl& url, const Options& options) {
  if (options.ssl) return {};
  for (const std::string_view name :
       {"ssl_ca_certs", "ssl_certificate", "ssl_private_key", "server_name", "ssl_verification"}) {
    if (!is_given(url, name)) continue;
    return refuse(fmt::format("option '{}' has no meaning without TLS", name),
                  url.scheme == "redis" || url.scheme == "memcached"
                      ? fmt::format("write {}s:// or ssl=true", url.scheme)
                      : "write ssl=true");
  }
  return {};
}

}  // namespace

std::span<const UrlOption> redis_url_options() noexcept { return options_page; }
std::span<const UrlOption> memcached_url_options() noexcept { return memcached_page; }

Result<ElastiCacheOptions> redis_options(const StoreUrl& url) {
  Options options;
  const bool memcached = means_memcached(url.scheme);
  options.ssl = url.scheme == "rediss" || url.scheme == "memcacheds";
  options.use_redis = !memcached;
  auto read = memcached ? read_options<Options>(memcached_table, url.parameters, options)
                        : read_options<Options>(table, url.parameters, options);
  if (!read) return read.error();
  if (auto host = read_host(url, options); !host) return host.error();
  if (auto database = read_database(url, options); !database) return database.error();
  if (auto given = read_credentials(url, options); !given) return given.error();
  if (auto checked = check_scheme(url, options); !checked) return checked.error();
  if (auto checked = check_tls(url, options); !checked) return checked.error();
  return options;
}

}  // namespace semantrix
