#include "base/suggest.hpp"

#include "base/quote.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace semantrix {
namespace {

// Names are short; whatever is longer is near to none of them, and costs nothing to find out.
constexpr std::size_t longest_name = 64;

std::string folded(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-' || c == ' ') c = '_';
  }
  return text;
}

/// Insertions, deletions, replacements and swaps of neighbours between two strings.
std::size_t edit_distance(std::string_view left, std::string_view right) {
  using Row = std::array<std::size_t, longest_name + 1>;
  Row before_last{};
  Row last{};
  Row row{};
  for (std::size_t j = 0; j <= right.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    before_last = last;
    last = row;
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[right.size()];
}

/// Whether one name is a whole part of the other: "ttl" of "default_ttl".
bool contains(std::string_view name, std::string_view part) {
  return part.size() >= 3 && name.find(part) != std::string_view::npos;
}

}  // namespace

std::optional<std::string_view> suggest(std::string_view name,
                                        std::span<const std::string_view> valid) {
  if (name.empty() || name.size() > longest_name) return std::nullopt;
  const std::string typed = folded(name);
  std::optional<std::string_view> nearest;
  std::size_t least = std::max<std::size_t>(1, typed.size() / 3) + 1;
  for (const std::string_view candidate : valid) {
    if (candidate.size() > longest_name) continue;
    const std::size_t distance = edit_distance(typed, folded(candidate));
    if (distance >= least) continue;
    least = distance;
    nearest = candidate;
  }
  if (nearest) return nearest;
  for (const std::string_view candidate : valid) {
    const std::string whole = folded(candidate);
    if (contains(whole, typed) || contains(typed, whole)) return candidate;
  }
  return std::nullopt;
}

std::string unknown_name(std::string_view kind, std::string_view name,
                         std::span<const std::string_view> valid) {
  if (const auto nearest = suggest(name, valid)) {
    return fmt::format("unknown {} {}; did you mean '{}'?", kind, quote(name), *nearest);
  }
  if (valid.empty()) return fmt::format("unknown {} {}", kind, quote(name));
  return fmt::format("unknown {} {}; known: {}", kind, quote(name), enumerate(valid));
}

}  // namespace semantrix
