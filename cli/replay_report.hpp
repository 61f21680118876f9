#pragma once

#include "cli/latency_histogram.hpp"
#include <semantrix/stats.hpp>

#include <cstdint>
#include <string>

namespace semantrix::cli {

/// What a replay counted.
struct ReplayReport {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t unique_prompts = 0;
  std::uint64_t unusable_lines = 0;
  double seconds = 0;
  double saved_ms = 0;   ///< Sum of the logged latency of the requests that hit.
  double saved_usd = 0;  ///< Likewise of their cost.
  LatencyHistogram lookups;
  Stats store;

  [[nodiscard]] std::uint64_t requests() const noexcept { return hits + misses; }
  [[nodiscard]] double hit_ratio() const noexcept;
  [[nodiscard]] double requests_per_second() const noexcept;

  /// One object on one line; latencies are null when nothing was asked.
  [[nodiscard]] std::string to_json() const;
  /// An aligned table for people.
  [[nodiscard]] std::string to_text() const;
};

}  // namespace semantrix::cli
