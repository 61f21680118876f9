#include "base/quote.hpp"
#include "base/url.hpp"
#include "cli/doctor.hpp"
#include "cli/doctor_dialing.hpp"
#include "cli/wait_for.hpp"
#include "net/endpoint.hpp"
#include "open/dynamodb_url.hpp"
#include "stores/dynamodb/inspect.hpp"
#include <semantrix/dynamodb_store.hpp>

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

/// What `doctor` looks at on the way to a table of DynamoDB: the URL, the credentials, the table,
/// what they may do with it, and its expiry.
namespace semantrix::cli {
namespace {

std::shared_ptr<DynamoDBCacheStore> open_store(Findings& findings, const StoreUrl& url) {
  try {
    DynamoDBOptions options = dynamodb_options(url).value();
    // It fails where it would in an outage: a doctor reports no misses.
    options.network.on_error = OnError::raise;
    auto store = std::make_shared<DynamoDBCacheStore>(std::move(options));
    findings.ok("url", fmt::format("{} is understood", url.redacted));
    return store;
  } catch (const CacheError& failure) {
    findings.fail("url", failure.error());
    return nullptr;
  }
}

bool check_credentials(Findings& findings, const dynamodb::SharedCore& core) {
  const auto found = wait_for(dynamodb::inspect_credentials(core));
  if (!found) {
    findings.fail("credentials", found.error());
    return false;
  }
  const std::string& place = (*found)->place;
  findings.ok("credentials", "AWS credentials are in " + (place.empty() ? "the options" : place));
  return true;
}

std::string_view check_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::resolve_failed:
    case ErrorCode::connect_failed:
    case ErrorCode::connection_lost:
    case ErrorCode::timeout:
      return "connect";
    case ErrorCode::tls_failed:
      return "tls";
    case ErrorCode::authentication_failed:
    case ErrorCode::no_credentials:
      return "authenticate";
    case ErrorCode::permission_denied:
      return "permissions";
    default:
      return "table";
  }
}

/// A service that speaks TLS ends a plain connection without a word.
Error told_apart(const Error& error, const std::string& url) {
  constexpr std::string_view plain = "http://";
  if (!url.starts_with(plain) || !may_be_unencrypted(error)) return error;
  const auto endpoint = net::parse_endpoint(std::string_view(url).substr(plain.size()), 80);
  constexpr std::chrono::seconds patience{1};
  if (!endpoint || !speaks_tls(*endpoint, patience)) return error;
  return not_encrypted(error, "write endpoint_url with https://");
}

/// Whether there is a point in going on.
bool check_table(Findings& findings, const dynamodb::SharedCore& core) {
  const auto table = wait_for(dynamodb::inspect_table(core));
  const std::string& name = core->service.table();
  if (!table && table.error().code() == ErrorCode::permission_denied) {
    // A cache works without.
    findings.warn("table", table.error().message(), table.error().remedy());
    return true;
  }
  if (!table) {
    const Error error = told_apart(table.error(), core->service.url());
    findings.fail(check_of(error.code()), error);
    return false;
  }
  if (!*table) {
    findings.warn("table", fmt::format("{} is missing at {}", quote(name), core->service.url()),
                  "check region_name and the table's name; the first add creates it");
    return true;
  }
  findings.ok("table", fmt::format("{} at {} is {}, its key suits a cache", quote(name),
                                   core->service.url(), (*table)->status));
  return true;
}

void check_ttl(Findings& findings, const dynamodb::SharedCore& core) {
  const auto ttl = wait_for(dynamodb::inspect_ttl(core));
  const std::string& attribute = core->requests.ttl_attribute();
  if (!ttl) {
    findings.warn("ttl", ttl.error().message(), ttl.error().remedy());
  } else if (!*ttl) {
    findings.warn("ttl", "what answers at endpoint_url cannot remove expired items",
                  "none is needed for tests");
  } else if ((*ttl)->status == "DISABLED" || (*ttl)->status == "DISABLING") {
    findings.warn("ttl", "expired items are never returned, but stay in the table and are billed",
                  "set enable_ttl to true");
  } else if ((*ttl)->attribute != attribute && !(*ttl)->attribute.empty()) {
    findings.warn("ttl",
                  fmt::format("the table's own expiry goes by attribute {}, not by {}",
                              quote((*ttl)->attribute), quote(attribute)),
                  "set ttl_attribute to it");
  } else {
    findings.ok("ttl", fmt::format("the table removes expired items by {}", quote(attribute)));
  }
}

}  // namespace

void examine_dynamodb(Findings& findings, const StoreUrl& url) {
  const auto opened = open_store(findings, url);
  if (!opened) return;
  const dynamodb::SharedCore core = dynamodb::core_of(*opened);
  BlockingStore store(opened);
  if (check_credentials(findings, core) && check_table(findings, core)) {
    if (probe_verbs(findings, store)) {
      findings.ok("permissions", "entries may be stored, read and deleted");
      check_ttl(findings, core);
    }
  }
  probe_close(findings, store);
}

}  // namespace semantrix::cli
