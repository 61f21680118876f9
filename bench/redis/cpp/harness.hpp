// The harness of the C++ clients: passes as they are asked for, one object a line in answer. The
// Python harness (../python/harness.py) does the same.
//
//   PEER --host 127.0.0.1 --port 6379 [--ca FILE]      FILE: TLS, and who signed the certificate
//   then lines on standard input: get|add CALLERS VALUE_BYTES OPS
//
// A client is handed in as an adapter:
//   Adapter(const Arguments&)
//   void run(const Pass&, Tally&)    `ops` calls, `callers` of them at a time; throws if one fails
#pragma once

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace redis_peers {

struct Arguments {
  std::string host = "127.0.0.1";
  std::string port = "6379";
  std::string ca;                   ///< Empty: no TLS.
  std::string connections = "one";  ///< For clients that have a choice: "one" or "pool".
};

inline Arguments parse_arguments(int count, char** words) {
  Arguments arguments;
  if (count % 2 == 0) throw std::invalid_argument(fmt::format("{} has no value", words[count - 1]));
  for (int i = 1; i < count; i += 2) {
    const std::string_view name = words[i];
    const std::string value = words[i + 1];
    if (name == "--host") {
      arguments.host = value;
    } else if (name == "--port") {
      arguments.port = value;
    } else if (name == "--ca") {
      arguments.ca = value;
    } else if (name == "--connections") {
      arguments.connections = value;
    } else {
      throw std::invalid_argument(fmt::format("unknown option {}", name));
    }
  }
  return arguments;
}

/// In front of the keys that clients without prefixes ask for: the store's default.
inline constexpr std::string_view key_prefix = "semantrix:";

struct Pass {
  bool add = false;
  std::uint32_t callers = 1;
  std::uint32_t value_bytes = 64;
  std::uint64_t ops = 0;  ///< A multiple of `callers`.

  [[nodiscard]] std::uint64_t share() const { return ops / callers; }
  /// One for all clients: what is compared is them, not the server's table of keys.
  [[nodiscard]] std::string key() const { return fmt::format("bench:{}", value_bytes); }
  [[nodiscard]] std::string value() const { return std::string(value_bytes, 'v'); }
};

/// Reads the next line; nothing at the end of the input.
inline std::optional<Pass> next_pass() {
  std::string verb;
  Pass pass;
  if (!(std::cin >> verb >> pass.callers >> pass.value_bytes >> pass.ops)) return std::nullopt;
  pass.add = verb == "add";
  if (pass.callers == 0 || pass.value_bytes == 0 || pass.ops < pass.callers) {
    throw std::invalid_argument("a pass is: get|add CALLERS VALUE_BYTES OPS");
  }
  pass.ops -= pass.ops % pass.callers;
  return pass;
}

using Instant = std::chrono::steady_clock::time_point;

/// What a pass did. Each thread of a pool has its own, with its own clock.
struct Tally {
  std::uint64_t checksum = 0;  ///< Bytes of all values that were got, if each was the right one.
  std::vector<std::uint32_t> latencies_ns;   ///< One a call; only where one caller calls.
  std::optional<std::uint64_t> allocations;  ///< Where they are counted.
  Instant began;
  Instant ended;

  /// Looks at a value's length and both its ends.
  void touch(std::string_view value) {
    checksum += value.size();
    if (value.empty() || value.front() != 'v' || value.back() != 'v') ++checksum;
  }
  void took(Instant since) {
    const std::chrono::nanoseconds time = std::chrono::steady_clock::now() - since;
    latencies_ns.push_back(static_cast<std::uint32_t>(time.count()));
  }
};

inline double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// In microseconds, as JSON.
inline std::string percentile(std::vector<std::uint32_t>& latencies, double share) {
  if (latencies.empty()) return "null";
  const auto rank = static_cast<std::ptrdiff_t>(share * static_cast<double>(latencies.size() - 1));
  const auto at = latencies.begin() + rank;
  std::nth_element(latencies.begin(), at, latencies.end());
  return fmt::format("{:.2f}", static_cast<double>(*at) / 1e3);
}

inline void print(const Pass& pass, Tally& tally, double cpu) {
  const auto ops = static_cast<double>(pass.ops);
  const double seconds = std::chrono::duration<double>(tally.ended - tally.began).count();
  std::string allocated = "null";
  if (tally.allocations) {
    allocated = fmt::format("{:.3f}", static_cast<double>(*tally.allocations) / ops);
  }
  fmt::print(
      "{{\"verb\":\"{}\",\"callers\":{},\"value_bytes\":{},\"ops\":{},\"seconds\":{:.6f},"
      "\"ops_per_second\":{:.0f},\"cpu_ns_per_op\":{:.1f},\"allocations_per_op\":{},"
      "\"p50_us\":{},\"p99_us\":{},\"checksum\":{}}}\n",
      pass.add ? "add" : "get", pass.callers, pass.value_bytes, pass.ops, seconds, ops / seconds,
      cpu * 1e9 / ops, allocated, percentile(tally.latencies_ns, 0.5),
      percentile(tally.latencies_ns, 0.99), tally.checksum);
  std::fflush(stdout);
}

template <typename Adapter>
int run_peer(std::string_view peer, int count, char** words) try {
  Adapter adapter(parse_arguments(count, words));
  while (const std::optional<Pass> pass = next_pass()) {
    Tally tally;
    if (pass->callers == 1) tally.latencies_ns.reserve(pass->ops);
    const double began = cpu_seconds();
    adapter.run(*pass, tally);
    print(*pass, tally, cpu_seconds() - began);
  }
  return 0;
} catch (const std::exception& problem) {
  fmt::print(stderr, "{}: {}\n", peer, problem.what());
  return 1;
}

}  // namespace redis_peers
