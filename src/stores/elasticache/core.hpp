#pragma once

#include "stores/elasticache/counters.hpp"
#include "stores/redis/client.hpp"
#include <semantrix/cache_store.hpp>
#include <semantrix/elasticache_options.hpp>
#include <semantrix/error.hpp>
#include <semantrix/value.hpp>

#include <atomic>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace semantrix::elasticache {

/// What the calls of a store share, and hold while they are under way. Thread-safe.
class Core {
 public:
  Core(ElastiCacheOptions options, redis::ClientOptions client)
      : options_(std::move(options)), client_(std::move(client)) {}

  [[nodiscard]] const ElastiCacheOptions& options() const noexcept { return options_; }
  [[nodiscard]] redis::Client& client() noexcept { return client_; }
  [[nodiscard]] Counters& counters() noexcept { return counters_; }
  [[nodiscard]] std::string_view prefix() const noexcept { return options_.key_prefix; }

  /// Whether the store was closed; what is made of it afterwards fails.
  [[nodiscard]] bool closed() const noexcept { return closed_.load(std::memory_order_acquire); }
  void close() noexcept { closed_.store(true, std::memory_order_release); }

  /// The value as it is stored: itself, compressed or in a record.
  [[nodiscard]] Value encode(const Value& value);
  /// The value of stored bytes. What cannot be read is a miss, counted as corrupt.
  [[nodiscard]] std::optional<Value> decode(Value stored);

  /// `decode`, counted as a hit or a miss.
  [[nodiscard]] std::optional<Value> found(std::optional<Value> stored);

  /// Whether the server says that something else than a string lies under the key. That is a miss;
  /// counts it as corrupt.
  [[nodiscard]] bool is_no_string(const Error& error) noexcept;

  /// What became of items of a batch, the first of which is its item `begin`, told in the whole
  /// batch's terms.
  void settle(std::span<const BatchItem> items, std::size_t begin,
              std::span<const std::optional<Error>> failures, BatchOutcome& outcome);

  /// A failure of a verb on its way to the caller: counted, with the store's name and the key's
  /// digest.
  [[nodiscard]] Error failed(const Error& error, std::string_view key = {});

  /// Whether the caller gets a miss instead of the error: `on_error=miss`, and the server is out of
  /// reach.
  [[nodiscard]] bool hides(const Error& error) const noexcept;

 private:
  const ElastiCacheOptions options_;
  redis::Client client_;
  Counters counters_;
  std::atomic<bool> closed_{false};
};

}  // namespace semantrix::elasticache
