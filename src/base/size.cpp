#include "base/size.hpp"

#include "base/quote.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace semantrix {
namespace {

Error refuse(std::string_view what, std::string_view text, std::string_view why,
             std::string_view remedy) {
  return {ErrorCode::invalid_argument, fmt::format("{} {} {}", what, quote(text), why),
          std::string(remedy)};
}

Error refuse_size(std::string_view text, std::string_view why) {
  return refuse("size", text, why, "give a number of bytes, with k, m or g for multiples of 1,024");
}

Error refuse_count(std::string_view text, std::string_view why) {
  return refuse("count", text, why, "give a whole number, e.g. 1000");
}

/// The power of 1,024 that a unit stands for, or -1.
int power_of(std::string_view unit) {
  std::string name;
  for (const char c : unit) name += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  if (name.empty() || name == "b") return 0;
  const std::size_t power = std::string_view("kmgt").find(name.front());
  const std::string_view rest = std::string_view(name).substr(1);
  if (power == std::string_view::npos || !(rest.empty() || rest == "b" || rest == "ib")) return -1;
  return static_cast<int>(power) + 1;
}

}  // namespace

Result<std::size_t> parse_size(std::string_view text) {
  if (text.empty()) return refuse_size(text, "is empty");
  if (text.front() == '-') return refuse_size(text, "is negative");
  const char* end = text.data() + text.size();
  // Whole numbers apart: a double holds only 53 bits.
  std::size_t whole = 0;
  if (const auto [rest, failed] = std::from_chars(text.data(), end, whole);
      failed == std::errc() && power_of({rest, static_cast<std::size_t>(end - rest)}) == 0) {
    return whole;
  }
  double number = 0;
  const auto [rest, failed] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (failed == std::errc::result_out_of_range) return refuse_size(text, "is too large");
  if (failed != std::errc() || !std::isfinite(number)) {
    return refuse_size(text, "does not begin with a number");
  }
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  const int power = power_of(unit);
  if (power < 0) return refuse_size(text, fmt::format("has the unknown unit {}", quote(unit)));
  const double bytes = std::ldexp(number, 10 * power);
  if (bytes >= std::ldexp(1.0, 64)) return refuse_size(text, "is too large");
  return static_cast<std::size_t>(bytes);
}

Result<std::size_t> parse_count(std::string_view text) {
  if (text.empty()) return refuse_count(text, "is empty");
  if (text.front() == '-') return refuse_count(text, "is negative");
  std::size_t count = 0;
  const char* end = text.data() + text.size();
  const auto [rest, failed] = std::from_chars(text.data(), end, count);
  if (failed == std::errc::result_out_of_range) return refuse_count(text, "is too large");
  if (failed != std::errc() || rest != end) return refuse_count(text, "is not a whole number");
  return count;
}

}  // namespace semantrix
