#pragma once

#include "python.hpp"
#include <semantrix/cache_store.hpp>

#include <memory>

namespace semantrix::python {

/// `CacheStore`, its blocking twin, and their cursors.
void bind_store(nb::module_& module);

// One function a store; each adds a row to `store_classes`.
void bind_in_memory(nb::module_& module);
void bind_dynamodb(nb::module_& module);
void bind_elasticache(nb::module_& module);
void bind_google_memorystore(nb::module_& module);

/// `Migration`.
void bind_migrate(nb::module_& module);

/// `open`.
void bind_open(nb::module_& module);

/// Which class stands for a store that was opened by URL: by `Capability::store`.
void register_class(const char* store, nb::handle type);

/// A Python object of the class that is registered for the store, else a `CacheStore`.
[[nodiscard]] nb::object store_to_python(std::shared_ptr<CacheStore> store, bool slow_probe);

}  // namespace semantrix::python
