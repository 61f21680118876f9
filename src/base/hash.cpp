#include "base/hash.hpp"

#include <sys/random.h>

#include <chrono>

namespace semantrix {
namespace detail {

HashSeed::HashSeed() noexcept {
  if (getrandom(&value, sizeof value, 0) == static_cast<ssize_t>(sizeof value)) return;
  // Without the system call (a strict sandbox) the addresses and the time still vary.
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  value = static_cast<std::uint64_t>(now) ^ reinterpret_cast<std::uintptr_t>(&value);
}

// Before the initialisers of ordinary static objects, which may use a cache already.
[[gnu::init_priority(101)]] HashSeed hash_seed;

}  // namespace detail

std::uint64_t key_digest(std::string_view key) noexcept {
  const std::uint64_t digest = XXH64(key.data(), key.size(), 0);
  return digest == 0 ? 1 : digest;
}

std::uint64_t checksum(std::string_view bytes) noexcept {
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace semantrix
