#pragma once

#include <semantrix/cache_store.hpp>
#include <semantrix/capability.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix {

/// Opens the store that a URL names, e.g. "memory://?max_size=1000&eviction_policy=lru".
///
/// Query parameters are the options of the store, by the names of its options struct; durations
/// take a number with ms, s, m, h or d (bare: seconds), sizes a number with k, m or g (1024-based)
/// and an optional b. Throws `CacheError(invalid_argument)` for an unknown scheme, an unknown
/// option (named, with the nearest valid one) or a bad value; secrets in the URL never appear in a
/// message. Does no network I/O.
[[nodiscard]] std::shared_ptr<CacheStore> open(std::string_view url);

/// One parameter that a scheme's URLs take.
struct UrlOption {
  std::string_view name;
  std::string_view kind;        ///< "count", "size", "duration", "policy", "path", …
  std::string_view by_default;  ///< As text; empty: none.
  std::string_view summary;     ///< One sentence.
};

/// What this build can open.
struct StoreKind {
  std::string_view scheme;       ///< "memory"
  std::string_view example;      ///< A URL that works.
  const Capability* capability;  ///< Never null.
  std::span<const UrlOption> options;
};
[[nodiscard]] std::span<const StoreKind> store_kinds();

}  // namespace semantrix
