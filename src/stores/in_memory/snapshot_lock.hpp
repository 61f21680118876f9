#pragma once

#include <semantrix/error.hpp>

#include <string>

namespace semantrix::in_memory {

/// Keeps a second store, of this process or another, from a snapshot: an exclusive lock on
/// `path + ".lock"`. The lock ends with its owner, however that ends; the file is removed with it.
class SnapshotLock {
 public:
  /// Errors: `busy` when someone else holds it, `io_error` when the file cannot be made. Where the
  /// folder cannot be written but holds a snapshot, there is none: that can be read, not written,
  /// and whoever does write it replaces it as a whole.
  [[nodiscard]] static Result<SnapshotLock> acquire(const std::string& snapshot_path);

  SnapshotLock(SnapshotLock&& other) noexcept;
  SnapshotLock& operator=(SnapshotLock&&) = delete;
  ~SnapshotLock();

  /// Whether this process took the lock. A forked child shares its parent's, but must not write the
  /// file behind the parent's back.
  [[nodiscard]] bool ours() const noexcept;
  /// No lock was to be had; the snapshot must not be written.
  [[nodiscard]] bool read_only() const noexcept { return descriptor_ < 0; }

 private:
  SnapshotLock(std::string path, int descriptor) noexcept;

  std::string path_;
  int descriptor_;
  int process_;
};

}  // namespace semantrix::in_memory
