#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Numbers and tables as people read them.
namespace semantrix::cli {

/// "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t number);
/// "512 B", "1.5 KiB", "3.2 GiB".
[[nodiscard]] std::string human_bytes(double bytes);
/// "00:07", "12:05", "1:02:33": a clock's face, for what is left to wait.
[[nodiscard]] std::string clock_face(double seconds);
/// "420 ms", "12.3 s", "14 min", "2 h 05 min", "3 d 04 h".
[[nodiscard]] std::string human_duration(double seconds);
/// "850", "12.3 k", "1.25 M": three digits, for rates.
[[nodiscard]] std::string short_count(double number);
/// "0.45 µs", "12.3 µs", "1.5 ms".
[[nodiscard]] std::string human_latency(double microseconds);

/// Lines of two columns, "name   value", the names padded to one width.
class Facts {
 public:
  void add(std::string_view name, std::string value) { rows_.emplace_back(name, std::move(value)); }
  [[nodiscard]] std::string str() const;

 private:
  std::vector<std::pair<std::string, std::string>> rows_;
};

/// Columns padded to their widest cell, two spaces between; the first row is the heading.
[[nodiscard]] std::string table(const std::vector<std::vector<std::string>>& rows);

/// Columns that a terminal needs for UTF-8 text of single-width characters.
[[nodiscard]] std::size_t text_width(std::string_view text) noexcept;

}  // namespace semantrix::cli
