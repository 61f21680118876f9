#include "base/options.hpp"
#include "base/quote.hpp"
#include "base/suggest.hpp"
#include "base/url.hpp"
#include "open/dynamodb_url.hpp"
#include "open/layers.hpp"
#include "open/memory_url.hpp"
#include "open/memorystore_url.hpp"
#include "open/redis_url.hpp"
#include <semantrix/open.hpp>

#include <fmt/format.h>

#include <array>
#include <vector>

namespace semantrix {
namespace {

using Opener = Result<std::shared_ptr<CacheStore>> (*)(const StoreUrl& url);

/// The store kinds and, by the same index, what opens them. Here alone every store is named.
const std::array<StoreKind, 8>& kinds() {
  static const std::array all{memory_kind(),      redis_kind(),      rediss_kind(),
                              elasticache_kind(), memcached_kind(),  memcacheds_kind(),
                              dynamodb_kind(),    memorystore_kind()};
  return all;
}
constexpr std::array<Opener, 8> openers{open_memory, open_redis, open_redis,    open_redis,
                                        open_redis,  open_redis, open_dynamodb, open_memorystore};

Error unknown_scheme(std::string_view scheme) {
  std::vector<std::string_view> schemes;
  for (const StoreKind& kind : kinds()) schemes.push_back(kind.scheme);
  const auto nearest = suggest(scheme, schemes);
  return {ErrorCode::invalid_argument,
          fmt::format("unknown scheme {}; this build opens: {}", quote(scheme), enumerate(schemes)),
          nearest ? fmt::format("did you mean {}://?", *nearest) : ""};
}

/// Whether each parameter is the scheme's or a layer's: the nearest name may be of either.
Result<void> check_names(const StoreKind& kind, const StoreUrl& url) {
  std::vector<std::string_view> names;
  for (const UrlOption& option : kind.options) names.push_back(option.name);
  for (const UrlOption& option : layer_url_options()) names.push_back(option.name);
  const auto matched = detail::match_options(names, url.parameters);
  if (!matched) return matched.error();
  return {};
}

std::shared_ptr<CacheStore> open_layered(const StoreKind& kind, Opener opener, StoreUrl url) {
  check_names(kind, url).value();
  const LayerOptions layers = take_layer_options(url).value();
  return put_on(opener(url).value(), layers);
}

}  // namespace

std::shared_ptr<CacheStore> open(std::string_view url) {
  const Result<StoreUrl> parsed = parse_url(url);
  if (!parsed) throw CacheError(parsed.error());
  for (std::size_t i = 0; i < kinds().size(); ++i) {
    if (kinds()[i].scheme == parsed->scheme) return open_layered(kinds()[i], openers[i], *parsed);
  }
  throw CacheError(unknown_scheme(parsed->scheme));
}

std::span<const StoreKind> store_kinds() { return kinds(); }

}  // namespace semantrix
