#pragma once

#include "protocol/resp/reply.hpp"
#include <semantrix/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Who serves which slots of a cluster, in the words of one of its nodes.
namespace semantrix::resp {

struct ClusterNode {
  std::string host;  ///< A name or an address: the endpoint that the node prefers.
  std::uint16_t port = 0;
  std::string id;  ///< The node's own, 40 hexadecimal digits; empty if the server names none.
  friend bool operator==(const ClusterNode&, const ClusterNode&) = default;
};

struct SlotRange {
  std::uint16_t first = 0;
  std::uint16_t last = 0;  ///< Included.
  ClusterNode primary;
  std::vector<ClusterNode> replicas;
  friend bool operator==(const SlotRange&, const SlotRange&) = default;
};

/// Reads the reply to CLUSTER SLOTS, of RESP2 or RESP3, in its order. A node without a host (empty
/// or null) is on `asked_host`; one whose host the server does not know ("?"), or that listens on
/// no port, is left out, and a range without its primary with it. Errors: `protocol_error` for
/// anything but what the command answers, slots out of range or in the wrong order included; an
/// error reply's own (`to_error`).
[[nodiscard]] Result<std::vector<SlotRange>> parse_cluster_slots(const Reply& reply,
                                                                 std::string_view asked_host);

}  // namespace semantrix::resp
