#pragma once

#include "stores/backend/counters.hpp"
#include <semantrix/cache_store.hpp>
#include <semantrix/error.hpp>
#include <semantrix/network_options.hpp>
#include <semantrix/value.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace semantrix::stores {

/// What a store's options say of its entries and calls, whatever the protocol.
struct StoreTerms {
  std::string_view store;  ///< Its name, in errors and statistics.
  std::string key_prefix;
  std::optional<std::chrono::milliseconds> default_ttl;
  std::optional<std::size_t> compress_threshold;
  NetworkOptions network;
};

/// What the verbs of a backend have in common: the stored form of values, what is counted, how a
/// failure is told. Thread-safe.
class Bookkeeping {
 public:
  explicit Bookkeeping(StoreTerms terms) : terms_(std::move(terms)) {}

  [[nodiscard]] const StoreTerms& terms() const noexcept { return terms_; }
  [[nodiscard]] Counters& counters() noexcept { return counters_; }
  [[nodiscard]] std::string_view prefix() const noexcept { return terms_.key_prefix; }

  /// Whether the store was closed; what is made of it afterwards fails.
  [[nodiscard]] bool closed() const noexcept { return closed_.load(std::memory_order_acquire); }
  void close() noexcept { closed_.store(true, std::memory_order_release); }

  /// The value as it is stored: itself, compressed or in a record.
  [[nodiscard]] Value encode(const Value& value);
  /// The value of stored bytes. What cannot be read is a miss, counted as corrupt.
  [[nodiscard]] std::optional<Value> decode(Value stored);

  /// Counts a hit or a miss, and gives it on.
  [[nodiscard]] std::optional<Value> answered(std::optional<Value> value);
  /// `decode`, counted as a hit or a miss.
  [[nodiscard]] std::optional<Value> found(std::optional<Value> stored);

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

  /// The first failure that the caller is told, each of them counted.
  [[nodiscard]] std::optional<Error> told(std::span<const std::optional<Error>> failures);

  /// What this process counted. Error: `closed`.
  [[nodiscard]] Probe<Stats> stats(std::uint64_t retries) const;

 private:
  const StoreTerms terms_;
  Counters counters_;
  std::atomic<bool> closed_{false};
};

}  // namespace semantrix::stores
