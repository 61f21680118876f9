// Hit ratio and speed of every policy on every trace, each from an empty cache.
//
//   hit_ratio                      on generated streams
//   hit_ratio FOLDER               on the recorded traces (*.u32.zst) of the folder
//   hit_ratio [FOLDER] --json      one JSON object a line
//   hit_ratio [FOLDER] --size N    at one size of the cache instead
//
// The speed is processor time of the policy and a table look-up, not of a cache; it serves to
// compare.
#include "bench/hit_ratio/replay.hpp"
#include "bench/hit_ratio/traces.hpp"
#include "eviction/fifo.hpp"
#include "eviction/lfu.hpp"
#include "eviction/lru.hpp"
#include "eviction/s3fifo.hpp"
#include "eviction/w_tinylfu.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <optional>
#include <string_view>

namespace semantrix::hit_ratio {
namespace {

struct Options {
  std::optional<std::string> folder;
  std::optional<std::size_t> size;
  bool json = false;
};

struct Outcome {
  double percent;
  double ns_a_request;
};

template <template <class> class Policy>
Outcome measure(const Trace& trace, std::size_t size) {
  Replay<Policy> cache(size, limit_of(trace));
  const std::clock_t start = std::clock();
  const std::size_t hits = cache.hits(trace);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  const auto requests = static_cast<double>(trace.size());
  return {100.0 * static_cast<double>(hits) / requests, 1e9 * seconds / requests};
}

struct Contestant {
  std::string_view name;
  Outcome (*measure)(const Trace& trace, std::size_t size);
};

constexpr std::array contestants{
    Contestant{"fifo", measure<eviction::Fifo>},
    Contestant{"lru", measure<eviction::Lru>},
    Contestant{"lfu", measure<eviction::Lfu>},
    Contestant{"s3fifo", measure<eviction::S3Fifo>},
    Contestant{"w_tinylfu", measure<eviction::WTinyLfu>},
};

Options parse(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--json") {
      options.json = true;
    } else if (argument == "--size" && i + 1 < count) {
      options.size = std::stoul(arguments[++i]);
    } else if (!argument.starts_with("-") && !options.folder) {
      options.folder = argument;
    } else {
      throw std::runtime_error(
          fmt::format("{}: unknown argument; see the top of hit_ratio.cpp.", argument));
    }
  }
  return options;
}

void print_head() {
  fmt::print("| trace | size |");
  for (const Contestant& contestant : contestants) fmt::print(" {} |", contestant.name);
  fmt::print("\n|---|---:|");
  for (std::size_t i = 0; i < std::size(contestants); ++i) fmt::print("---:|");
  fmt::print("\n");
}

void print_row(const NamedTrace& trace, std::size_t size, bool json) {
  if (!json) fmt::print("| {} | {} |", trace.name, size);
  for (const Contestant& contestant : contestants) {
    const Outcome outcome = contestant.measure(trace.keys, size);
    if (json) {
      fmt::print(R"({{"trace":"{}","size":{},"policy":"{}","hit_ratio":{:.4f},)", trace.name, size,
                 contestant.name, outcome.percent / 100);
      fmt::print("\"ns_per_request\":{:.1f}}}\n", outcome.ns_a_request);
    } else {
      fmt::print(" {:.2f} % ({:.0f} ns) |", outcome.percent, outcome.ns_a_request);
    }
    std::fflush(stdout);
  }
  if (!json) fmt::print("\n");
}

void run(const Options& options) {
  if (!options.json) print_head();
  for (const NamedTrace& trace :
       options.folder ? read_traces(*options.folder) : generate_traces()) {
    const std::vector<std::size_t> sizes = options.size ? std::vector{*options.size} : trace.sizes;
    for (const std::size_t size : sizes) print_row(trace, size, options.json);
  }
}

}  // namespace
}  // namespace semantrix::hit_ratio

int main(int count, char** arguments) {
  try {
    semantrix::hit_ratio::run(semantrix::hit_ratio::parse(count, arguments));
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    fmt::print(stderr, "hit_ratio: {}\n", error.what());
    return EXIT_FAILURE;
  }
}
