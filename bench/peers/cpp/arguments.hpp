// The command line that all harnesses share, in every language: pairs of --name and value.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace peers {

struct Arguments {
  std::string workload;              ///< file of little-endian u32 key ids
  std::uint32_t keys = 1'000'000;    ///< population; ids of the workload lie below it
  std::uint64_t capacity = 100'000;  ///< the cache's bound in entries
  std::uint32_t value_bytes = 256;
  std::uint32_t value_bytes_most = 0;  ///< memory mode: sizes spread up to this; 0: all the same
  std::uint64_t warmup = 2'000'000;    ///< requests before the first timed pass
  std::uint32_t threads = 1;
  std::uint64_t ops = 1'000'000;  ///< of one timed pass, all threads together
  std::uint32_t ttl_seconds = 0;  ///< entries expire after so long; 0: never
  std::uint64_t entries = 0;      ///< memory mode: how many to fill in; 0: throughput mode
  bool serve = false;             ///< further passes as "THREADS OPS" lines on standard input
  std::string policy = "s3fifo";  ///< for caches that have a choice
};

inline Arguments parse_arguments(int argc, char** argv) {
  Arguments arguments;
  const auto whole = [](const std::string& text) {
    return static_cast<std::uint32_t>(std::stoul(text));
  };
  if (argc % 2 == 0) throw std::invalid_argument(fmt::format("{} has no value", argv[argc - 1]));
  for (int i = 1; i < argc; i += 2) {
    const std::string name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--workload") {
      arguments.workload = value;
    } else if (name == "--keys") {
      arguments.keys = whole(value);
    } else if (name == "--capacity") {
      arguments.capacity = std::stoull(value);
    } else if (name == "--value-bytes") {
      arguments.value_bytes = whole(value);
    } else if (name == "--value-bytes-most") {
      arguments.value_bytes_most = whole(value);
    } else if (name == "--warmup") {
      arguments.warmup = std::stoull(value);
    } else if (name == "--threads") {
      arguments.threads = whole(value);
    } else if (name == "--ops") {
      arguments.ops = std::stoull(value);
    } else if (name == "--ttl-seconds") {
      arguments.ttl_seconds = whole(value);
    } else if (name == "--memory") {
      arguments.entries = std::stoull(value);
    } else if (name == "--serve") {
      arguments.serve = value == "true";
    } else if (name == "--policy") {
      arguments.policy = value;
    } else {
      throw std::invalid_argument(fmt::format("unknown option {}", name));
    }
  }
  return arguments;
}

}  // namespace peers
