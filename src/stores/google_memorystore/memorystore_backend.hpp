#pragma once

#include "stores/backend/backend_holder.hpp"
#include "stores/google_memorystore/finder.hpp"
#include "stores/redis/redis_backend.hpp"
#include <semantrix/google_memorystore_store.hpp>

#include <memory>

namespace semantrix {

class GoogleMemorystoreCacheStore::Core final : public stores::BackendHolder {
 public:
  using BackendHolder::BackendHolder;

  [[nodiscard]] static const std::shared_ptr<stores::Backend>& of(
      GoogleMemorystoreCacheStore& store) {
    return store.core_->current();
  }
};

namespace memorystore {

/// The Redis verbs on an instance that is found by its name.
class MemorystoreBackend final : public redis::RedisBackend {
 public:
  MemorystoreBackend(stores::StoreTerms terms, redis::ClientOptions client,
                     const Capability& capability, std::shared_ptr<Finder> finder);

  [[nodiscard]] const std::shared_ptr<Finder>& finder() const noexcept { return finder_; }

  awaitable<Result<void>> close() override;
  void forget() noexcept override;

 private:
  const std::shared_ptr<Finder> finder_;
};

/// Errors: `invalid_argument`, by the option's name.
[[nodiscard]] Result<std::shared_ptr<stores::Backend>> make_backend(
    const GoogleMemorystoreOptions& options, const Capability& capability);

/// Of a store: for what is no verb of every store.
[[nodiscard]] MemorystoreBackend& backend_of(GoogleMemorystoreCacheStore& store);

}  // namespace memorystore
}  // namespace semantrix
