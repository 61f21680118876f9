#pragma once

#include <semantrix/error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::memcache {

/// Which of several servers has a key, by consistent hashing: when a server comes or goes, the keys
/// between its points and their neighbours move, and no others.
///
/// The same as libmemcached with MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED (what pylibmc calls "ketama",
/// PHP OPT_LIBKETAMA_COMPATIBLE), so that other clients find the same keys: MD5 of "HOST-N"
/// (port 11211) or "HOST:PORT-N" gives four points each, 160 a server of average weight; a key
/// belongs to the first point at or behind the first four bytes of its MD5. The host's text counts:
/// a name and its address are two servers. The key is all that stands on the wire, prefix included,
/// which other clients have to be told to hash as well (MEMCACHED_BEHAVIOR_HASH_WITH_PREFIX_KEY).
///
/// Immutable; a lookup costs one MD5 and a binary search, with one server nothing. Thread-safe.
class Ketama {
 public:
  struct Server {
    std::string host;  ///< As the user or the discovery writes it.
    std::uint16_t port = 11211;
    std::uint32_t weight = 1;
  };
  struct Point {
    std::uint32_t value;
    std::uint32_t server;
  };

  /// Errors: `invalid_argument` for no server or no weight at all, `not_supported` where the
  /// system's policy has no MD5.
  [[nodiscard]] static Result<Ketama> of(std::span<const Server> servers);

  /// The key's server, by its place in the list.
  [[nodiscard]] std::size_t server_of(std::string_view wire_key) const noexcept;

  /// In their order around the ring.
  [[nodiscard]] std::span<const Point> points() const noexcept { return points_; }

 private:
  Ketama() = default;

  std::vector<Point> points_;  // One server: none.
};

}  // namespace semantrix::memcache
