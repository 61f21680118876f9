#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

namespace semantrix::memory {

/// Memory for the tables of one engine: index lines and nodes of all its shards, side by side, so
/// that a large cache's tables can lie on a few huge pages. Reading a table at random costs a walk
/// of the page tables for most reads otherwise; in a virtual machine the walk costs more than the
/// read.
///
/// Memory is zeroed, aligned to a cache line, taken from the kernel when first touched, and given
/// back only when the arena ends. Thread-safe.
class PageArena {
 public:
  PageArena() = default;
  PageArena(const PageArena&) = delete;
  PageArena& operator=(const PageArena&) = delete;
  ~PageArena();

  /// Throws `std::bad_alloc`.
  [[nodiscard]] void* allocate(std::size_t bytes);

  /// The tables are in use for good: moves what there is onto huge pages, where the kernel has them
  /// (Linux 6.1 and later), and asks for them from now on. Takes up to a millisecond a megabyte.
  void prefer_huge_pages() noexcept;

  /// Around `fork`.
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }

 private:
  struct Region {
    char* begin;
    std::size_t size;
  };

  void add_region(std::size_t least_bytes);

  std::mutex mutex_;
  // guarded by mutex_
  std::vector<Region> regions_;
  std::size_t used_ = 0;  ///< Of the last region.
  bool huge_ = false;
};

}  // namespace semantrix::memory
