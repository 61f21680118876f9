#pragma once

#include "stores/in_memory/snapshot_lock.hpp"
#include <semantrix/error.hpp>
#include <semantrix/memory_cache.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace semantrix::in_memory {

/// The file that a store is loaded from and saved to, and the lock on it.
///
/// It is written only if there is something to write, and never replaced by less: what found no
/// room when it was loaded, or could not be read and not be renamed either, is kept beside it
/// before the first write. Not thread-safe.
class SnapshotFile {
 public:
  /// Takes the lock and fills the cache. Errors: those of `SnapshotLock::acquire` and of
  /// `MemoryCache::load_snapshot`, but for `corrupt`, which is a warning.
  [[nodiscard]] static Result<SnapshotFile> load(std::string path, MemoryCache& cache);

  /// What went wrong without stopping the store: `corrupt`, or `too_large` if entries found no
  /// room.
  [[nodiscard]] const std::optional<Error>& warning() const noexcept { return warning_; }

  /// Writes what changed since the last load or save. Where nothing but the order of eviction did,
  /// a file that cannot be written is no error. Does nothing in a forked child.
  [[nodiscard]] Result<void> save(const MemoryCache& cache);

 private:
  SnapshotFile(std::string path, SnapshotLock lock) noexcept
      : path_(std::move(path)), lock_(std::move(lock)) {}

  [[nodiscard]] Result<void> fill(MemoryCache& cache);
  [[nodiscard]] Result<void> keep_previous();
  void note(const MemoryCache& cache);
  void save_order(const MemoryCache& cache);

  std::string path_;
  SnapshotLock lock_;
  std::optional<Error> warning_;
  bool holds_more_ = false;     ///< The file, than was loaded.
  std::uint64_t revision_ = 0;  ///< Of the cache, when file and cache were alike.
  std::uint64_t hits_ = 0;      ///< Likewise.
};

}  // namespace semantrix::in_memory
