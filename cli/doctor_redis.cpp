#include "cli/doctor_redis.hpp"

#include "base/quote.hpp"
#include "base/url.hpp"
#include "cli/doctor.hpp"
#include "cli/doctor_dialing.hpp"
#include "cli/doctor_memcached.hpp"
#include "cli/wait_for.hpp"
#include "net/endpoint.hpp"
#include "net/tls_context.hpp"
#include "open/redis_options.hpp"
#include "stores/elasticache/inspect.hpp"
#include <semantrix/elasticache_store.hpp>

#include <boost/asio/ip/address.hpp>

#include <fmt/format.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace semantrix::cli {
namespace {

/// The servers that the options name; those that cannot be read are told by the store.
std::vector<net::Endpoint> servers_of(const ElastiCacheOptions& options) {
  const std::uint16_t default_port = options.use_redis ? 6379 : 11211;
  std::vector<net::Endpoint> servers;
  std::string_view text = options.endpoint;
  for (bool more = true; more;) {
    const std::size_t comma = options.use_redis ? text.npos : text.find(',');
    more = comma != text.npos;
    auto endpoint = net::parse_endpoint(text.substr(0, comma), default_port);
    if (endpoint) servers.push_back(std::move(*endpoint));
    if (more) text.remove_prefix(comma + 1);
  }
  return servers;
}

/// Where an error stopped the way to the server.
enum class Step : std::uint8_t { resolve, connect, tls, authenticate, permissions, server };
constexpr std::array<std::string_view, 6> step_names{"resolve",      "connect",     "tls",
                                                     "authenticate", "permissions", "server"};

Step step_of(const ErrorInfo& error) {
  switch (error.code) {
    case ErrorCode::resolve_failed:
      return Step::resolve;
    case ErrorCode::connect_failed:
      return Step::connect;
    case ErrorCode::timeout:
    case ErrorCode::connection_lost:
      return error.phase == Phase::connecting ? Step::connect : Step::server;
    case ErrorCode::tls_failed:
      return Step::tls;
    case ErrorCode::no_credentials:
    case ErrorCode::authentication_failed:
      return Step::authenticate;
    case ErrorCode::permission_denied:
      return Step::permissions;
    default:
      return Step::server;
  }
}

/// An error on the way to a server, and the step that it belongs to.
struct Stop {
  Step step;
  Error error;
};

/// An error alone does not always say it, until the server is spoken to in the other way.
Stop where_it_stopped(const Error& error, const ElastiCacheOptions& options) {
  const Step step = step_of(error.info());
  const auto servers = servers_of(options);
  if (!may_be_unencrypted(error) || servers.empty()) return {step, error};
  const auto patience = options.network.connect_timeout;
  if (options.ssl) {
    const bool to_tls = step == Step::connect && accepts_connections(servers.front(), patience);
    return {to_tls ? Step::tls : step, error};
  }
  if (!speaks_tls(servers.front(), patience)) return {step, error};
  const auto* remedy =
      options.use_redis ? "write rediss:// or ssl=true" : "write memcacheds:// or ssl=true";
  return {Step::tls, not_encrypted(error, remedy)};
}

/// The error, with what to do about it if it does not say so.
Error with_remedy(const Error& error, const ElastiCacheOptions& options) {
  if (!error.remedy().empty()) return error;
  ErrorInfo info = error.info();
  info.remedy = options.ssl
                    ? "check that this port speaks TLS, and whether it asks for a certificate "
                      "(ssl_certificate, ssl_private_key)"
                : options.use_redis
                    ? "check that this port speaks the Redis protocol, without TLS; with TLS write "
                      "rediss:// or ssl=true"
                    : "check that this port speaks the Memcached protocol, without TLS; with TLS "
                      "write memcacheds:// or ssl=true";
  return Error(std::move(info));
}

bool is_address(const std::string& host) {
  boost::system::error_code no;
  boost::asio::ip::make_address(host, no);
  return !no;
}

std::string resolved_text(const std::string& host) {
  return quote(host) + (is_address(host) ? " is an address" : " resolves");
}

std::string login_text(const ElastiCacheOptions& options) {
  if (options.password.empty()) return "no password is given, and none is asked for";
  return options.user.empty() ? "the server takes the password"
                              : "the server takes the user and the password";
}

void report_tls(Findings& findings, const ElastiCacheOptions& options) {
  if (!options.ssl) {
    findings.ok("tls", "off, as the URL has it");
  } else if (options.ssl_verification == TlsVerification::chain_only) {
    findings.warn("tls", "the server's certificate is trusted, but its name was not verified",
                  "leave out ssl_verification, and set server_name if the host has another name");
  } else {
    findings.ok("tls", "the server's certificate is trusted, and for its name");
  }
}

/// What was passed before the step that failed, or all of it.
void report_way(Findings& findings, const ElastiCacheOptions& options, Step stopped) {
  const auto servers = servers_of(options);
  if (servers.empty()) return;
  // Of several the first is reached; what the others are is among the settings.
  const net::Endpoint& endpoint = servers.front();
  if (stopped > Step::resolve) findings.ok("resolve", resolved_text(endpoint.host));
  if (stopped > Step::connect) {
    findings.ok("connect", fmt::format("{} accepts connections", net::to_string(endpoint)));
  }
  if (stopped > Step::tls) report_tls(findings, options);
  if (stopped > Step::authenticate) findings.ok("authenticate", login_text(options));
}

/// What the URL asks for. It fails where it would in an outage: a doctor reports no misses.
std::optional<ElastiCacheOptions> read_url(Findings& findings, const StoreUrl& url) {
  Result<ElastiCacheOptions> options = redis_options(url);
  if (!options) {
    findings.fail("url", options.error());
    return std::nullopt;
  }
  options->network.on_error = OnError::raise;
  return std::move(*options);
}

void report_url(Findings& findings, const StoreUrl& url) {
  findings.ok("url", fmt::format("{} is understood", url.redacted));
}

/// The certificates are files, and found wanting before anything is connected.
bool check_files(Findings& findings, const StoreUrl& url, const ElastiCacheOptions& options) {
  if (!options.ssl) return true;
  const auto context = net::make_tls_context({.ca_certs = options.ssl_ca_certs,
                                              .certificate = options.ssl_certificate,
                                              .private_key = options.ssl_private_key,
                                              .server_name = options.server_name,
                                              .verification = options.ssl_verification});
  if (context) return true;
  report_url(findings, url);
  findings.fail("tls", context.error());
  return false;
}

std::shared_ptr<ElastiCacheStore> open_store(Findings& findings, const StoreUrl& url,
                                             const ElastiCacheOptions& options) {
  try {
    auto store = std::make_shared<ElastiCacheStore>(options);
    report_url(findings, url);
    return store;
  } catch (const CacheError& failure) {
    findings.fail("url", failure.error());
    return nullptr;
  }
}

bool reach(Findings& findings, BlockingStore& store, const ElastiCacheOptions& options) {
  try {
    const Description description = store.describe();
    report_way(findings, options, Step::server);
    if (const auto& warning = description.warning) {
      findings.warn("tls", warning->message(), warning->remedy());
    }
    findings.ok("server", description.server);
    return true;
  } catch (const CacheError& failure) {
    const Stop stop = where_it_stopped(failure.error(), options);
    report_way(findings, options, stop.step);
    findings.fail(step_names.at(static_cast<std::size_t>(stop.step)),
                  with_remedy(stop.error, options));
    return false;
  }
}

void check_servers(Findings& findings, ElastiCacheStore& store, const ElastiCacheOptions& options) {
  const auto reports = wait_for(elasticache::inspect_memcached(store));
  if (reports) {
    check_memcached_settings(findings, *reports, options);
  } else {
    findings.fail("settings", reports.error());
  }
}

void check_server(Findings& findings, ElastiCacheStore& store, const ElastiCacheOptions& options) {
  if (!options.use_redis) return check_servers(findings, store, options);
  const auto report = wait_for(elasticache::inspect_redis(store));
  if (report) {
    check_redis_settings(findings, *report, options);
  } else if (report.error().code() == ErrorCode::permission_denied) {
    findings.warn("settings", "the user may not ask for the server's settings (INFO)",
                  "grant it +info if they are to be checked");
  } else {
    findings.fail("settings", report.error());
  }
}

}  // namespace

void examine_elasticache(Findings& findings, const StoreUrl& url) {
  const auto options = read_url(findings, url);
  if (!options || !check_files(findings, url, *options)) return;
  const auto opened = open_store(findings, url, *options);
  if (!opened) return;
  BlockingStore store(opened);
  if (reach(findings, store, *options)) {
    if (probe_verbs(findings, store)) {
      findings.ok("permissions", "the user may store, read and delete entries");
    }
    check_server(findings, *opened, *options);
  }
  probe_close(findings, store);
}

}  // namespace semantrix::cli
