#include "base/duration.hpp"

#include "base/quote.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace semantrix {
namespace {

using std::chrono::milliseconds;

struct Unit {
  std::string_view name;
  double milliseconds;
};
constexpr std::array units{Unit{"", 1e3},   Unit{"ms", 1.0},   Unit{"s", 1e3},
                           Unit{"m", 60e3}, Unit{"h", 3600e3}, Unit{"d", 86'400e3}};

Error refuse(std::string_view shown, std::string_view why) {
  return {ErrorCode::invalid_argument, fmt::format("duration {} {}", shown, why),
          "give a number with ms, s, m, h or d, e.g. 1.5h; bare numbers are seconds"};
}

/// Nothing when the duration is fine, else what is wrong with it.
std::optional<std::string_view> fault(double ms, DurationRange range) {
  if (std::isnan(ms)) return "is not a number";
  if (std::abs(ms) > static_cast<double>(longest_duration.count())) {
    return "is longer than 1,000 years";
  }
  if (ms < 0 && range != DurationRange::any) return "is negative";
  if (range != DurationRange::positive) return std::nullopt;
  if (ms == 0) return "is zero";
  if (std::llround(ms) == 0) return "is shorter than a millisecond";
  return std::nullopt;
}

Result<milliseconds> checked(double ms, DurationRange range, std::string_view shown) {
  if (const auto why = fault(ms, range)) return refuse(shown, *why);
  return milliseconds(std::llround(ms));
}

}  // namespace

Result<milliseconds> parse_duration(std::string_view text, DurationRange range) {
  const std::string shown = quote(text);
  if (text.empty()) return refuse(shown, "is empty");
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, failed] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (failed == std::errc::result_out_of_range) return refuse(shown, "is longer than 1,000 years");
  if (failed != std::errc() || !std::isfinite(number)) {
    return refuse(shown, "does not begin with a number");
  }
  const std::string_view name(rest, static_cast<std::size_t>(end - rest));
  for (const Unit& unit : units) {
    if (unit.name == name) return checked(number * unit.milliseconds, range, shown);
  }
  return refuse(shown, fmt::format("has the unknown unit {}", quote(name)));
}

Result<milliseconds> duration_of_seconds(double seconds, DurationRange range) {
  return checked(seconds * 1e3, range, fmt::format("{}s", seconds));
}

Result<void> check_duration(std::string_view what, milliseconds duration) {
  const std::string_view why = duration <= milliseconds::zero() ? "must be positive"
                               : duration > longest_duration    ? "must not exceed 1,000 years"
                                                                : "";
  if (why.empty()) return {};
  return Error(ErrorCode::invalid_argument,
               fmt::format("{} {}, not {} ms", what, why, duration.count()));
}

}  // namespace semantrix
