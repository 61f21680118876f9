#include "cli/doctor_memcached.hpp"

#include "cli/format.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace semantrix::cli {
namespace {

using memcached::ServerReport;

/// Warnings under one name, and whether there were any.
class Settings {
 public:
  Settings(Findings& findings, const ServerReport& server)
      : findings_(findings), server_(net::to_string(server.endpoint)) {}

  void warn(std::string_view cause, std::string_view remedy) {
    fine_ = false;
    findings_.warn("settings", fmt::format("{}: {}", server_, cause), remedy);
  }
  [[nodiscard]] bool fine() const noexcept { return fine_; }
  [[nodiscard]] const std::string& server() const noexcept { return server_; }

 private:
  Findings& findings_;
  const std::string server_;
  bool fine_ = true;
};

void check_one(Findings& findings, const ServerReport& server, const ElastiCacheOptions& options) {
  Settings settings(findings, server);
  const memcached::Greeting& greeting = server.greeting;
  if (greeting.dialect == memcache::Dialect::classic) {
    settings.warn(fmt::format("version {} is old: it does not tell an entry's remaining time",
                              greeting.version),
                  "upgrade it to 1.6.10 or later");
  }
  if (greeting.evicts == false) {
    settings.warn("it evicts nothing: once memory is full, every write fails",
                  "start it without -M");
  }
  if (!greeting.lists_keys.value_or(false)) {
    settings.warn("it does not list its keys, which keys, size and clear need",
                  "allow its LRU crawler and dumps (without -X), or change key_prefix instead of "
                  "clearing");
  }
  if (!options.password.empty() && !greeting.asked_for_login) {
    settings.warn("a password is given, but the server asks for none; none was sent",
                  "leave user and password out, or start it with -Y");
  }
  if (!settings.fine()) return;
  const auto memory = greeting.memory_limit;
  findings.ok("settings",
              fmt::format("{}: memory is {}, an item at most {}", settings.server(),
                          memory ? human_bytes(static_cast<double>(*memory)) : "not told",
                          human_bytes(static_cast<double>(greeting.item_limit))));
}

}  // namespace

void check_memcached_settings(Findings& findings, std::span<const memcached::ServerReport> servers,
                              const ElastiCacheOptions& options) {
  for (const ServerReport& server : servers) {
    if (server.failure) {
      findings.fail("server", *server.failure);
    } else {
      check_one(findings, server, options);
    }
  }
}

}  // namespace semantrix::cli
