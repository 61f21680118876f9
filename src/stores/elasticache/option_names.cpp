#include <semantrix/elasticache_options.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace semantrix {
namespace {

constexpr std::array<std::pair<ClusterMode, std::string_view>, 3> names{
    {{ClusterMode::automatic, "auto"}, {ClusterMode::on, "true"}, {ClusterMode::off, "false"}}};

bool same(std::string_view text, std::string_view name) noexcept {
  return std::ranges::equal(
      text, name, [](unsigned char left, char right) { return std::tolower(left) == right; });
}

}  // namespace

std::string_view to_string(ClusterMode mode) noexcept {
  for (const auto& [value, name] : names) {
    if (value == mode) return name;
  }
  return "unknown";
}

std::optional<ClusterMode> parse_cluster_mode(std::string_view name) noexcept {
  for (const auto& [value, text] : names) {
    if (same(name, text)) return value;
  }
  return std::nullopt;
}

}  // namespace semantrix
