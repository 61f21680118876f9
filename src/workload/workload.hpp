// Draws a workload's requests: from a WorkloadSpec and its seed to a stream of key ids.
#pragma once

#include "workload/permutation.hpp"
#include "workload/random.hpp"
#include "workload/workload_spec.hpp"
#include "workload/zipf.hpp"

#include <cstdint>

namespace semantrix::workload {

/// An endless, deterministic stream of key ids. Not thread-safe: one a thread, each constructed
/// with its own `stream` number, which changes the draws and not the popularity of the keys.
///
/// Ids lie below `spec.keys`, but for the one-hit wonders of Shape::zipf_scan: those count up from
/// `spec.keys` (from there on by 2^26 for each stream, so that threads share none).
class Workload {
 public:
  /// Throws std::invalid_argument where the spec is out of range.
  explicit Workload(const WorkloadSpec& spec, std::uint32_t stream = 0);

  /// The next request's key id.
  std::uint32_t next();

  /// The size of the key's value in bytes: always the same for a key.
  [[nodiscard]] std::uint32_t value_bytes(std::uint32_t key) const { return sizes_.of(key); }

 private:
  std::uint32_t next_with_scan();
  std::uint32_t next_shifting();
  std::uint32_t next_in_loop();

  Shape shape_;
  std::uint32_t keys_;
  double scan_share_;
  std::uint64_t shift_every_;
  std::uint32_t shift_by_;
  ValueSizes sizes_;

  ZipfRanks ranks_;
  Permutation key_of_rank_;
  SplitMix coin_;
  std::uint32_t next_wonder_;
  std::uint32_t position_;   // of the loop
  std::uint32_t drift_ = 0;  // ranks that the hot set has moved by, modulo keys_
  std::uint64_t drawn_ = 0;  // requests since the last shift
};

}  // namespace semantrix::workload
