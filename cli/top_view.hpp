#pragma once

#include "cli/watched.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What `top` shows of two looks.
namespace semantrix::cli {

/// What happened between them, and what is now. Nothing: nobody tells.
struct TopRow {
  std::string source;
  double seconds = 0;
  double requests = 0;  ///< A second, as are the next five.
  double hits = 0;
  double misses = 0;
  double evictions = 0;
  double expirations = 0;
  std::optional<double> errors;
  std::optional<double> hit_ratio;  ///< Nothing: nothing was asked.
  std::optional<double> p50_us;     ///< Of the reads between.
  std::optional<double> p99_us;
  std::optional<double> round_trip_us;
  double entries = 0;
  double bytes = 0;
  double most_bytes = 0;
  std::optional<double> connections;
  std::vector<WatchedKey> hot_keys;  ///< The hottest first.
};

/// A count that fell was begun anew: all of it is new.
[[nodiscard]] TopRow compare(const Figures& before, const Figures& now, double seconds,
                             std::string source);

/// {source, seconds, requests_per_second, …}.
[[nodiscard]] std::string json_of(const TopRow& row);
/// One line a look, under one heading.
[[nodiscard]] std::string heading();
[[nodiscard]] std::string line_of(const TopRow& row);
/// A terminal's page, lines with their ends.
[[nodiscard]] std::string screen_of(const TopRow& row);

}  // namespace semantrix::cli
