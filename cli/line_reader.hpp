#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace semantrix::cli {

/// Reads a file line by line in memory that does not depend on its size: one line and one block.
/// "-" is standard input. Errors are thrown as `CacheError(io_error)`; a signal as `Interrupted`.
class LineReader {
 public:
  static constexpr std::size_t default_line_limit = 64U << 20U;

  explicit LineReader(const std::string& path, std::size_t line_limit = default_line_limit);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  /// Moves to the next line that is not blank; false at the end of the file.
  bool next();

  /// The line without its end (LF or CRLF); empty if it was too long. Valid until `next`.
  [[nodiscard]] std::string_view line() const noexcept { return line_; }
  /// Whether the line exceeded the limit; its bytes were skipped.
  [[nodiscard]] bool too_long() const noexcept { return too_long_; }
  /// Counted from 1, blank lines included.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_; }
  /// Of a regular file.
  [[nodiscard]] std::optional<std::uint64_t> total_bytes() const noexcept { return total_bytes_; }
  /// For messages: the path, or "standard input".
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] std::size_t line_limit() const noexcept { return line_limit_; }

 private:
  bool next_raw();
  void fill();
  void drop_line_so_far();

  std::string name_;
  std::size_t line_limit_;
  int descriptor_;
  std::string buffer_;
  std::size_t begin_ = 0;  // of what is not consumed
  std::size_t scan_ = 0;   // up to here no end of line was found
  std::string_view line_;
  bool too_long_ = false;
  bool at_end_ = false;
  std::uint64_t number_ = 0;
  std::uint64_t bytes_read_ = 0;
  std::optional<std::uint64_t> total_bytes_;
};

}  // namespace semantrix::cli
