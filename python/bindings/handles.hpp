#pragma once

#include "verb.hpp"

#include <atomic>
#include <memory>
#include <utility>

/// What the Python objects hold.
namespace semantrix::python {

/// `semantrix.CacheStore` and its subclasses.
struct AsyncStore : StoreHandle {
  explicit AsyncStore(std::shared_ptr<CacheStore> opened, bool slow = false)
      : StoreHandle{std::move(opened), slow} {}
  AsyncStore(const AsyncStore&) = delete;
  AsyncStore& operator=(const AsyncStore&) = delete;
  /// The last reference may free a million entries or write a snapshot.
  ~AsyncStore() {
    without_gil_if(true, [this] { store.reset(); });
  }
};

struct InMemoryHandle : AsyncStore {
  using AsyncStore::AsyncStore;
};
struct DynamoDBHandle : AsyncStore {
  using AsyncStore::AsyncStore;
};
struct GoogleMemorystoreHandle : AsyncStore {
  using AsyncStore::AsyncStore;
};
struct ElastiCacheHandle : AsyncStore {
  using AsyncStore::AsyncStore;
};

/// `store.sync`.
struct SyncStore : StoreHandle {
  explicit SyncStore(const StoreHandle& other) : StoreHandle{other.store, other.slow_probe} {}
};

/// A stream of keys and the store that it must not outlive. One page at a time.
struct CursorHandle : StoreHandle {
  CursorHandle(const StoreHandle& of, KeyCursor keys)
      : StoreHandle{of.store, of.slow_probe},
        cursor(std::make_shared<KeyCursor>(std::move(keys))) {}

  std::shared_ptr<KeyCursor> cursor;
  std::shared_ptr<std::atomic<bool>> busy = std::make_shared<std::atomic<bool>>(false);
};

/// The two kinds differ in how a verb is run.
struct AsyncCursor : CursorHandle {
  using CursorHandle::CursorHandle;
};
struct SyncCursor : CursorHandle {
  using CursorHandle::CursorHandle;
};

}  // namespace semantrix::python
