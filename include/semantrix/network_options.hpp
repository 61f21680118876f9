#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace semantrix {

/// What a call does when its store cannot be reached.
enum class OnError : std::uint8_t {
  raise,  ///< It fails.
  miss,   ///< Reads answer a miss and writes are dropped; both are counted as errors.
};

/// "raise", "miss".
[[nodiscard]] std::string_view to_string(OnError on_error) noexcept;

/// Reads a name in any case; nothing for an unknown one.
[[nodiscard]] std::optional<OnError> parse_on_error(std::string_view name) noexcept;

/// Options of every store that is reached over a network. Checked once, by the store's constructor,
/// which names the option that cannot be. No time may exceed 24 hours.
struct NetworkOptions {
  // -- Time --

  /// Resolving, connecting, TLS and authentication, together. Positive. Default 1 s. Too short for
  /// a distant region makes every new connection fail; long delays the news that a node is gone.
  std::chrono::milliseconds connect_timeout{1000};

  /// One attempt, from submission to the last byte of the reply. Positive. Default 500 ms. Short
  /// retries early and sends slow replies to waste; long spends the deadline on a dead connection.
  std::chrono::milliseconds read_timeout{500};

  /// One call: queueing, connecting, retries and redirects included; nothing outlives it. Positive.
  /// Default: 2 s, or `connect_timeout + retry_attempts * read_timeout` if that is longer.
  std::optional<std::chrono::milliseconds> deadline = std::nullopt;

  // -- Retries --

  /// Attempts after the first one, 0 to 100. Default 2. Only failures that may pass are retried,
  /// within `deadline` and a budget that all calls share, so that retries cannot multiply an
  /// outage.
  int retry_attempts = 2;

  /// Longest wait before the first retry, doubled for each further one up to 250 ms (or this, if it
  /// is longer); the wait itself is random, so that clients do not return together. Not negative.
  /// Default 10 ms. 0 retries at once.
  std::chrono::milliseconds retry_delay{10};

  // -- Load --

  /// Most connections: a node for Redis and Memcached, which multiplex; in all for DynamoDB. 1 to
  /// 1024. Default 4. They open as load asks for them; more helps large values, and costs the
  /// server a connection each.
  std::size_t max_pool_connections = 4;

  // -- Outages --

  /// Default `raise`. `miss` keeps an application running without its cache, and hides the outage
  /// from everything but the statistics.
  OnError on_error = OnError::raise;
};

}  // namespace semantrix
