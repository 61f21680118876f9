#pragma once

#include "base/url.hpp"
#include "cli/findings.hpp"
#include <semantrix/blocking_store.hpp>
#include <semantrix/error.hpp>
#include <semantrix/in_memory_store.hpp>

#include <string>
#include <string_view>

/// The parts of `doctor`: what it checks in each kind of store.
namespace semantrix::cli {

/// A memory store's snapshot, settings and verbs; the latter are tried on a twin of it.
void examine_memory(Findings& findings, BlockingStore& store, InMemoryStore& memory,
                    const std::string& url);
/// Opens a store that speaks the Redis or the Memcached protocol, and examines each step on the way
/// to its server, what its user may do, and the server's settings.
void examine_elasticache(Findings& findings, const StoreUrl& url);

/// Opens a Memorystore store, and examines the credentials, what Google says of the instance, and
/// the instance.
void examine_memorystore(Findings& findings, const StoreUrl& url);

/// Opens a DynamoDB store, and examines the credentials, the table, what they may do with it, and
/// its expiry.
void examine_dynamodb(Findings& findings, const StoreUrl& url);

/// Stores, reads, lets expire and deletes an entry of its own, under a random key, and times reads
/// for a second at most. Whether all went well. What the server does not permit is the finding
/// "permissions".
bool probe_verbs(Findings& findings, BlockingStore& store);
void probe_close(Findings& findings, BlockingStore& store);

/// Runs a step; what it throws is a finding. Whether it went well.
template <class Step>
bool probe(Findings& findings, std::string_view check, std::string_view cause, Step step) {
  try {
    step();
    findings.ok(check, cause);
    return true;
  } catch (const CacheError& failure) {
    const bool denied = failure.code() == ErrorCode::permission_denied;
    findings.fail(denied ? "permissions" : check, failure.error());
    return false;
  }
}

}  // namespace semantrix::cli
