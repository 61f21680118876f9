#pragma once

#include "base/url.hpp"
#include <semantrix/cache_store.hpp>
#include <semantrix/error.hpp>
#include <semantrix/google_memorystore_options.hpp>
#include <semantrix/open.hpp>

#include <memory>

/// memorystore://PROJECT/REGION/INSTANCE[?flavor=redis&…]
namespace semantrix {

[[nodiscard]] StoreKind memorystore_kind();

/// What a URL says. Error (`invalid_argument`, one sentence without secrets): another form than the
/// above, an unknown option, a bad value.
[[nodiscard]] Result<GoogleMemorystoreOptions> memorystore_options(const StoreUrl& url);

/// Errors: those of the URL. Throws what `GoogleMemorystoreCacheStore` throws.
[[nodiscard]] Result<std::shared_ptr<CacheStore>> open_memorystore(const StoreUrl& url);

}  // namespace semantrix
