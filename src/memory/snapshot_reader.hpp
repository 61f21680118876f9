#pragma once

#include <semantrix/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::memory {

/// Reads a file from its beginning, in a buffer of constant size, with every length checked against
/// what the file still has. A read that fails for whatever reason gives nothing, and so do all
/// later ones.
class SnapshotReader {
 public:
  /// Opens a regular file. Error (`io_error`): it cannot be. A path where nothing is gives a reader
  /// with `missing()`.
  [[nodiscard]] static Result<SnapshotReader> open(const std::string& path);
  SnapshotReader(SnapshotReader&& other) noexcept;
  ~SnapshotReader();
  SnapshotReader(const SnapshotReader&) = delete;
  SnapshotReader& operator=(const SnapshotReader&) = delete;

  [[nodiscard]] bool missing() const noexcept { return file_ < 0; }
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

  /// Goes to a place; from there on, the file ends at `end` for the reads below. REQUIRES:
  /// `from <= end <= size()`.
  void seek(std::uint64_t from, std::uint64_t end);
  /// Bytes before that end.
  [[nodiscard]] std::uint64_t left() const noexcept { return end_ - at_; }

  [[nodiscard]] std::optional<std::uint64_t> number();
  /// A length and so many bytes, valid until the next read.
  [[nodiscard]] std::optional<std::string_view> sized();
  [[nodiscard]] std::optional<std::string_view> bytes(std::uint64_t count);
  [[nodiscard]] bool skip(std::uint64_t count);

  /// XXH3 of everything up to the end.
  [[nodiscard]] std::optional<std::uint64_t> checksum();

  /// The `errno` of a read that failed; 0 when none did (the file was merely too short).
  [[nodiscard]] int error() const noexcept { return error_; }

 private:
  SnapshotReader(int file, std::uint64_t size);
  [[nodiscard]] bool fill();
  [[nodiscard]] bool read_into(char* to, std::size_t count);

  int file_;
  int error_ = 0;
  std::uint64_t size_;
  std::uint64_t at_ = 0;  ///< Bytes handed out, from the file's beginning.
  std::uint64_t end_ = 0;
  std::vector<char> buffer_;
  std::string_view ready_;  ///< Of the buffer: read, not yet handed out.
  std::string large_;       ///< For what exceeds the buffer.
};

}  // namespace semantrix::memory
