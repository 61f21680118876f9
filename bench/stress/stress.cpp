// A workload's requests to MemoryCache, as a service makes them: get, and on a miss add. Every
// hit's value names its key and is checked.
//
//   stress [WORKLOAD.json…]      these; without any, all of bench/stress
//     --policy all|NAME          all by default
//     --threads N                each with its own stream of requests (1)
//     --ops N                    in all, instead of the file's "requests"
//     --capacity N               instead of the file's "max_size"
//     --json                     one object a line instead of a table
//
// ops/s        requests a second of all threads; keys are 32 bytes, made on the way (about 1 ns)
// hit ratio    from an empty cache, the first requests included
// p50, p99     of every 32nd request, hits and misses alike, a clock reading (20 to 40 ns) included
// bytes        what an entry takes at the end, key and value included, as max_bytes counts it
//
// Exit status: 0 done; 1 a wrong value, a refused add or an exceeded bound; 2 bad usage.
#include "bench/stress/arguments.hpp"
#include "bench/stress/load.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <stdexcept>

namespace semantrix::stress {
namespace {

using workload::WorkloadSpec;

std::vector<std::string> shipped_workloads() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(SEMANTRIX_STRESS_WORKLOADS)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  return files;
}

std::vector<WorkloadSpec> read_workloads(const Arguments& arguments) {
  std::vector<WorkloadSpec> specs;
  for (const std::string& file : arguments.files.empty() ? shipped_workloads() : arguments.files) {
    WorkloadSpec spec = workload::read_workload(file);
    spec.requests = arguments.ops.value_or(spec.requests);
    spec.max_size = arguments.capacity.value_or(spec.max_size);
    specs.push_back(std::move(spec));
  }
  return specs;
}

void print_head() {
  fmt::print(
      "| workload | policy | threads | ops/s | hit ratio | p50 ns | p99 ns | bytes an entry |\n"
      "|---|---|---:|---:|---:|---:|---:|---:|\n");
}

void print_row(const WorkloadSpec& spec, EvictionPolicy policy, std::uint32_t threads,
               const Outcome& outcome) {
  fmt::print("| {} | {} | {} | {:.0f} | {:.2f} % | {:.0f} | {:.0f} | {:.0f} |\n", spec.name,
             to_string(policy), threads, outcome.ops_per_second(), 100 * outcome.hit_ratio(),
             outcome.latencies.percentile(0.5), outcome.latencies.percentile(0.99),
             outcome.bytes_an_entry());
}

void print_json(const WorkloadSpec& spec, EvictionPolicy policy, std::uint32_t threads,
                const Outcome& outcome) {
  fmt::print(R"({{"workload":{},"policy":"{}","threads":{},"ops":{},"seconds":{:.6f},)"
             R"("ops_per_second":{:.0f},"hit_ratio":{:.6f},"p50_ns":{:.0f},"p99_ns":{:.0f},)"
             "\"bytes_per_entry\":{:.1f},\"size\":{}}}\n",
             boost::json::serialize(boost::json::string_view(spec.name)), to_string(policy),
             threads, outcome.ops, outcome.seconds, outcome.ops_per_second(), outcome.hit_ratio(),
             outcome.latencies.percentile(0.5), outcome.latencies.percentile(0.99),
             outcome.bytes_an_entry(), outcome.size);
}

/// Whether all values were right and all adds taken.
bool report(const WorkloadSpec& spec, EvictionPolicy policy, const Arguments& arguments,
            const Outcome& outcome) {
  (arguments.json ? print_json : print_row)(spec, policy, arguments.threads, outcome);
  std::fflush(stdout);
  if (outcome.wrong == 0 && outcome.refused == 0) return true;
  fmt::print(stderr,
             "stress: {} under {}: {} of {} hits gave a wrong value, {} adds were refused\n",
             spec.name, to_string(policy), outcome.wrong, outcome.hits, outcome.refused);
  return false;
}

bool run_all(const Arguments& arguments) {
  const std::vector<WorkloadSpec> specs = read_workloads(arguments);
  if (!arguments.json) print_head();
  bool right = true;
  for (const WorkloadSpec& spec : specs) {
    const Requests requests(spec, arguments.threads);
    for (const EvictionPolicy policy : arguments.policies) {
      right = report(spec, policy, arguments, run(requests, spec, policy)) && right;
    }
  }
  return right;
}

}  // namespace
}  // namespace semantrix::stress

int main(int count, char** arguments) try {
  using namespace semantrix::stress;
  const std::span<char* const> words(arguments, static_cast<std::size_t>(count));
  return run_all(parse_arguments(words.subspan(1))) ? 0 : 1;
} catch (const std::invalid_argument& problem) {
  fmt::print(stderr, "stress: {}\n", problem.what());
  return 2;
} catch (const std::exception& problem) {
  fmt::print(stderr, "stress: {}\n", problem.what());
  return 1;
}
