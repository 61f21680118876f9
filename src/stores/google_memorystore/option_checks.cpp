#include "stores/google_memorystore/option_checks.hpp"

#include "base/quote.hpp"
#include "cloud/access/http_url.hpp"
#include "net/network_checks.hpp"
#include <semantrix/executor.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace semantrix::memorystore {
namespace {

constexpr std::int64_t largest_instance = 300;
constexpr std::size_t longest_name = 100;
constexpr std::uint16_t redis_port = 6379;

Error invalid(std::string message, std::string remedy) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(remedy)};
}

/// Names become parts of a path: nothing else may get into it.
bool is_name(std::string_view text, std::string_view more) {
  return !text.empty() && text.size() <= longest_name &&
         std::all_of(text.begin(), text.end(), [=](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                  more.find(c) != std::string_view::npos;
         });
}

Result<void> check_name(std::string_view option, const std::string& text, std::string_view more,
                        std::string_view example) {
  if (text.empty()) {
    return invalid(fmt::format("no {} is named", option),
                   fmt::format("set {}, for example to {}", option, example));
  }
  if (is_name(text, more)) return {};
  return invalid(fmt::format("{} {} is none", option, quote(text)),
                 fmt::format("write it as Google does, for example {}", example));
}

Result<void> check_creation(const GoogleMemorystoreOptions& options) {
  if (options.memory_size_gb < 1 || options.memory_size_gb > largest_instance) {
    return invalid("memory_size_gb must be between 1 and 300", "set it to what the cache needs");
  }
  if (options.create_if_missing && options.flavor != MemorystoreFlavor::redis) {
    return invalid("create_if_missing creates instances of the flavor redis alone",
                   "create the instance with gcloud, or set flavor to redis");
  }
  return {};
}

}  // namespace

Result<void> check_access(const std::string& project_id, const std::string& region,
                          const GoogleAccess& access) {
  if (auto named = check_name("project_id", project_id, ".:", "your-project-id"); !named) {
    return named;
  }
  if (auto named = check_name("region", region, "", "us-central1"); !named) return named;
  if (!access.endpoint_url.empty()) {
    const auto url = cloud::parse_http_url(access.endpoint_url);
    if (!url) return invalid("endpoint_url " + url.error().message(), url.error().remedy());
  }
  if (access.timeout.count() <= 0) return invalid("timeout must be positive", "leave it out");
  return {};
}

Result<void> check(const GoogleMemorystoreOptions& options) {
  if (auto found = check_access(options.project_id, options.region, options.google); !found) {
    return found;
  }
  if (options.region == "-") return invalid("region names all regions", "name the instance's");
  if (auto named = check_name("instance_id", options.instance_id, "", "semantrix-cache"); !named) {
    return named;
  }
  if (!options.connect_to.empty()) {
    const auto to = net::parse_endpoint(options.connect_to, redis_port);
    if (!to) return invalid("connect_to: " + to.error().message(), to.error().remedy());
  }
  if (options.flavor == MemorystoreFlavor::redis_cluster && options.database != 0) {
    return invalid("database is set, but a cluster has only database 0", "leave database out");
  }
  if (auto created = check_creation(options); !created) return created;
  if (options.key_prefix.find_first_of("{}") != std::string::npos) {
    return invalid(fmt::format("key_prefix {} holds a brace, which would put all keys of a cluster "
                               "on one node",
                               quote(options.key_prefix)),
                   "leave the braces out");
  }
  if (options.default_ttl && options.default_ttl->count() <= 0) {
    return invalid("default_ttl must be positive", "leave it out for entries that do not expire");
  }
  return net::check(options.network);
}

net::Endpoint instance_endpoint(const GoogleMemorystoreOptions& options) {
  return {options.instance_id, 0};
}

net::Endpoint replicas_endpoint(const GoogleMemorystoreOptions& options) {
  return {options.instance_id + " (read replicas)", 0};
}

redis::ClientOptions client_options(const GoogleMemorystoreOptions& options) {
  redis::ClientOptions client;
  client.endpoint = instance_endpoint(options);
  switch (options.flavor) {
    case MemorystoreFlavor::redis:
      client.cluster = ClusterMode::off;
      break;
    case MemorystoreFlavor::redis_cluster:
      client.cluster = ClusterMode::on;
      break;
    case MemorystoreFlavor::valkey:
      client.cluster = ClusterMode::automatic;
      break;
  }
  client.read_from = options.read_from;
  const bool may_be_single = options.flavor != MemorystoreFlavor::redis_cluster;
  if (options.read_from != ReadFrom::primary && may_be_single) {
    client.reader = replicas_endpoint(options);
  }
  client.database = options.database;
  client.network = options.network;
  client.executor = options.executor ? *options.executor : library_executor();
  return client;
}

}  // namespace semantrix::memorystore
