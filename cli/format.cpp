#include "cli/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace semantrix::cli {
namespace {

// Three digits whatever the size: 1.25, 12.5, 125.
std::string three_digits(double number) {
  const int decimals = number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f}", number, decimals);
}

std::string padded(std::string_view text, std::size_t width) {
  std::string cell(text);
  const std::size_t taken = text_width(text);
  if (taken < width) cell.append(width - taken, ' ');
  return cell;
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = fmt::format("{}", number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string human_bytes(double bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (bytes >= 1023.95 && unit + 1 < units.size()) {
    bytes /= 1024;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", bytes, unit == 0 ? 0 : 1, units[unit]);
}

std::string clock_face(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::clamp(seconds, 0.0, 3.6e7));
  const std::uint64_t hours = whole / 3600;
  const std::uint64_t minutes = whole / 60 % 60;
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60);
  return fmt::format("{:02}:{:02}", minutes, whole % 60);
}

std::string human_duration(double seconds) {
  if (seconds < 1) return fmt::format("{:.0f} ms", seconds * 1e3);
  if (seconds < 120) return fmt::format("{:.1f} s", seconds);
  const auto minutes = static_cast<std::uint64_t>(std::llround(std::min(seconds, 1e15) / 60));
  if (minutes < 120) return fmt::format("{} min", minutes);
  if (minutes < std::uint64_t{48} * 60)
    return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
  return fmt::format("{} d {:02} h", grouped(minutes / 1440), minutes / 60 % 24);
}

std::string short_count(double number) {
  if (number < 999.5) return fmt::format("{:.0f}", number);
  if (number < 999.5e3) return three_digits(number / 1e3) + " k";
  return three_digits(number / 1e6) + " M";
}

std::string human_latency(double microseconds) {
  if (microseconds < 999.5) return three_digits(microseconds) + " µs";
  if (microseconds < 999.5e3) return three_digits(microseconds / 1e3) + " ms";
  return three_digits(microseconds / 1e6) + " s";
}

std::string Facts::str() const {
  std::size_t width = 0;
  for (const auto& [name, value] : rows_) width = std::max(width, text_width(name));
  std::string text;
  for (const auto& [name, value] : rows_) text += padded(name, width + 3) + value + '\n';
  return text;
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], text_width(row[column]));
    }
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t column = 0; column + 1 < row.size(); ++column) {
      text += padded(row[column], widths[column] + 2);
    }
    text += row.back() + '\n';
  }
  return text;
}

std::size_t text_width(std::string_view text) noexcept {
  const auto starts_character = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
  };
  return static_cast<std::size_t>(std::ranges::count_if(text, starts_character));
}

}  // namespace semantrix::cli
