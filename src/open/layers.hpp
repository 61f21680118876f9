#pragma once

#include "base/url.hpp"
#include <semantrix/cache_store.hpp>
#include <semantrix/error.hpp>
#include <semantrix/open.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>

/// The layers that a URL puts on, whatever its scheme: redis://HOST?near_cache=10000&fail_open=true
namespace semantrix {

/// What the parameters say; what is absent puts nothing on.
struct LayerOptions {
  std::optional<double> ttl_jitter;
  std::optional<double> rate_limit;
  std::optional<std::chrono::milliseconds> rate_limit_wait;
  std::optional<std::size_t> near_cache;
  std::optional<std::chrono::milliseconds> near_cache_ttl;
  bool tags = false;
  std::optional<std::chrono::milliseconds> negative_cache;
  bool single_flight = false;
  std::optional<std::chrono::milliseconds> stale_while_revalidate;
  std::optional<std::chrono::milliseconds> default_ttl;  ///< The store's own, which keeps it, too.
  std::optional<double> early_refresh;
  bool fail_open = false;
  bool metrics = false;
};

[[nodiscard]] std::span<const UrlOption> layer_url_options() noexcept;

/// Takes the layers' parameters out of the URL's. Errors: a bad value; a time without the layer
/// that it belongs to.
[[nodiscard]] Result<LayerOptions> take_layer_options(StoreUrl& url);

/// The store under its layers, innermost first: rate_limit, near_cache, tags, negative_cache,
/// single_flight, stale_while_revalidate, early_refresh, ttl_jitter, fail_open, metrics. Each sees
/// what those below it answer, and answers to those above. Throws what the layers' constructors
/// throw.
[[nodiscard]] std::shared_ptr<CacheStore> put_on(std::shared_ptr<CacheStore> store,
                                                 const LayerOptions& options);

}  // namespace semantrix
