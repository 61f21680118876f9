// Draws a workload's requests into a file of little-endian 32-bit key ids, so that every rival, in
// whatever language, answers exactly the same ones.
//
//   make_workload SPEC.json FILE [KEYS ZIPF REQUESTS]     the numbers replace the specification's
#include "workload/workload.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>

namespace {

using semantrix::workload::Workload;
using semantrix::workload::WorkloadSpec;

void write(const WorkloadSpec& spec, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  Workload workload(spec);
  for (std::uint64_t i = 0; i < spec.requests; ++i) {
    const std::uint32_t key = workload.next();
    const std::array<char, 4> bytes = {static_cast<char>(key), static_cast<char>(key >> 8U),
                                       static_cast<char>(key >> 16U),
                                       static_cast<char>(key >> 24U)};
    file.write(bytes.data(), bytes.size());
  }
  file.close();
  if (!file) throw std::runtime_error(fmt::format("{}: cannot be written", path));
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3 && argc != 6) {
    throw std::invalid_argument("usage: make_workload SPEC.json FILE [KEYS ZIPF REQUESTS]");
  }
  WorkloadSpec spec = semantrix::workload::read_workload(argv[1]);
  if (argc == 6) {
    spec.keys = static_cast<std::uint32_t>(std::stoul(argv[3]));
    spec.zipf = std::stod(argv[4]);
    spec.requests = std::stoull(argv[5]);
  }
  write(spec, argv[2]);
  return 0;
} catch (const std::exception& problem) {
  fmt::print(stderr, "make_workload: {}\n", problem.what());
  return 2;
}
