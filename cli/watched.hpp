#pragma once

#include <semantrix/error.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What `top` looks at.
namespace semantrix::cli {

/// Calls that took at most so long.
struct LatencyBound {
  double seconds = 0;  ///< Infinite in the last one.
  double calls = 0;
};

/// A key that is asked for more than others.
struct WatchedKey {
  std::string digest;
  double share = 0;  ///< Of the reads.
};

/// What a store counted until now.
struct Figures {
  double requests = 0;
  double hits = 0;
  double misses = 0;
  double evictions = 0;
  double expirations = 0;
  std::optional<double> errors;  ///< Nothing: a server does not count them.
  double entries = 0;
  double bytes = 0;
  double most_bytes = 0;  ///< 0: unlimited, or not told.
  std::optional<double> connections;
  std::vector<LatencyBound> reads;  ///< Ascending. Empty: not told.
  std::vector<WatchedKey> hot_keys;
  std::optional<double> round_trip_us;  ///< Of this look itself.
};

/// An application's metrics endpoint, or a server. One thread at a time.
class Watched {
 public:
  Watched() = default;
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;
  virtual ~Watched() = default;

  /// Asks it. Errors: those of the network; what it says is not understood.
  virtual Result<Figures> look() = 0;
};

/// By its URL: http:// or https:// of an endpoint, or a store's whose server counts for itself.
/// Throws `CacheError`: a URL that is none of these.
[[nodiscard]] std::unique_ptr<Watched> watch(const std::string& url,
                                             std::chrono::milliseconds patience);
[[nodiscard]] std::unique_ptr<Watched> watch_application(std::string_view url,
                                                         std::chrono::milliseconds patience);

/// Prometheus's text as `metrics_text` writes it, of one store or the sum of several. Error
/// (`protocol_error`): it tells nothing of a store.
[[nodiscard]] Result<Figures> read_metrics(std::string_view text);

}  // namespace semantrix::cli
