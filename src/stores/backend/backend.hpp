#pragma once

#include <semantrix/cache_store.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::stores {

/// What a networked store hands its verbs to: one protocol, with the servers that speak it. The
/// verbs are those of `CacheStore`, checked already, and give errors as values.
///
/// Held by shared_ptr: a call that is under way keeps it. Thread-safe.
class Backend {
 public:
  Backend() = default;
  virtual ~Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;

  [[nodiscard]] virtual const Capability& capability() const noexcept = 0;

  virtual awaitable<Result<std::optional<Value>>> get(std::string_view key) = 0;
  virtual awaitable<Result<void>> add(std::string_view key, const Value& value,
                                      const AddOptions& options) = 0;
  virtual awaitable<Result<BatchOutcome>> batch_add(std::span<const BatchItem> items,
                                                    const AddOptions& options) = 0;
  virtual awaitable<Result<std::vector<std::optional<Value>>>> batch_get(
      std::span<const std::string> keys) = 0;
  virtual awaitable<Result<std::size_t>> batch_erase(std::span<const std::string> keys) = 0;
  virtual awaitable<Result<std::size_t>> size(SizeMode mode) = 0;
  virtual awaitable<Result<std::size_t>> clear(const ClearOptions& options) = 0;
  virtual awaitable<Result<std::optional<Entry>>> entry(std::string_view key) = 0;
  virtual std::unique_ptr<KeyStream> keys(std::string match) = 0;

  /// As `CacheStore::subscribe_invalidations`.
  virtual bool subscribe(const std::weak_ptr<InvalidationListener>& /*listener*/) { return false; }

  [[nodiscard]] virtual Probe<Stats> stats() = 0;
  virtual awaitable<Result<Description>> describe() = 0;

  /// Fails what is under way, and comes back when every socket is closed.
  virtual awaitable<Result<void>> close() = 0;
  /// In a child of `fork`: lets go of the parent's sockets without a word on them. Nothing else may
  /// be done with it there, not even destroying it.
  virtual void forget() noexcept = 0;
};

}  // namespace semantrix::stores
