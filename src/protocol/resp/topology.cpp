#include "protocol/resp/topology.hpp"

#include "protocol/resp/error_reply.hpp"
#include "protocol/resp/slot.hpp"

#include <limits>
#include <optional>
#include <utility>

namespace semantrix::resp {

namespace {

Error malformed(const std::string& what) {
  return {ErrorCode::protocol_error, "the answer to CLUSTER SLOTS is malformed: " + what,
          "check that the endpoint is a Redis or Valkey cluster"};
}

/// The child's number, if it has one from 0 to `largest`.
std::optional<std::uint16_t> small_number(const Reply& reply, std::int64_t largest) {
  const std::optional<std::int64_t> number = reply.integer();
  if (!number || *number < 0 || *number > largest) return std::nullopt;
  return static_cast<std::uint16_t>(*number);
}

/// A node: [host, port, id, metadata], of which older servers leave out the last two. No value: one
/// that cannot be reached.
Result<std::optional<ClusterNode>> parse_node(const Reply& reply, std::string_view asked_host) {
  if (!reply.is_list() || reply.size() < 2) return malformed("a node is no list");
  auto part = reply.children().begin();
  const Reply host = *part;
  if (!host.is_null() && !host.is_string()) return malformed("a host is no text");
  const auto port = small_number(*++part, std::numeric_limits<std::uint16_t>::max());
  if (!port) return malformed("a port is no port");
  ClusterNode node;
  node.host = host.text().empty() ? asked_host : host.text();
  node.port = *port;
  if (reply.size() > 2) {
    const Reply id = *++part;
    if (!id.is_null() && !id.is_string()) return malformed("a node's id is no text");
    node.id = id.text();
  }
  if (node.host == "?" || node.port == 0) return std::optional<ClusterNode>();
  return std::optional(std::move(node));
}

/// A range: [first, last, primary, replica…]. No value: one without a primary.
Result<std::optional<SlotRange>> parse_range(const Reply& reply, std::string_view asked_host) {
  if (!reply.is_list() || reply.size() < 2) return malformed("a range is no list");
  auto part = reply.children().begin();
  const auto first = small_number(*part, slots - 1);
  const auto last = small_number(*++part, slots - 1);
  if (!first || !last || *first > *last) return malformed("a range has no such slots");
  SlotRange range{*first, *last, {}, {}};
  bool has_primary = false;
  for (std::size_t index = 2; index < reply.size(); ++index) {
    Result<std::optional<ClusterNode>> node = parse_node(*++part, asked_host);
    if (!node) return std::move(node).error();
    if (index == 2 && *node) range.primary = *std::move(*node);
    if (index == 2) has_primary = node->has_value();
    if (index > 2 && *node) range.replicas.push_back(*std::move(*node));
  }
  if (!has_primary) return std::optional<SlotRange>();
  return std::optional(std::move(range));
}

}  // namespace

Result<std::vector<SlotRange>> parse_cluster_slots(const Reply& reply,
                                                   std::string_view asked_host) {
  if (reply.is_error()) return to_error(reply.text());
  if (!reply.is_list()) return malformed("it is no list");
  std::vector<SlotRange> ranges;
  for (const Reply child : reply.children()) {
    Result<std::optional<SlotRange>> range = parse_range(child, asked_host);
    if (!range) return std::move(range).error();
    if (*range) ranges.push_back(*std::move(*range));
  }
  return ranges;
}

}  // namespace semantrix::resp
