#pragma once

#include <semantrix/cache_store.hpp>
#include <semantrix/memory_cache.hpp>
#include <semantrix/memory_options.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace semantrix {

using InMemoryOptions = MemoryOptions;

/// A cache in this process's memory behind the common interface: `MemoryCache` as a `CacheStore`.
///
/// Every verb is answered at once, on the calling thread (`Capability::synchronous`). With
/// `options.snapshot` the constructor loads the file, if it is there, and `close()` (or, failing
/// that, the destructor) writes it if something has changed; a lock file beside it keeps a second
/// process out. A file that holds more than found room is kept as PATH.bak before it is replaced.
class InMemoryStore final : public CacheStore {
 public:
  /// Throws `CacheError`: `invalid_argument` for an option; for a snapshot `busy` (another process
  /// has it), `unsupported_version` or `io_error` (the file is left alone). A damaged snapshot does
  /// not throw: it is kept as PATH.corrupt, the cache starts empty, `describe().warning` says so;
  /// as it says (`too_large`) how many entries found no room.
  explicit InMemoryStore(InMemoryOptions options = {});
  ~InMemoryStore() override;

  [[nodiscard]] const Capability& capability() const noexcept override;
  /// The same, without a store at hand.
  [[nodiscard]] static const Capability& static_capability() noexcept;

  /// The engine, for what only memory can do (`get_or_compute`, `resize`, …).
  [[nodiscard]] MemoryCache& cache() noexcept;

 protected:
  Probe<void> probe_add(std::string_view key, const Value& value,
                        const AddOptions& options) override;
  Probe<std::optional<Value>> probe_get(std::string_view key) override;
  Probe<bool> probe_erase(std::string_view key) override;
  Probe<BatchOutcome> probe_batch_add(std::span<const BatchItem> items,
                                      const AddOptions& options) override;
  Probe<std::vector<std::optional<Value>>> probe_batch_get(
      std::span<const std::string> keys) override;
  Probe<std::size_t> probe_batch_erase(std::span<const std::string> keys) override;
  Probe<std::size_t> probe_size(SizeMode mode) override;
  Probe<std::size_t> probe_clear(const ClearOptions& options) override;
  Probe<std::size_t> probe_invalidate_tag(std::string_view tag) override;
  Probe<std::size_t> probe_invalidate_prefix(std::string_view prefix) override;
  Probe<std::optional<Entry>> probe_entry(std::string_view key) override;
  Probe<Stats> probe_stats() override;
  Probe<Description> probe_describe() override;
  Probe<void> probe_close() override;
  std::unique_ptr<KeyStream> open_keys(std::string match) override;

 private:
  struct State;
  class KeyPages;
  std::shared_ptr<State> state_;
};

}  // namespace semantrix
