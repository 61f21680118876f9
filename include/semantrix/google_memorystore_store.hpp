#pragma once

#include <semantrix/cache_store.hpp>
#include <semantrix/google_memorystore_options.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix {

/// A cache in Google Cloud Memorystore, found by its name: no host, port, authority or password is
/// typed by hand.
///
///     semantrix::GoogleMemorystoreCacheStore store({.project_id = "your-project-id",
///                                                   .region = "us-central1",
///                                                   .instance_id = "semantrix-cache"});
///     co_await store.add("key1", "value1", {.ttl = 1h});
///
/// The first call asks Google where the instance is, whether it wants TLS and which authorities
/// sign for it, and for its AUTH string. Data then goes straight to the instance, over the
/// connections of an `ElastiCacheStore`, in the same form. Whenever a connection cannot be made,
/// Google is asked again: a new AUTH string, authority or address is found without a restart. An
/// instance that is not ready says so (`unavailable`).
///
/// After `fork` the child's store connects afresh and leaves the parent's connections alone.
///
/// The constructor does no I/O; the destructor does not block, and ends the connections. Errors: as
/// `CacheStore`, within `deadline`; also `no_credentials`, `permission_denied` with the
/// permission's name, `invalid_argument` where there is no such instance.
class GoogleMemorystoreCacheStore final : public CacheStore {
 public:
  class Core;  ///< Not for users.

  /// Throws `CacheError`: `invalid_argument` for an option.
  explicit GoogleMemorystoreCacheStore(GoogleMemorystoreOptions options);
  ~GoogleMemorystoreCacheStore() override;

  /// The instances of a project in a region, or in all of them ("-"), as far as the regions answer.
  /// Throws `CacheError`: `no_credentials`, `authentication_failed`, `permission_denied`,
  /// `timeout`, …; needs the permission redis.instances.list (or its flavor's). Several requests,
  /// one after the other; resumes on the caller's executor.
  [[nodiscard]] static awaitable<MemorystoreInstances> list_instances(
      std::string project_id, std::string region, GoogleAccess access = {},
      MemorystoreFlavor flavor = MemorystoreFlavor::redis);

  /// The instance of this store as Google describes it now. Throws as `list_instances`.
  [[nodiscard]] awaitable<MemorystoreInstance> instance();

  [[nodiscard]] const Capability& capability() const noexcept override;
  /// The same, without a store at hand.
  [[nodiscard]] static const Capability& static_capability() noexcept;
  bool subscribe_invalidations(const std::weak_ptr<InvalidationListener>& listener) override;

 protected:
  awaitable<Result<void>> do_add(std::string_view key, const Value& value,
                                 const AddOptions& options) override;
  awaitable<Result<std::optional<Value>>> do_get(std::string_view key) override;
  awaitable<Result<bool>> do_erase(std::string_view key) override;
  awaitable<Result<BatchOutcome>> do_batch_add(std::span<const BatchItem> items,
                                               const AddOptions& options) override;
  awaitable<Result<std::vector<std::optional<Value>>>> do_batch_get(
      std::span<const std::string> keys) override;
  awaitable<Result<std::size_t>> do_batch_erase(std::span<const std::string> keys) override;
  awaitable<Result<std::size_t>> do_size(SizeMode mode) override;
  awaitable<Result<std::size_t>> do_clear(const ClearOptions& options) override;
  awaitable<Result<std::optional<Entry>>> do_entry(std::string_view key) override;
  Probe<Stats> probe_stats() override;
  awaitable<Result<Description>> do_describe() override;
  awaitable<Result<void>> do_close() override;
  std::unique_ptr<KeyStream> open_keys(std::string match) override;

 private:
  const std::unique_ptr<Core> core_;
};

}  // namespace semantrix
