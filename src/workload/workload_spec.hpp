// What a workload is, as data: the JSON files of bench/stress, read and checked.
#pragma once

#include "workload/value_sizes.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace semantrix::workload {

/// The order in which keys are asked for.
enum class Shape {
  zipf,              ///< Zipf's law over a fixed population
  zipf_scan,         ///< the same, with requests mixed in for keys that never come again
  shifting_hot_set,  ///< the same, with the population's least popular keys becoming the hottest
  loop,              ///< every key in turn, over and over: what LRU never survives
};

/// Every field but `name` and `shape` may be absent from the file and then has the value below.
struct WorkloadSpec {
  std::string name;
  std::string description;
  Shape shape = Shape::zipf;
  std::uint64_t seed = 1;
  std::uint32_t keys = 1'000'000;       ///< population, 1 to 100,000,000
  std::uint64_t requests = 8'000'000;   ///< how many to draw; 1 or more
  double zipf = 0.99;                   ///< exponent, 0 (uniform) to 4
  double scan_share = 0.1;              ///< zipf_scan: share of one-hit wonders, 0 to 1
  std::uint64_t shift_every = 100'000;  ///< shifting_hot_set: requests between two shifts
  std::uint32_t shift_by = 1'000;       ///< shifting_hot_set: keys that become the hottest
  std::uint64_t max_size = 0;           ///< the cache's bound in entries; 0: none
  std::uint64_t max_bytes = 0;          ///< the cache's bound in bytes; 0: none
  ValueSizes value_bytes;

  friend bool operator==(const WorkloadSpec&, const WorkloadSpec&) = default;
};

/// Throws std::invalid_argument, with a sentence that names the field, if a value is out of range.
void check(const WorkloadSpec& spec);

/// Reads a specification from JSON text. Throws std::invalid_argument with one sentence that names
/// the field at fault (unknown, of a wrong type, out of range) or the place where the JSON breaks.
WorkloadSpec parse_workload(std::string_view json);

/// The same from a file; the sentence then begins with the path.
WorkloadSpec read_workload(const std::string& path);

/// The name of a shape as it stands in JSON.
std::string_view name_of(Shape shape) noexcept;

}  // namespace semantrix::workload
