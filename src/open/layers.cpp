#include "open/layers.hpp"

#include "base/duration.hpp"
#include "base/options.hpp"
#include "base/size.hpp"
#include "open/url_options.hpp"
#include <semantrix/layers/early_refresh.hpp>
#include <semantrix/layers/fail_open.hpp>
#include <semantrix/layers/metrics.hpp>
#include <semantrix/layers/near_cache.hpp>
#include <semantrix/layers/negative_cache.hpp>
#include <semantrix/layers/rate_limit.hpp>
#include <semantrix/layers/single_flight.hpp>
#include <semantrix/layers/stale_while_revalidate.hpp>
#include <semantrix/layers/tags.hpp>
#include <semantrix/layers/ttl_jitter.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

namespace semantrix {
namespace {

using Row = OptionEntry<LayerOptions>;

Result<double> parse_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  return Error(ErrorCode::invalid_argument, "it is not a number");
}

Result<std::size_t> parse_entries(std::string_view text) {
  auto count = parse_count(text);
  if (count && *count == 0) return Error(ErrorCode::invalid_argument, "it must be at least 1");
  return count;
}

constexpr std::array table{
    Row{"near_cache", "count", "", "Keeps so many entries in memory, in front of the store.",
        set_option<parse_entries, &LayerOptions::near_cache>},
    Row{"near_cache_ttl", "duration", "",
        "How long a near copy is trusted; without it 5 s, or until the store tells of a change.",
        set_option<parse_positive_duration, &LayerOptions::near_cache_ttl>},
    Row{"tags", "flag", "false",
        "Lets a store without tags have them, at one more question a read.",
        set_option<parse_flag, &LayerOptions::tags>},
    Row{"negative_cache", "duration", "", "Remembers for so long that a key has no value.",
        set_option<parse_positive_duration, &LayerOptions::negative_cache>},
    Row{"single_flight", "flag", "false",
        "Callers that ask for one key at once ask the store once.",
        set_option<parse_flag, &LayerOptions::single_flight>},
    Row{"stale_while_revalidate", "duration", "",
        "Gives a value for so long beyond its ttl while one caller computes it anew.",
        set_option<parse_positive_duration, &LayerOptions::stale_while_revalidate>},
    Row{"early_refresh", "number", "",
        "One caller at random computes a value anew before it expires; 1 is right for most.",
        set_option<parse_number, &LayerOptions::early_refresh>},
    Row{"fail_open", "flag", "false",
        "While the store is out of reach, reads miss and writes are dropped, without waiting.",
        set_option<parse_flag, &LayerOptions::fail_open>},
    Row{"rate_limit", "number", "", "Most entries asked for or written a second.",
        set_option<parse_number, &LayerOptions::rate_limit>},
    Row{"rate_limit_wait", "duration", "", "How long a call may wait for its turn; without it, 0.",
        set_option<parse_positive_duration, &LayerOptions::rate_limit_wait>},
    Row{"ttl_jitter", "number", "", "Takes up to this share off each ttl, e.g. 0.1.",
        set_option<parse_number, &LayerOptions::ttl_jitter>},
    Row{"metrics", "flag", "false", "Measures how long calls take, for metrics_text.",
        set_option<parse_flag, &LayerOptions::metrics>},
};
constexpr auto options_page = url_options(table);

bool is_layers(const UrlParameter& parameter) {
  const auto names_it = [&](const Row& row) { return row.name == parameter.name; };
  return std::any_of(table.begin(), table.end(), names_it);
}

Result<void> check(const LayerOptions& options) {
  if (options.near_cache_ttl && !options.near_cache) {
    return Error(ErrorCode::invalid_argument, "near_cache_ttl has no meaning without near_cache",
                 "add near_cache=10000");
  }
  if (options.rate_limit_wait && !options.rate_limit) {
    return Error(ErrorCode::invalid_argument, "rate_limit_wait has no meaning without rate_limit",
                 "add rate_limit=1000");
  }
  return {};
}

std::shared_ptr<CacheStore> limit(std::shared_ptr<CacheStore> store, const LayerOptions& layers) {
  RateLimitOptions options;
  options.per_second = *layers.rate_limit;
  options.max_wait = layers.rate_limit_wait.value_or(std::chrono::milliseconds(0));
  return std::make_shared<RateLimitLayer>(std::move(store), options);
}

std::shared_ptr<CacheStore> bring_near(std::shared_ptr<CacheStore> store,
                                       const LayerOptions& layers) {
  NearCacheOptions options;
  options.max_size = *layers.near_cache;
  options.ttl = layers.near_cache_ttl;
  return std::make_shared<NearCacheLayer>(std::move(store), options);
}

std::shared_ptr<CacheStore> remember_misses(std::shared_ptr<CacheStore> store,
                                            const LayerOptions& layers) {
  NegativeCacheOptions options;
  options.ttl = *layers.negative_cache;
  return std::make_shared<NegativeCacheLayer>(std::move(store), options);
}

std::shared_ptr<CacheStore> keep_stale(std::shared_ptr<CacheStore> store,
                                       const LayerOptions& layers) {
  StaleWhileRevalidateOptions options;
  options.stale_for = *layers.stale_while_revalidate;
  options.default_ttl = layers.default_ttl;
  return std::make_shared<StaleWhileRevalidateLayer>(std::move(store), options);
}

std::shared_ptr<CacheStore> refresh_early(std::shared_ptr<CacheStore> store,
                                          const LayerOptions& layers) {
  EarlyRefreshOptions options;
  options.beta = *layers.early_refresh;
  return std::make_shared<EarlyRefreshLayer>(std::move(store), options);
}

/// A store that cannot read it refuses it itself.
std::optional<std::chrono::milliseconds> default_ttl_of(const StoreUrl& url) {
  for (const UrlParameter& parameter : url.parameters) {
    if (parameter.name != "default_ttl" || !parameter.value) continue;
    if (const auto ttl = parse_duration(*parameter.value)) return *ttl;
  }
  return std::nullopt;
}

std::shared_ptr<CacheStore> jitter(std::shared_ptr<CacheStore> store, const LayerOptions& layers) {
  TtlJitterOptions options;
  options.fraction = *layers.ttl_jitter;
  return std::make_shared<TtlJitterLayer>(std::move(store), std::move(options));
}

}  // namespace

std::span<const UrlOption> layer_url_options() noexcept { return options_page; }

Result<LayerOptions> take_layer_options(StoreUrl& url) {
  const auto rest =
      std::stable_partition(url.parameters.begin(), url.parameters.end(),
                            [](const UrlParameter& parameter) { return !is_layers(parameter); });
  const std::vector<UrlParameter> taken(rest, url.parameters.end());
  url.parameters.erase(rest, url.parameters.end());
  LayerOptions options;
  if (auto read = read_options<LayerOptions>(table, taken, options); !read) return read.error();
  if (auto checked = check(options); !checked) return checked.error();
  options.default_ttl = default_ttl_of(url);
  return options;
}

std::shared_ptr<CacheStore> put_on(std::shared_ptr<CacheStore> store, const LayerOptions& options) {
  if (options.rate_limit) store = limit(std::move(store), options);
  if (options.near_cache) store = bring_near(std::move(store), options);
  if (options.tags && !store->capability().can_tag) store = std::make_shared<TagsLayer>(store);
  if (options.negative_cache) store = remember_misses(std::move(store), options);
  if (options.single_flight) store = std::make_shared<SingleFlightLayer>(std::move(store));
  if (options.stale_while_revalidate) store = keep_stale(std::move(store), options);
  if (options.early_refresh) store = refresh_early(std::move(store), options);
  // Above all that keep a value for its ttl: they must not believe one that was shortened below.
  if (options.ttl_jitter) store = jitter(std::move(store), options);
  if (options.fail_open) store = std::make_shared<FailOpenLayer>(std::move(store));
  if (options.metrics) store = std::make_shared<MetricsLayer>(std::move(store));
  return store;
}

}  // namespace semantrix
