#include "cli/doctor_redis.hpp"
#include "cli/format.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <string_view>

namespace semantrix::cli {
namespace {

using redis::ServerReport;

// Since then: RESP3, users with permissions of their own, TLS.
constexpr int oldest_good_version = 6;

constexpr std::string_view how_to_set =
    "in redis.conf, by CONFIG SET, or in the parameter group of a managed service";

/// Warnings under one name, and whether there were any.
class Settings {
 public:
  explicit Settings(Findings& findings) : findings_(findings) {}

  void warn(std::string_view cause, std::string_view remedy) {
    fine_ = false;
    findings_.warn("settings", cause, remedy);
  }
  [[nodiscard]] bool fine() const noexcept { return fine_; }

 private:
  Findings& findings_;
  bool fine_ = true;
};

void check_memory(Settings& settings, const ServerReport& server,
                  const ElastiCacheOptions& options) {
  const std::string& policy = server.maxmemory_policy;
  if (server.maxmemory == 0U) {
    settings.warn("maxmemory is 0: the server grows until its machine has no memory left",
                  fmt::format("set maxmemory {}", how_to_set));
  }
  if (policy == "noeviction") {
    settings.warn("maxmemory-policy is noeviction: once memory is full, every write fails",
                  fmt::format("set maxmemory-policy to allkeys-lru or allkeys-lfu {}", how_to_set));
  }
  if (policy.starts_with("volatile-") && !options.default_ttl) {
    settings.warn(fmt::format("maxmemory-policy is {}: entries without a ttl are never evicted, "
                              "and fill the memory until every write fails",
                              policy),
                  "give every entry a ttl (default_ttl), or set maxmemory-policy to allkeys-lru");
  }
}

void check_version(Settings& settings, const std::string& version) {
  int major = 0;
  const char* const end = version.data() + version.size();
  if (std::from_chars(version.data(), end, major).ec != std::errc()) return;
  if (major >= oldest_good_version) return;
  settings.warn(
      fmt::format("the server's version {} is old: it lacks RESP3 and users of their own", version),
      fmt::format("upgrade it to version {} or later", oldest_good_version));
}

void check_state(Findings& findings, const ServerReport& server) {
  if (!server.cluster_state.empty() && server.cluster_state != "ok") {
    findings.fail("server",
                  Error(ErrorCode::unavailable,
                        fmt::format("the cluster is down: its state is {}", server.cluster_state),
                        "see which slots no node serves with redis-cli --cluster check"));
  }
  if (server.role == "slave" || server.role == "replica") {
    findings.fail("server",
                  Error(ErrorCode::unavailable, "the server is a replica, which takes no writes",
                        "name the primary, or a service's primary endpoint"));
  }
}

std::string summary(const ServerReport& server) {
  if (!server.maxmemory) return "nothing that hurts a cache was found";
  return fmt::format("maxmemory is {}, with {}",
                     human_bytes(static_cast<double>(*server.maxmemory)), server.maxmemory_policy);
}

}  // namespace

void check_redis_settings(Findings& findings, const ServerReport& server,
                          const ElastiCacheOptions& options) {
  check_state(findings, server);
  Settings settings(findings);
  check_memory(settings, server, options);
  check_version(settings, server.version);
  if (settings.fine()) findings.ok("settings", summary(server));
}

}  // namespace semantrix::cli
