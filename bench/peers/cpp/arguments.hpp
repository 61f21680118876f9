// The command line that all harnesses share, in every language: pairs of --name and value.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>

namespace peers {

struct Arguments {
  std::string workload;             ///< file of little-endian u32 key ids
  std::uint32_t keys = 1'000'000;   ///< population; ids of the workload lie below it
  std::uint64_t capacity = 100'000; ///< the cache's bound in entries
  std::uint32_t value_bytes = 256;
  std::uint32_t value_bytes_most = 0;  ///< memory mode: sizes spread up to this; 0: all the same
  std::uint32_t threads = 1;
  std::uint64_t ops = 1'000'000;  ///< of one timed pass, all threads together
  std::uint64_t entries = 0;      ///< memory mode: how many to fill in; 0: throughput mode
  bool serve = false;             ///< further passes as "THREADS OPS" lines on standard input
  std::string policy = "s3fifo";  ///< for caches that have a choice
};

inline Arguments parse_arguments(int argc, char** argv) {
  std::map<std::string, std::string> given;
  for (int i = 1; i + 1 < argc; i += 2) given[argv[i]] = argv[i + 1];
  if (argc % 2 == 0) throw std::invalid_argument(fmt::format("{} has no value", argv[argc - 1]));

  Arguments arguments;
  for (const auto& [name, value] : given) {
    if (name == "--workload") arguments.workload = value;
    else if (name == "--keys") arguments.keys = static_cast<std::uint32_t>(std::stoul(value));
    else if (name == "--capacity") arguments.capacity = std::stoull(value);
    else if (name == "--value-bytes") arguments.value_bytes = static_cast<std::uint32_t>(std::stoul(value));
    else if (name == "--value-bytes-most") arguments.value_bytes_most = static_cast<std::uint32_t>(std::stoul(value));
    else if (name == "--threads") arguments.threads = static_cast<std::uint32_t>(std::stoul(value));
    else if (name == "--ops") arguments.ops = std::stoull(value);
    else if (name == "--memory") arguments.entries = std::stoull(value);
    else if (name == "--serve") arguments.serve = value == "true";
    else if (name == "--policy") arguments.policy = value;
    else throw std::invalid_argument(fmt::format("unknown option {}", name));
  }
  return arguments;
}

}  // namespace peers
