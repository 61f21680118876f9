#pragma once

#include "cli/latency_histogram.hpp"
#include "workload/workload_spec.hpp"
#include <semantrix/eviction_policy.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace semantrix::stress {

/// A workload's requests, drawn before anything is timed: the same for every policy. Immutable,
/// hence thread-safe; four bytes a request.
class Requests {
 public:
  /// `spec.requests` requests in all, in so many streams.
  Requests(const workload::WorkloadSpec& spec, std::uint32_t threads);

  [[nodiscard]] std::uint32_t threads() const noexcept {
    return static_cast<std::uint32_t>(streams_.size());
  }
  [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t thread) const {
    return streams_[thread];
  }

 private:
  std::vector<std::vector<std::uint32_t>> streams_;
};

/// What one run came to.
struct Outcome {
  std::uint64_t ops = 0;  ///< An op is a get and, on a miss, the add that follows.
  std::uint64_t hits = 0;
  std::uint64_t wrong = 0;            ///< Hits whose value was not the key's.
  std::uint64_t refused = 0;          ///< Adds that failed.
  double seconds = 0;                 ///< From the first thread's start to the last one's end.
  cli::LatencyHistogram latencies{};  ///< Of every 32nd op; a clock reading included.
  std::size_t size = 0;               ///< Entries at the end,
  std::size_t bytes = 0;              ///< and what they hold, as `max_bytes` counts.

  [[nodiscard]] double ops_per_second() const { return static_cast<double>(ops) / seconds; }
  [[nodiscard]] double hit_ratio() const {
    return static_cast<double>(hits) / static_cast<double>(ops);
  }
  [[nodiscard]] double bytes_an_entry() const {
    return size == 0 ? 0 : static_cast<double>(bytes) / static_cast<double>(size);
  }
};

/// Answers the requests from an empty cache within the spec's bounds, a thread for each stream.
/// Throws `CacheError` where the bounds are out of range and `std::runtime_error` if the cache
/// exceeds them or counts other requests than it was asked.
[[nodiscard]] Outcome run(const Requests& requests, const workload::WorkloadSpec& spec,
                          EvictionPolicy policy);

}  // namespace semantrix::stress
