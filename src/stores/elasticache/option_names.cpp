#include <semantrix/elasticache_options.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <utility>

namespace semantrix {
namespace {

template <class E, std::size_t N>
using Names = std::array<std::pair<E, std::string_view>, N>;

constexpr Names<ClusterMode, 3> cluster_modes{
    {{ClusterMode::automatic, "auto"}, {ClusterMode::on, "true"}, {ClusterMode::off, "false"}}};
constexpr Names<ReadFrom, 3> read_froms{{{ReadFrom::primary, "primary"},
                                         {ReadFrom::replica, "replica"},
                                         {ReadFrom::nearest, "nearest"}}};

bool same(std::string_view text, std::string_view name) noexcept {
  return std::ranges::equal(
      text, name, [](unsigned char left, char right) { return std::tolower(left) == right; });
}

template <class E, std::size_t N>
std::string_view name_of(const Names<E, N>& names, E wanted) noexcept {
  for (const auto& [value, name] : names) {
    if (value == wanted) return name;
  }
  return "unknown";
}

template <class E, std::size_t N>
std::optional<E> value_of(const Names<E, N>& names, std::string_view name) noexcept {
  for (const auto& [value, text] : names) {
    if (same(name, text)) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(ClusterMode mode) noexcept { return name_of(cluster_modes, mode); }

std::optional<ClusterMode> parse_cluster_mode(std::string_view name) noexcept {
  return value_of(cluster_modes, name);
}

std::string_view to_string(ReadFrom read_from) noexcept { return name_of(read_froms, read_from); }

std::optional<ReadFrom> parse_read_from(std::string_view name) noexcept {
  return value_of(read_froms, name);
}

}  // namespace semantrix
