#include <semantrix/google_memorystore_options.hpp>

#include <algorithm>
#include <cctype>

namespace semantrix {
namespace {

bool same(std::string_view text, std::string_view name) noexcept {
  return std::equal(
      text.begin(), text.end(), name.begin(), name.end(),
      [](unsigned char left, unsigned char right) { return std::tolower(left) == right; });
}

}  // namespace

std::string_view to_string(MemorystoreFlavor flavor) noexcept {
  switch (flavor) {
    case MemorystoreFlavor::redis:
      return "redis";
    case MemorystoreFlavor::redis_cluster:
      return "redis_cluster";
    case MemorystoreFlavor::valkey:
      return "valkey";
  }
  return "unknown";
}

std::optional<MemorystoreFlavor> parse_memorystore_flavor(std::string_view name) noexcept {
  for (const auto flavor :
       {MemorystoreFlavor::redis, MemorystoreFlavor::redis_cluster, MemorystoreFlavor::valkey}) {
    if (same(name, to_string(flavor))) return flavor;
  }
  return std::nullopt;
}

std::string_view to_string(MemorystoreTier tier) noexcept {
  return tier == MemorystoreTier::basic ? "basic" : "standard_ha";
}

std::optional<MemorystoreTier> parse_memorystore_tier(std::string_view name) noexcept {
  for (const auto tier : {MemorystoreTier::basic, MemorystoreTier::standard_ha}) {
    if (same(name, to_string(tier))) return tier;
  }
  return std::nullopt;
}

}  // namespace semantrix
