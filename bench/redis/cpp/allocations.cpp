#include "allocations.hpp"

#include <malloc.h>

#include <cstddef>

namespace {

thread_local constinit std::uint64_t taken = 0;

}  // namespace

// A program's own functions come before the C library's, for the libraries it links as well.
extern "C" {
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): glibc's own name
void* __libc_malloc(std::size_t size) noexcept;
void* malloc(std::size_t size) noexcept {
  ++taken;
  return __libc_malloc(size);
}
/// How Asio allocates frames.
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  ++taken;
  return memalign(alignment, size);
}
}

namespace redis_peers {

std::uint64_t allocations() noexcept { return taken; }

}  // namespace redis_peers
