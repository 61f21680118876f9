// What the policies are measured on.
#pragma once

#include "bench/hit_ratio/replay.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace semantrix::hit_ratio {

struct NamedTrace {
  std::string name;
  Trace keys;
  std::vector<std::size_t> sizes;  ///< Of the cache, in entries.
};

/// A recorded trace: 32-bit little-endian key numbers, compressed with zstd. Throws
/// `std::runtime_error` with one sentence if the file is not that.
Trace read_trace(const std::filesystem::path& path);

/// The recorded traces (`*.u32.zst`) of a folder, by name. Throws as `read_trace`.
std::vector<NamedTrace> read_traces(const std::filesystem::path& folder);

/// Streams drawn from fixed seeds: Zipf, Zipf with a scan, a shifting hot set, a loop.
std::vector<NamedTrace> generate_traces();

/// One more than the largest key.
Key limit_of(const Trace& trace);

}  // namespace semantrix::hit_ratio
