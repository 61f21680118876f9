#pragma once

#include <string>
#include <string_view>

namespace semantrix::cli {

/// The reader of our standard output has gone; the command ends without a word.
struct ClosedPipe {};

/// Writes all of `bytes` to a file descriptor, through partial writes and signals.
/// Throws `ClosedPipe` on EPIPE, else `CacheError(io_error)` that names `what`.
void write_all(int descriptor, std::string_view bytes, std::string_view what);

/// Standard output, buffered, every failure of which is noticed. Not thread-safe.
class Output {
 public:
  explicit Output(int descriptor) noexcept : descriptor_(descriptor) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view bytes);
  void line(std::string_view text);
  /// Throws as `write_all`; what could not be written is forgotten.
  void flush();
  [[nodiscard]] bool is_terminal() const noexcept;

 private:
  int descriptor_;
  std::string buffer_;
};

/// A descriptor below 3 that the caller closed would be handed to the next file that is opened, and
/// output would land in it: such ones are opened on /dev/null, in a mode that makes writes fail.
void guard_standard_streams() noexcept;

}  // namespace semantrix::cli
