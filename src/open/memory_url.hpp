#pragma once

#include "base/url.hpp"
#include <semantrix/cache_store.hpp>
#include <semantrix/error.hpp>
#include <semantrix/open.hpp>

#include <memory>

/// memory://?max_size=1000&eviction_policy=lru&snapshot=PATH
namespace semantrix {

[[nodiscard]] StoreKind memory_kind();

/// Errors: those of the URL. Throws what `InMemoryStore` throws.
[[nodiscard]] Result<std::shared_ptr<CacheStore>> open_memory(const StoreUrl& url);

}  // namespace semantrix
