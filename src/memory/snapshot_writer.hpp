#pragma once

#include "base/hash.hpp"
#include <semantrix/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace semantrix::memory {

/// Writes a file beside its path and puts it in the path's place once it is whole and on the disk:
/// whoever opens the path finds the old file or the new one. A failure is remembered and reported
/// by `commit`; without a commit nothing of the new file stays.
class SnapshotWriter {
 public:
  explicit SnapshotWriter(std::string path);
  ~SnapshotWriter();
  SnapshotWriter(const SnapshotWriter&) = delete;
  SnapshotWriter& operator=(const SnapshotWriter&) = delete;

  void put(std::string_view bytes);
  void put_number(std::uint64_t number);
  /// The length, then the bytes.
  void put_sized(std::string_view bytes);

  [[nodiscard]] bool failed() const noexcept { return error_ != 0; }
  /// Adds the checksum of all that was put. Error: `io_error`, with the path and the reason.
  [[nodiscard]] Result<void> commit();

 private:
  void open_beside();
  void flush();
  void write_out(std::string_view bytes);
  void sync_and_rename();
  void sync_folder() const;

  std::string path_;
  std::string beside_;  ///< Empty while there is no such file.
  int file_ = -1;
  int error_ = 0;  ///< The first failure's `errno`.
  std::string buffer_;
  XXH3_state_t sum_;
};

}  // namespace semantrix::memory
