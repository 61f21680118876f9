#pragma once

#include <semantrix/cache_store.hpp>
#include <semantrix/stats.hpp>

#include <string>

namespace semantrix {

/// The figures in Prometheus's text format, one family a figure: counters end in `_total`, times
/// are seconds, sizes bytes; the label `store` is the store's name.
///
///     semantrix_hits_total{store="memory"} 12345
[[nodiscard]] std::string metrics_text(const Stats& stats);

/// The same of a store, asked now; and, if it is a `MetricsLayer`, how long its calls took. Errors:
/// those of `get_stats`.
[[nodiscard]] awaitable<std::string> metrics_text(CacheStore& store);

}  // namespace semantrix
