#include "cli/doctor.hpp"
#include "cli/format.hpp"
#include "cli/interrupt.hpp"
#include "cli/latency_histogram.hpp"

#include <fmt/format.h>

#include <chrono>
#include <random>
#include <thread>

namespace semantrix::cli {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t most_latency_probes = 300;
constexpr auto longest_latency_probe = 1s;
/// What a read takes within one region, generously.
constexpr double slow_read_us = 50'000;

void expect(bool holds, std::string_view what) {
  if (!holds) throw CacheError(Error(ErrorCode::internal, std::string(what), "please report this"));
}

std::string key_of_its_own() {
  std::random_device random;
  return fmt::format("semantrix-doctor-{:08x}{:08x}", random(), random());
}

bool gone_in_time(BlockingStore& store, const std::string& key) {
  const auto give_up = Clock::now() + 5s;
  while (store.get_exact(key).has_value()) {
    if (Clock::now() > give_up) return false;
    interruption_point();
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

LatencyHistogram time_reads(BlockingStore& store, const std::string& key) {
  LatencyHistogram latencies;
  const auto end = Clock::now() + longest_latency_probe;
  for (auto begin = Clock::now(); begin < end && latencies.count() < most_latency_probes;) {
    interruption_point();
    (void)store.get_exact(key);
    const auto now = Clock::now();
    latencies.record(now - begin);
    begin = now;
  }
  return latencies;
}

/// One read after the other, as a caller without concurrency would. Half of them being slow is no
/// accident; a few are, on a busy machine.
bool probe_latency(Findings& findings, BlockingStore& store, const std::string& key) {
  try {
    const LatencyHistogram latencies = time_reads(store, key);
    const double half = latencies.percentile(0.5) / 1000;
    findings.measured(
        "latency", latencies,
        fmt::format("{} reads, one after the other: p50 {}, p99 {}", latencies.count(),
                    human_latency(half), human_latency(latencies.percentile(0.99) / 1000)),
        half < slow_read_us ? ""
                            : "run nearer to the server, or keep hot entries in the "
                              "process: near_cache=10000");
    return true;
  } catch (const CacheError& failure) {
    findings.fail("latency", failure.error());
    return false;
  }
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
  fine = fine && probe_latency(findings, store, key);
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
