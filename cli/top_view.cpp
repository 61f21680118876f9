#include "cli/top_view.hpp"

#include "cli/format.hpp"
#include "cli/json_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace semantrix::cli {
namespace {

constexpr std::string_view unknown = "-";
constexpr std::size_t most_keys_shown = 5;

double grown(double before, double now) noexcept { return now >= before ? now - before : now; }

/// What happened between two looks, bound by bound; all of the later one if they do not match.
std::vector<LatencyBound> grown(const std::vector<LatencyBound>& before,
                                const std::vector<LatencyBound>& now) {
  std::vector<LatencyBound> between = now;
  if (before.size() != now.size() || now.empty() || before.back().calls > now.back().calls) {
    return between;
  }
  for (std::size_t i = 0; i != now.size(); ++i) between[i].calls -= before[i].calls;
  return between;
}

/// Within a bucket calls are taken to lie evenly, as Prometheus does it.
std::optional<double> percentile_us(const std::vector<LatencyBound>& bounds, double share) {
  if (bounds.empty() || bounds.back().calls <= 0) return std::nullopt;
  const double wanted = share * bounds.back().calls;
  LatencyBound below;
  for (const LatencyBound& bound : bounds) {
    if (bound.calls >= wanted) {
      if (std::isinf(bound.seconds)) break;
      const double inside = bound.calls - below.calls;
      const double part = inside > 0 ? (wanted - below.calls) / inside : 1;
      return (below.seconds + part * (bound.seconds - below.seconds)) * 1e6;
    }
    below = bound;
  }
  return below.seconds * 1e6;
}

std::string rate(double a_second) { return short_count(a_second); }

std::string percent(const std::optional<double>& ratio) {
  return ratio ? fmt::format("{:.1f} %", *ratio * 100) : std::string(unknown);
}

std::string latency(const std::optional<double>& microseconds) {
  return microseconds ? human_latency(*microseconds) : std::string(unknown);
}

std::string whole(double number) {
  return grouped(static_cast<std::uint64_t>(std::min(number, 1e18)));
}

/// Right-aligned; `format` would count bytes of "µs".
std::string cell(std::string_view text, std::size_t width) {
  const std::size_t taken = text_width(text);
  return std::string(taken < width ? width - taken : 0, ' ') + std::string(text);
}

std::string cells(std::string_view requests, std::string_view hits, std::string_view p50,
                  std::string_view p99, std::string_view evictions, std::string_view errors,
                  std::string_view entries, std::string_view memory) {
  return cell(requests, 10) + cell(hits, 9) + cell(p50, 11) + cell(p99, 11) + cell(evictions, 10) +
         cell(errors, 9) + cell(entries, 13) + cell(memory, 11);
}

std::string memory_text(const TopRow& row) {
  const std::string held = human_bytes(row.bytes);
  return row.most_bytes > 0 ? held + " of " + human_bytes(row.most_bytes) : held;
}

void put(JsonLine& line, std::string_view name, const std::optional<double>& value) {
  if (value) {
    line.number(name, *value);
  } else {
    line.null(name);
  }
}

std::string hot_keys_json(const std::vector<WatchedKey>& keys) {
  std::string list;
  for (const WatchedKey& key : keys) {
    JsonLine one;
    one.text("digest", key.digest).number("share", key.share);
    list += (list.empty() ? "" : ",") + one.str();
  }
  return "[" + list + "]";
}

}  // namespace

TopRow compare(const Figures& before, const Figures& now, double seconds, std::string source) {
  const auto a_second = [seconds](double earlier, double later) {
    return seconds > 0 ? grown(earlier, later) / seconds : 0;
  };
  TopRow row;
  row.source = std::move(source);
  row.seconds = seconds;
  row.requests = a_second(before.requests, now.requests);
  row.hits = a_second(before.hits, now.hits);
  row.misses = a_second(before.misses, now.misses);
  row.evictions = a_second(before.evictions, now.evictions);
  row.expirations = a_second(before.expirations, now.expirations);
  if (now.errors) row.errors = a_second(before.errors.value_or(0), *now.errors);
  const double reads = row.hits + row.misses;
  if (reads > 0) row.hit_ratio = row.hits / reads;
  const auto between = grown(before.reads, now.reads);
  row.p50_us = percentile_us(between, 0.5);
  row.p99_us = percentile_us(between, 0.99);
  row.round_trip_us = now.round_trip_us;
  row.entries = now.entries;
  row.bytes = now.bytes;
  row.most_bytes = now.most_bytes;
  row.connections = now.connections;
  row.hot_keys = now.hot_keys;
  return row;
}

std::string json_of(const TopRow& row) {
  JsonLine line;
  line.text("source", row.source)
      .number("seconds", row.seconds)
      .number("requests_per_second", row.requests)
      .number("hits_per_second", row.hits)
      .number("misses_per_second", row.misses)
      .number("evictions_per_second", row.evictions)
      .number("expirations_per_second", row.expirations);
  put(line, "errors_per_second", row.errors);
  put(line, "hit_ratio", row.hit_ratio);
  put(line, "p50_us", row.p50_us);
  put(line, "p99_us", row.p99_us);
  put(line, "round_trip_us", row.round_trip_us);
  line.number("entries", row.entries).number("bytes", row.bytes);
  put(line, "connections", row.connections);
  line.raw("hot_keys", hot_keys_json(row.hot_keys));
  return line.str();
}

std::string heading() {
  return cells("requests/s", "hits", "latency", "p99", "evicted/s", "errors/s", "entries",
               "memory");
}

std::string line_of(const TopRow& row) {
  const auto& middle = row.p50_us ? row.p50_us : row.round_trip_us;
  return cells(rate(row.requests), percent(row.hit_ratio), latency(middle), latency(row.p99_us),
               rate(row.evictions), row.errors ? rate(*row.errors) : std::string(unknown),
               whole(row.entries), human_bytes(row.bytes));
}

std::string screen_of(const TopRow& row) {
  Facts facts;
  facts.add("requests", rate(row.requests) + "/s");
  facts.add("hits", fmt::format("{}/s  {}", rate(row.hits), percent(row.hit_ratio)));
  facts.add("misses", rate(row.misses) + "/s");
  if (row.round_trip_us) {
    facts.add("round trip", latency(row.round_trip_us));
  } else {
    facts.add("reads take",
              fmt::format("p50 {}  p99 {}", latency(row.p50_us), latency(row.p99_us)));
  }
  facts.add("evicted", rate(row.evictions) + "/s");
  facts.add("expired", rate(row.expirations) + "/s");
  if (row.errors) facts.add("errors", rate(*row.errors) + "/s");
  facts.add("entries", whole(row.entries));
  facts.add("memory", memory_text(row));
  if (row.connections) facts.add("connections", whole(*row.connections));
  for (std::size_t i = 0; i != std::min(row.hot_keys.size(), most_keys_shown); ++i) {
    const WatchedKey& key = row.hot_keys[i];
    facts.add(i == 0 ? "hot keys" : "", key.digest + "  " + percent(key.share));
  }
  return row.source + "\n\n" + facts.str();
}

}  // namespace semantrix::cli
