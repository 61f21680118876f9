#include "stores/redis/slot_map.hpp"

#include <algorithm>
#include <map>

namespace semantrix::redis {
namespace {

net::Endpoint endpoint_of(const resp::ClusterNode& node) { return {node.host, node.port}; }

void add(std::vector<net::Endpoint>& endpoints, const resp::ClusterNode& node) {
  net::Endpoint endpoint = endpoint_of(node);
  if (std::ranges::find(endpoints, endpoint) == endpoints.end()) {
    endpoints.push_back(std::move(endpoint));
  }
}

}  // namespace

SlotMap::SlotMap(const std::vector<resp::SlotRange>& ranges) {
  shard_of_.fill(nobody);
  std::map<net::Endpoint, std::uint16_t> known;
  for (const resp::SlotRange& range : ranges) {
    if (shards_.size() == resp::slots) break;  // No cluster has more, whatever this node says.
    const auto next = static_cast<std::uint16_t>(shards_.size());
    const auto [at, is_new] = known.emplace(endpoint_of(range.primary), next);
    if (is_new) shards_.push_back({at->first, {}});
    for (const resp::ClusterNode& replica : range.replicas) {
      add(shards_[at->second].replicas, replica);
    }
    std::fill(shard_of_.begin() + range.first, shard_of_.begin() + range.last + 1, at->second);
  }
}

std::size_t SlotMap::covered() const noexcept {
  const auto without = std::ranges::count(shard_of_, nobody);
  return shard_of_.size() - static_cast<std::size_t>(without);
}

}  // namespace semantrix::redis
