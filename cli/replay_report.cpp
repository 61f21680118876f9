#include "cli/replay_report.hpp"

#include "cli/format.hpp"
#include "cli/json_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace semantrix::cli {
namespace {

// Sums of decimal amounts carry noise in their last digits.
double rounded(double number, double units) { return std::round(number * units) / units; }

double in_microseconds(const LatencyHistogram& latencies, double share) {
  if (latencies.count() == 0) return std::nan("");
  return rounded(latencies.percentile(share) / 1e3, 1e3);
}

std::string percent(std::uint64_t part, double share) {
  return fmt::format("{}  ({:.1f} %)", grouped(part), share * 100);
}

}  // namespace

double ReplayReport::hit_ratio() const noexcept {
  return requests() == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(requests());
}

double ReplayReport::requests_per_second() const noexcept {
  return seconds > 0 ? static_cast<double>(requests()) / seconds : 0;
}

std::string ReplayReport::to_json() const {
  JsonLine line;
  line.number("requests", requests())
      .number("hits", hits)
      .number("misses", misses)
      .number("hit_ratio", hit_ratio())
      .number("unique_prompts", unique_prompts)
      .number("seconds", rounded(seconds, 1e6))
      .number("requests_per_second", rounded(requests_per_second(), 10))
      .number("p50_us", in_microseconds(lookups, 0.5))
      .number("p99_us", in_microseconds(lookups, 0.99))
      .number("saved_ms", rounded(saved_ms, 1e3))
      .number("saved_usd", rounded(saved_usd, 1e9))
      .number("unusable_lines", unusable_lines)
      .number("evictions", store.evictions)
      .number("size", store.size);
  return line.str();
}

std::string ReplayReport::to_text() const {
  Facts facts;
  facts.add("requests", grouped(requests()));
  facts.add("distinct prompts", grouped(unique_prompts));
  facts.add("hits", percent(hits, hit_ratio()));
  facts.add("misses", grouped(misses));
  if (unusable_lines > 0) facts.add("unusable lines", grouped(unusable_lines));
  facts.add("time saved", human_duration(saved_ms / 1e3));
  facts.add("money saved", fmt::format("${:.{}f}", saved_usd, saved_usd < 10 ? 4 : 2));
  if (lookups.count() > 0) {
    facts.add("lookup", fmt::format("p50 {}, p99 {}", human_latency(in_microseconds(lookups, 0.5)),
                                    human_latency(in_microseconds(lookups, 0.99))));
  }
  facts.add("evictions", grouped(store.evictions));
  facts.add("entries now", fmt::format("{}  ({})", grouped(store.size),
                                       human_bytes(static_cast<double>(store.bytes))));
  facts.add("replayed in", fmt::format("{}  ({} requests/s)", human_duration(seconds),
                                       short_count(requests_per_second())));
  return facts.str();
}

}  // namespace semantrix::cli
