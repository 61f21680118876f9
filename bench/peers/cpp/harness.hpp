// The harness of the C++ caches: warm-up, timed passes, memory. The Rust and Java harnesses do the
// same, step for step.
//
// A cache is handed in as an adapter:
//   Adapter(const Arguments&)
//   bool lookup(std::string_view key, Touch& touch)   hit: touch(value's bytes), true; miss: false
//   void store(std::string_view key, std::string_view value)   copies the value: one allocation
//   std::size_t size()
#pragma once

#include "arguments.hpp"
#include "requests.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <barrier>
#include <chrono>
#include <ctime>
#include <exception>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace peers {

/// Looks at each value that was hit: its length and its first byte, which tells whose it is. At the
/// end the sum is hits × value_bytes, if every value was the right one.
struct Touch {
  std::uint32_t id = 0;
  std::uint64_t checksum = 0;

  void operator()(std::string_view value) {
    checksum += value.size() + (static_cast<unsigned char>(value[0]) ^ (id & 0xFFU));
  }
};

using Instant = std::chrono::steady_clock::time_point;

/// What one thread did, and when by its own watch: the thread that starts the others may itself be
/// kept waiting for a core.
struct Tally {
  std::uint64_t hits = 0;
  std::uint64_t checksum = 0;
  Instant began;
  Instant ended;
};

inline double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

inline std::uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  statm >> all >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

template <typename Adapter>
class Harness {
 public:
  Harness(std::string peer, const Arguments& arguments)
      : peer_(std::move(peer)),
        arguments_(arguments),
        keys_(arguments.keys),
        ids_(read_ids(arguments.workload, arguments.keys)),
        cache_(arguments) {}

  void run() {
    warm_up();
    if (!arguments_.serve) return pass(arguments_.threads, arguments_.ops);
    fmt::print("{{\"peer\":\"{}\",\"ready\":true}}\n", peer_);
    std::fflush(stdout);
    std::uint32_t threads = 0;
    std::uint64_t ops = 0;
    while (std::cin >> threads >> ops) pass(threads, ops);
  }

 private:
  // Where all keys fit, all are put, and every request of the passes is a hit. Where they do not,
  // the requests before the passes' own are answered.
  void warm_up() {
    if (arguments_.capacity < arguments_.keys) {
      replay(0, arguments_.warmup);
      position_ = arguments_.warmup;
      return;
    }
    std::string value(arguments_.value_bytes, 'v');
    for (std::uint32_t id = 0; id < arguments_.keys; ++id) {
      value[0] = static_cast<char>(id);
      cache_.store(keys_[id], value);
    }
  }

  Tally replay(std::size_t start, std::uint64_t count) {
    std::string value(arguments_.value_bytes, 'v');
    Touch touch;
    Tally tally;
    tally.began = std::chrono::steady_clock::now();
    std::size_t at = start % ids_.size();
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint32_t id = ids_[at];
      if (++at == ids_.size()) at = 0;
      touch.id = id;
      if (cache_.lookup(keys_[id], touch)) {
        ++tally.hits;
      } else {
        value[0] = static_cast<char>(id);
        cache_.store(keys_[id], value);
      }
    }
    tally.ended = std::chrono::steady_clock::now();
    tally.checksum = touch.checksum;
    return tally;
  }

  void pass(std::uint32_t threads, std::uint64_t ops) {
    const std::uint64_t share = ops / threads;
    std::vector<Tally> tallies(threads);
    std::barrier start(static_cast<std::ptrdiff_t>(threads));
    const double cpu_began = cpu_seconds();
    std::vector<std::jthread> workers;
    for (std::uint32_t t = 0; t < threads; ++t) {
      workers.emplace_back([this, t, threads, share, &tallies, &start] {
        start.arrive_and_wait();
        tallies[t] = replay(position_ + t * (ids_.size() / threads), share);
      });
    }
    workers.clear();
    const double cpu = cpu_seconds() - cpu_began;
    position_ += share;

    Tally sum = tallies.front();
    for (std::size_t t = 1; t < tallies.size(); ++t) {
      sum.hits += tallies[t].hits;
      sum.checksum += tallies[t].checksum;
      sum.began = std::min(sum.began, tallies[t].began);
      sum.ended = std::max(sum.ended, tallies[t].ended);
    }
    print(threads, share * threads, cpu, sum);
  }

  void print(std::uint32_t threads, std::uint64_t ops, double cpu, const Tally& sum) {
    const double done = static_cast<double>(ops);
    const double seconds = std::chrono::duration<double>(sum.ended - sum.began).count();
    fmt::print(
        "{{\"peer\":\"{}\",\"threads\":{},\"ops\":{},\"seconds\":{:.6f},"
        "\"cpu_seconds\":{:.6f},\"ops_per_second\":{:.0f},\"hits\":{},\"hit_ratio\":{:.6f},"
        "\"checksum\":{},\"size\":{}}}\n",
        peer_, threads, ops, seconds, cpu, done / seconds, sum.hits,
        static_cast<double>(sum.hits) / done, sum.checksum, cache_.size());
    std::fflush(stdout);
  }

  std::string peer_;
  Arguments arguments_;
  KeyTable keys_;
  std::vector<std::uint32_t> ids_;
  Adapter cache_;
  std::size_t position_ = 0;  // where the next pass begins in the file
};

/// The bytes that `entries` entries add to the process, less their keys and values. Sizes are
/// spread evenly where a range is given. Keys are built on the fly: no table is in the way.
template <typename Adapter>
void measure_memory(const std::string& peer, const Arguments& arguments) {
  const std::uint32_t least = arguments.value_bytes;
  const std::uint32_t most = std::max(least, arguments.value_bytes_most);
  const std::string value(most, 'v');
  const std::uint64_t before = resident_bytes();
  Adapter cache(arguments);
  std::uint64_t payload = 0;
  for (std::uint32_t id = 0; id < arguments.entries; ++id) {
    const KeyText key = key_text(id);
    const std::size_t bytes = least + id * 7919ULL % (most - least + 1);
    payload += key_bytes + bytes;
    cache.store({key.data(), key_bytes}, std::string_view(value).substr(0, bytes));
  }
  const double size = static_cast<double>(cache.size());
  const double grown = static_cast<double>(resident_bytes() - before);
  // Where a sharded cache has evicted a few, the mean payload stands for those that are left.
  const double mean_payload = static_cast<double>(payload) / static_cast<double>(arguments.entries);
  fmt::print(
      "{{\"peer\":\"{}\",\"entries\":{:.0f},\"bytes_per_entry\":{:.1f},"
      "\"overhead_per_entry\":{:.1f}}}\n",
      peer, size, grown / size, grown / size - mean_payload);
}

template <typename Adapter>
int run_peer(const std::string& peer, int argc, char** argv) try {
  const Arguments arguments = parse_arguments(argc, argv);
  if (arguments.entries > 0) {
    measure_memory<Adapter>(peer, arguments);
  } else {
    Harness<Adapter>(peer, arguments).run();
  }
  return 0;
} catch (const std::exception& problem) {
  fmt::print(stderr, "{}: {}\n", peer, problem.what());
  return 2;
}

}  // namespace peers
