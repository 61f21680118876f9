#include "bench/stress/load.hpp"

#include "bench/stress/payload.hpp"
#include "workload/workload.hpp"
#include <semantrix/memory_cache.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <barrier>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace semantrix::stress {
namespace {

using Instant = std::chrono::steady_clock::time_point;
using workload::ValueSizes;
using workload::WorkloadSpec;

constexpr std::size_t sample_every = 32;
constexpr std::size_t most_entries = std::size_t{1} << 31U;

/// What one thread did, and when by its own watch: the thread that starts the others may itself be
/// kept waiting for a core.
struct Tally {
  Outcome counts;
  Instant began;
  Instant ended;
};

MemoryOptions options_of(const WorkloadSpec& spec, EvictionPolicy policy) {
  MemoryOptions options;
  options.max_size = spec.max_size == 0 ? most_entries : spec.max_size;
  if (spec.max_bytes != 0) options.max_bytes = spec.max_bytes;
  options.eviction_policy = policy;
  return options;
}

void request(MemoryCache& cache, std::uint32_t id, const ValueSizes& sizes, Payload& payload,
             Outcome& counts) {
  const Key key(id);
  if (const auto value = cache.get(key.view())) {
    ++counts.hits;
    if (!belongs_to(value->view(), id)) ++counts.wrong;
  } else if (!cache.add(key.view(), payload.of(id, sizes.of(id)))) {
    ++counts.refused;
  }
}

Tally replay(MemoryCache& cache, std::span<const std::uint32_t> ids, const ValueSizes& sizes) {
  Tally tally;
  Payload payload;
  tally.began = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i % sample_every != 0) {
      request(cache, ids[i], sizes, payload, tally.counts);
      continue;
    }
    const Instant asked = std::chrono::steady_clock::now();
    request(cache, ids[i], sizes, payload, tally.counts);
    tally.counts.latencies.record(std::chrono::steady_clock::now() - asked);
  }
  tally.ended = std::chrono::steady_clock::now();
  tally.counts.ops = ids.size();
  return tally;
}

Outcome sum_of(const std::vector<Tally>& tallies) {
  Outcome sum;
  Instant began = tallies.front().began;
  Instant ended = tallies.front().ended;
  for (const Tally& tally : tallies) {
    sum.ops += tally.counts.ops;
    sum.hits += tally.counts.hits;
    sum.wrong += tally.counts.wrong;
    sum.refused += tally.counts.refused;
    sum.latencies.merge(tally.counts.latencies);
    began = std::min(began, tally.began);
    ended = std::max(ended, tally.ended);
  }
  sum.seconds = std::chrono::duration<double>(ended - began).count();
  return sum;
}

void check(const Outcome& outcome, const Stats& stats, const MemoryOptions& bounds) {
  if (outcome.size > bounds.max_size || outcome.bytes > bounds.max_bytes) {
    throw std::runtime_error(
        fmt::format("{} entries of {} B in all exceed the bounds", outcome.size, outcome.bytes));
  }
  if (stats.hits != outcome.hits || stats.hits + stats.misses != outcome.ops) {
    throw std::runtime_error(fmt::format("the cache counts {} hits and {} misses, not {} and {}",
                                         stats.hits, stats.misses, outcome.hits,
                                         outcome.ops - outcome.hits));
  }
}

}  // namespace

Requests::Requests(const WorkloadSpec& spec, std::uint32_t threads) : streams_(threads) {
  for (std::uint32_t thread = 0; thread < threads; ++thread) {
    workload::Workload workload(spec, thread);
    streams_[thread].resize(spec.requests / threads + (thread < spec.requests % threads ? 1 : 0));
    std::ranges::generate(streams_[thread], [&workload] { return workload.next(); });
  }
}

Outcome run(const Requests& requests, const WorkloadSpec& spec, EvictionPolicy policy) {
  const MemoryOptions options = options_of(spec, policy);
  MemoryCache cache(options);
  std::vector<Tally> tallies(requests.threads());
  std::barrier start(static_cast<std::ptrdiff_t>(tallies.size()));
  std::vector<std::jthread> workers;
  for (std::uint32_t thread = 0; thread < requests.threads(); ++thread) {
    workers.emplace_back([&cache, &requests, &spec, &tallies, &start, thread] {
      start.arrive_and_wait();
      tallies[thread] = replay(cache, requests.of(thread), spec.value_bytes);
    });
  }
  workers.clear();
  Outcome outcome = sum_of(tallies);
  outcome.size = cache.size();
  outcome.bytes = cache.bytes();
  check(outcome, cache.stats(), options);
  return outcome;
}

}  // namespace semantrix::stress
