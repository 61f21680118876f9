#include "base/quote.hpp"
#include "cli/doctor.hpp"
#include "cli/doctor_redis.hpp"
#include "cli/wait_for.hpp"
#include "cloud/gcp/memorystore.hpp"
#include "open/memorystore_url.hpp"
#include "stores/google_memorystore/memorystore_backend.hpp"
#include <semantrix/executor.hpp>
#include <semantrix/google_memorystore_store.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

/// What `doctor` looks at on the way to a Memorystore instance: the URL, the credentials, what
/// Google says of the instance, then the instance itself.
namespace semantrix::cli {
namespace {

std::string described(const MemorystoreInstance& instance) {
  return fmt::format("{} is {} at {}:{}, {} GiB, {}, {}, {}", instance.instance_id, instance.state,
                     instance.host, instance.port, instance.memory_size_gb,
                     instance.version.empty() ? "of unknown version" : instance.version,
                     instance.tls_enabled ? "with TLS" : "without TLS",
                     instance.iam_enabled    ? "for access tokens"
                     : instance.auth_enabled ? "with an AUTH string"
                                             : "for everybody in its network");
}

bool check_credentials(Findings& findings, gcp::Memorystore& google,
                       std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const auto token = wait_for(gcp::TokenProvider::get(google.tokens(), deadline));
  if (token) {
    findings.ok("credentials", "Google gives an access token");
    return true;
  }
  findings.fail("credentials", token.error());
  return false;
}

gcp::SharedInstance find_instance(Findings& findings, gcp::Memorystore& google,
                                  const GoogleMemorystoreOptions& options) {
  const gcp::InstanceName name{options.project_id, options.region, options.instance_id};
  const auto deadline = std::chrono::steady_clock::now() + options.google.timeout;
  const Result<gcp::SharedInstance> instance = wait_for(google.get(name, deadline));
  if (!instance) {
    findings.fail("instance", instance.error());
    return nullptr;
  }
  if (const auto refused = gcp::not_connectable(**instance)) {
    findings.fail("instance", *refused);
    return nullptr;
  }
  if ((*instance)->state == "UPDATING" || (*instance)->state == "MAINTENANCE") {
    findings.warn("instance", described(**instance), "expect connections to end while it lasts");
  } else {
    findings.ok("instance", described(**instance));
  }
  if (!(*instance)->auth_enabled && !(*instance)->iam_enabled) {
    findings.warn("authenticate", "whoever reaches the instance's network may read and write",
                  "enable AUTH: gcloud redis instances update --enable-auth");
  }
  return *instance;
}

std::string_view check_of(const ErrorInfo& error) {
  switch (error.code) {
    case ErrorCode::resolve_failed:
    case ErrorCode::connect_failed:
    case ErrorCode::timeout:
    case ErrorCode::connection_lost:
      return "connect";
    case ErrorCode::tls_failed:
      return "tls";
    case ErrorCode::no_credentials:
    case ErrorCode::authentication_failed:
      return "authenticate";
    case ErrorCode::permission_denied:
      return "permissions";
    default:
      return "server";
  }
}

/// The network is where most ways to an instance end.
Error with_remedy(const Error& error, const MemorystoreInstance& instance) {
  if (check_of(error.info()) != "connect") return error;
  ErrorInfo info = error.info();
  info.remedy = fmt::format(
      "an instance is reached from its own network alone ({}): run there, or through a tunnel with "
      "connect_to",
      instance.authorized_network.empty() ? "see authorizedNetwork" : instance.authorized_network);
  return Error(std::move(info));
}

bool reach(Findings& findings, BlockingStore& store, const MemorystoreInstance& instance) {
  try {
    findings.ok("server", store.describe().server);
    return true;
  } catch (const CacheError& failure) {
    findings.fail(check_of(failure.error().info()), with_remedy(failure.error(), instance));
    return false;
  }
}

void check_settings(Findings& findings, GoogleMemorystoreCacheStore& store,
                    const GoogleMemorystoreOptions& options) {
  const auto report = wait_for(redis::inspect(memorystore::backend_of(store).core()));
  if (!report) {
    findings.fail("settings", report.error());
    return;
  }
  ElastiCacheOptions alike;
  alike.default_ttl = options.default_ttl;
  check_redis_settings(findings, *report, alike);
}

void examine_instance(Findings& findings, const GoogleMemorystoreOptions& options) {
  gcp::Memorystore google(library_executor(), options.google, options.flavor);
  if (check_credentials(findings, google, options.google.timeout)) {
    const gcp::SharedInstance instance = find_instance(findings, google, options);
    if (instance) {
      const auto opened = std::make_shared<GoogleMemorystoreCacheStore>(options);
      BlockingStore store(opened);
      if (reach(findings, store, *instance)) {
        if (probe_verbs(findings, store)) {
          findings.ok("permissions", "the user may store, read and delete entries");
        }
        check_settings(findings, *opened, options);
      }
      probe_close(findings, store);
    }
  }
  wait_for(google.closed());
}

}  // namespace

void examine_memorystore(Findings& findings, const StoreUrl& url) {
  Result<GoogleMemorystoreOptions> options = memorystore_options(url);
  if (!options) {
    findings.fail("url", options.error());
    return;
  }
  // It fails where it would in an outage: a doctor reports no misses.
  options->network.on_error = OnError::raise;
  options->create_if_missing = false;
  options->google.timeout =
      std::min(options->google.timeout, findings.patience().value_or(options->google.timeout));
  try {
    const GoogleMemorystoreCacheStore checked(*options);
    findings.ok("url", fmt::format("{} is understood", url.redacted));
  } catch (const CacheError& failure) {
    findings.fail("url", failure.error());
    return;
  }
  examine_instance(findings, *options);
}

}  // namespace semantrix::cli
