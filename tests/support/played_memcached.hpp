#pragma once

#include "support/endpoint.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace semantrix::testing {

/// What a `PlayedMemcached` is like.
struct MemcachedManners {
  std::string version = "1.6.18";
  bool tells_settings = true;  ///< Whether it answers `stats settings`.
  bool lists_keys = true;      ///< Whether it has an LRU crawler.
  std::string cluster = {};    ///< The nodes' payload for `config get cluster`; empty: no cluster.
  std::size_t item_limit = std::size_t{1} << 20U;
  std::size_t longest_line = std::size_t{16} * 1000;  ///< A longer one closes the connection.
};

/// A Memcached server with the manners of old versions, clusters and serverless caches, which no
/// local server has. Keeps values in memory, without their time. Thread-safe; works on threads of
/// its own, which the destructor joins after closing everything.
class PlayedMemcached {
 public:
  explicit PlayedMemcached(MemcachedManners manners = {});
  ~PlayedMemcached();
  PlayedMemcached(const PlayedMemcached&) = delete;
  PlayedMemcached& operator=(const PlayedMemcached&) = delete;

  /// Where it listens: a port of 127.0.0.1.
  [[nodiscard]] Endpoint endpoint() const;

  /// From now on; for connections that are there as well.
  void behave(MemcachedManners manners);

  /// The command lines so far, those of one connection in their order.
  [[nodiscard]] std::vector<std::string> lines() const;
  /// How many begin with the text.
  [[nodiscard]] std::size_t count(std::string_view beginning) const;
  /// Keys that it holds.
  [[nodiscard]] std::vector<std::string> keys() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace semantrix::testing
