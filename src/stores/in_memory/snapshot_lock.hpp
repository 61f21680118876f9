#pragma once

#include <semantrix/error.hpp>

#include <string>

namespace semantrix::in_memory {

/// Keeps a second store, of this process or another, from a snapshot: an exclusive lock on
/// `path + ".lock"`. The lock ends with its owner, however that ends; the file is removed with it.
class SnapshotLock {
 public:
  /// Errors: `busy` when someone else holds it, `io_error` when the file cannot be made.
  [[nodiscard]] static Result<SnapshotLock> acquire(const std::string& snapshot_path);

  SnapshotLock(SnapshotLock&& other) noexcept;
  SnapshotLock& operator=(SnapshotLock&&) = delete;
  ~SnapshotLock();

  /// Whether this process took the lock. A forked child shares its parent's, but must not write the
  /// file behind the parent's back.
  [[nodiscard]] bool ours() const noexcept;

 private:
  SnapshotLock(std::string path, int descriptor) noexcept;

  std::string path_;
  int descriptor_;
  int process_;
};

}  // namespace semantrix::in_memory
