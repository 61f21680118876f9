#pragma once

#include <semantrix/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What ElastiCache's auto discovery answers. Source: "Adding Auto Discovery to your Memcached
/// client library" in the Amazon ElastiCache user guide.
namespace semantrix::memcache {

struct ClusterNode {
  std::string host;     ///< A name, which TLS is verified against; the address if there is none.
  std::string address;  ///< Empty if the server does not know it.
  std::uint16_t port = 0;
  friend bool operator==(const ClusterNode&, const ClusterNode&) = default;
};

struct ClusterConfiguration {
  std::uint64_t version = 0;  ///< Grows with each change; an older one is no news.
  std::vector<ClusterNode> nodes;
  friend bool operator==(const ClusterConfiguration&, const ClusterConfiguration&) = default;
};

/// Reads the payload: the version, a line of "host|address|port" with spaces between, an empty
/// line. A node that comes twice is kept once. Error (`protocol_error`): anything else, no node at
/// all included, so that a broken answer never empties a ring.
[[nodiscard]] Result<ClusterConfiguration> parse_cluster_configuration(std::string_view payload);

}  // namespace semantrix::memcache
