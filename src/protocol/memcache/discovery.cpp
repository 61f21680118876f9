#include "protocol/memcache/discovery.hpp"

#include "protocol/memcache/line.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace semantrix::memcache {

namespace {

Error malformed(const std::string& what) {
  return {ErrorCode::protocol_error, "the cluster's configuration is malformed: " + what,
          "check that the endpoint is the configuration endpoint of an ElastiCache cluster"};
}

/// Takes a line, without its end, off the front.
std::string_view take_line(std::string_view& text) noexcept {
  std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view take_field(std::string_view& text) noexcept {
  const std::string_view field = text.substr(0, text.find('|'));
  text.remove_prefix(std::min(field.size() + 1, text.size()));
  return field;
}

bool is_host(std::string_view text) noexcept {
  constexpr std::string_view bytes =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:";
  return text.size() <= 255 && text.find_first_not_of(bytes) == std::string_view::npos;
}

std::optional<ClusterNode> parse_node(std::string_view text) {
  if (std::count(text.begin(), text.end(), '|') != 2) return std::nullopt;
  const std::string_view host = take_field(text);
  const std::string_view address = take_field(text);
  const std::optional<std::uint64_t> port = parse_number(text);
  if (!port || *port == 0 || *port > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
  if (!is_host(host) || !is_host(address) || (host.empty() && address.empty())) return std::nullopt;
  ClusterNode node;
  node.host = host.empty() ? address : host;
  node.address = address;
  node.port = static_cast<std::uint16_t>(*port);
  return node;
}

}  // namespace

Result<ClusterConfiguration> parse_cluster_configuration(std::string_view payload) {
  const std::optional<std::uint64_t> version = parse_number(take_line(payload));
  if (!version) return malformed("it has no version");
  ClusterConfiguration configuration;
  configuration.version = *version;
  std::string_view line = take_line(payload);
  for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
    std::optional<ClusterNode> node = parse_node(word);
    if (!node) return malformed("a node is not host|address|port");
    auto& nodes = configuration.nodes;
    if (std::find(nodes.begin(), nodes.end(), *node) == nodes.end()) {
      nodes.push_back(*std::move(node));
    }
  }
  if (configuration.nodes.empty()) return malformed("it names no node");
  if (payload.find_first_not_of("\r\n") != std::string_view::npos) {
    return malformed("there is more than a version and nodes");
  }
  return configuration;
}

}  // namespace semantrix::memcache
