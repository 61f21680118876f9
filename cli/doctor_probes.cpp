#include "cli/doctor.hpp"
#include "cli/interrupt.hpp"

#include <fmt/format.h>

#include <chrono>
#include <random>
#include <thread>

namespace semantrix::cli {
namespace {

using namespace std::chrono_literals;

void expect(bool holds, std::string_view what) {
  if (!holds) throw CacheError(Error(ErrorCode::internal, std::string(what), "please report this"));
}

std::string key_of_its_own() {
  std::random_device random;
  return fmt::format("semantrix-doctor-{:08x}{:08x}", random(), random());
}

bool gone_in_time(BlockingStore& store, const std::string& key) {
  const auto give_up = std::chrono::steady_clock::now() + 5s;
  while (store.get_exact(key).has_value()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    interruption_point();
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

/// What a failed probe left behind; it expires in any case.
void tidy(BlockingStore& store, const std::string& key) {
  try {
    store.erase(key);
  } catch (const CacheError&) {
    // Why it fails is among the findings.
  }
}

}  // namespace

bool probe_verbs(Findings& findings, BlockingStore& store) {
  const std::string key = key_of_its_own();
  const bool written = probe(findings, "write", "an entry can be stored",
                             [&] { store.add(key, "probe", {.ttl = 1min}); });
  if (!written) return false;
  bool fine = probe(findings, "read", "it reads back as it was written", [&] {
    const auto value = store.get_exact(key);
    expect(value && *value == Value("probe"), "what was written does not read back");
  });
  fine &= probe(findings, "expiry", "an entry is gone after its ttl", [&] {
    store.add(key, "probe", {.ttl = 20ms});
    expect(gone_in_time(store, key), "an entry outlives its ttl");
  });
  fine &= probe(findings, "delete", "an entry can be deleted", [&] {
    store.add(key, "probe", {.ttl = 1min});
    expect(store.erase(key) && !store.get_exact(key), "a deleted entry is still there");
  });
  if (!fine) tidy(store, key);
  return fine;
}

void probe_close(Findings& findings, BlockingStore& store) {
  probe(findings, "close", "the store closes in order", [&] { store.close(); });
}

}  // namespace semantrix::cli
