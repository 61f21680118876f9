#include "memory/page_arena.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace semantrix::memory {

namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;
constexpr std::size_t cache_line = 64;

constexpr std::size_t round_up(std::size_t size, std::size_t to) noexcept {
  return (size + to - 1) / to * to;
}

// Not in the C library's headers yet; a kernel without it answers EINVAL.
constexpr int collapse_advice = 25;

}  // namespace

PageArena::~PageArena() {
  for (const Region& region : regions_) ::munmap(region.begin, region.size);
}

void* PageArena::allocate(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  bytes = round_up(bytes, cache_line);
  if (regions_.empty() || regions_.back().size - used_ < bytes) add_region(bytes);
  void* const memory = regions_.back().begin + used_;
  used_ += bytes;
  return memory;
}

// Maps a huge page more than is needed and gives back what does not lie on the grid of huge pages.
void PageArena::add_region(std::size_t least_bytes) {
  const std::size_t size = round_up(least_bytes, huge_page);
  regions_.reserve(regions_.size() + 1);
  void* const mapped = ::mmap(nullptr, size + huge_page, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  char* const start = static_cast<char*>(mapped);
  const std::size_t before = round_up(reinterpret_cast<std::uintptr_t>(start), huge_page) -
                             reinterpret_cast<std::uintptr_t>(start);
  if (before != 0) ::munmap(start, before);
  ::munmap(start + before + size, huge_page - before);
  regions_.push_back({start + before, size});
  used_ = 0;
  if (huge_) ::madvise(start + before, size, MADV_HUGEPAGE);
}

void PageArena::prefer_huge_pages() noexcept {
  const std::lock_guard lock(mutex_);
  if (huge_) return;
  huge_ = true;
  for (const Region& region : regions_) {
    ::madvise(region.begin, region.size, MADV_HUGEPAGE);
    ::madvise(region.begin, region.size, collapse_advice);
  }
}

}  // namespace semantrix::memory
