#include "bench/hit_ratio/traces.hpp"

#include "workload/workload.hpp"

#include <zstd.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace semantrix::hit_ratio {
namespace {

static_assert(std::endian::native == std::endian::little, "the files are little-endian");

constexpr std::string_view suffix = ".u32.zst";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path.string() + ": cannot be opened.");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

NamedTrace draw(const workload::WorkloadSpec& spec, std::vector<std::size_t> sizes) {
  workload::Workload stream(spec);
  NamedTrace trace{spec.name, Trace(spec.requests), std::move(sizes)};
  std::generate(trace.keys.begin(), trace.keys.end(), [&] { return stream.next(); });
  return trace;
}

workload::WorkloadSpec spec_of(std::string name, workload::Shape shape, std::uint64_t requests,
                               double exponent = 0.99) {
  workload::WorkloadSpec spec;
  spec.name = std::move(name);
  spec.shape = shape;
  spec.requests = requests;
  spec.zipf = exponent;
  return spec;
}

}  // namespace

Trace read_trace(const std::filesystem::path& path) {
  const std::string packed = read_file(path);
  const unsigned long long bytes = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (bytes == ZSTD_CONTENTSIZE_ERROR || bytes == ZSTD_CONTENTSIZE_UNKNOWN || bytes % 4 != 0) {
    throw std::runtime_error(path.string() + ": is not a trace of 32-bit keys packed by zstd.");
  }
  Trace trace(bytes / 4);
  const std::size_t got = ZSTD_decompress(trace.data(), bytes, packed.data(), packed.size());
  if (got != bytes) throw std::runtime_error(path.string() + ": is damaged.");
  return trace;
}

std::vector<NamedTrace> read_traces(const std::filesystem::path& folder) {
  std::vector<NamedTrace> traces;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string file = entry.path().filename().string();
    if (!file.ends_with(suffix)) continue;
    traces.push_back(
        {file.substr(0, file.size() - suffix.size()), read_trace(entry.path()), {500, 1000, 2000}});
  }
  if (traces.empty()) throw std::runtime_error(folder.string() + ": holds no *.u32.zst file.");
  std::ranges::sort(traces, {}, &NamedTrace::name);
  return traces;
}

std::vector<NamedTrace> generate_traces() {
  using workload::Shape;
  const std::vector<std::size_t> sizes = {1'000, 10'000, 100'000};
  workload::WorkloadSpec shifting = spec_of("shifting-hot-set", Shape::shifting_hot_set, 5'000'000);
  shifting.shift_every = 200'000;
  shifting.shift_by = 2'000;
  workload::WorkloadSpec loop = spec_of("loop", Shape::loop, 1'000'000);
  loop.keys = 11'000;

  std::vector<NamedTrace> traces;
  traces.push_back(draw(spec_of("zipf-0.8", Shape::zipf, 5'000'000, 0.8), sizes));
  traces.push_back(draw(spec_of("zipf-0.99", Shape::zipf, 10'000'000), sizes));
  traces.push_back(draw(spec_of("zipf-1.1", Shape::zipf, 5'000'000, 1.1), sizes));
  traces.push_back(draw(spec_of("zipf-scan", Shape::zipf_scan, 5'000'000), sizes));
  traces.push_back(draw(shifting, sizes));
  traces.push_back(draw(loop, {5'000, 10'000}));
  return traces;
}

Key limit_of(const Trace& trace) {
  return trace.empty() ? 0 : *std::max_element(trace.begin(), trace.end()) + 1;
}

}  // namespace semantrix::hit_ratio
