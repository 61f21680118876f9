#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdint>
#include <string_view>

/// Three hashes for three purposes; none is cryptographic.
namespace semantrix {

namespace detail {

/// Random for each process, so that nobody can choose keys that collide. Set before any ordinary
/// static object is made, so that the hash of a key never changes within a process (but for
/// `pin_hash_seed`).
struct HashSeed {
  HashSeed() noexcept;
  std::uint64_t value = 0;
};
extern HashSeed hash_seed;

}  // namespace detail

/// Gives the hashes of keys, and so the choices of approximate eviction policies, one seed instead
/// of a random one: for runs that must repeat. Before the first cache is made, on one thread.
inline void pin_hash_seed(std::uint64_t seed) noexcept { detail::hash_seed.value = seed; }

/// Hash of a key for tables in memory. Differs between processes: never store it.
inline std::uint64_t hash_key(std::string_view key) noexcept {
  return XXH3_64bits_withSeed(key.data(), key.size(), detail::hash_seed.value);
}

/// What errors and logs show instead of a key: the same in every process and version, never 0
/// (which means "no key" in `ErrorInfo`).
[[nodiscard]] std::uint64_t key_digest(std::string_view key) noexcept;

/// Checksum of stored bytes; part of the stored formats.
[[nodiscard]] std::uint64_t checksum(std::string_view bytes) noexcept;

}  // namespace semantrix
