#include "stores/google_memorystore/memorystore_backend.hpp"

#include "stores/google_memorystore/option_checks.hpp"

#include <utility>

namespace semantrix::memorystore {

MemorystoreBackend::MemorystoreBackend(stores::StoreTerms terms, redis::ClientOptions client,
                                       const Capability& capability, std::shared_ptr<Finder> finder)
    : RedisBackend(std::move(terms), std::move(client), capability), finder_(std::move(finder)) {}

awaitable<Result<void>> MemorystoreBackend::close() {
  finder_->close();
  return RedisBackend::close();
}

void MemorystoreBackend::forget() noexcept {
  RedisBackend::forget();
  finder_->forget();
}

Result<std::shared_ptr<stores::Backend>> make_backend(const GoogleMemorystoreOptions& options,
                                                      const Capability& capability) {
  if (const Result<void> checked = check(options); !checked) return checked.error();
  redis::ClientOptions client = client_options(options);
  auto finder = Finder::make(options, client.executor);
  client.locator = finder;
  stores::StoreTerms terms{capability.store, options.key_prefix, options.default_ttl,
                           options.compress_threshold, options.network};
  return std::shared_ptr<stores::Backend>(std::make_shared<MemorystoreBackend>(
      std::move(terms), std::move(client), capability, std::move(finder)));
}

MemorystoreBackend& backend_of(GoogleMemorystoreCacheStore& store) {
  return static_cast<MemorystoreBackend&>(*GoogleMemorystoreCacheStore::Core::of(store));
}

}  // namespace semantrix::memorystore
