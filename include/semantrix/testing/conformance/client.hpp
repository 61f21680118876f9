#pragma once

#include <semantrix/blocking_store.hpp>
#include <semantrix/cache_store.hpp>
#include <semantrix/testing/conformance/compiled.hpp>
#include <semantrix/testing/conformance/store_under_test.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace semantrix::testing::conformance {

/// Runs an awaitable on this thread until it has finished.
SEMANTRIX_CONFORMANCE_INLINE void await(awaitable<void> pending);

template <class T>
awaitable<void> keep(awaitable<T> pending, std::optional<T>& kept) {
  T result = co_await std::move(pending);
  kept.emplace(std::move(result));
}

template <class T>
T await(awaitable<T> pending) {
  std::optional<T> result;
  await(keep(std::move(pending), result));
  return std::move(*result);
}

/// A store's verbs as plain calls, by whichever front the suite is run for. Use one a thread.
class Client {
 public:
  Client(std::shared_ptr<CacheStore> store, Front front)
      : store_(std::move(store)), blocking_(store_), front_(front) {}

  [[nodiscard]] CacheStore& store() noexcept { return *store_; }

  void add(std::string_view key, Value value, AddOptions options = {});
  [[nodiscard]] std::optional<Value> get(std::string_view key);
  bool erase(std::string_view key);
  BatchOutcome batch_add(std::vector<BatchItem> items, AddOptions options = {});
  [[nodiscard]] std::vector<std::optional<Value>> batch_get(std::vector<std::string> keys);
  std::size_t batch_erase(std::vector<std::string> keys);

  [[nodiscard]] KeyCursor scan(std::string match = "*") { return store_->keys(std::move(match)); }
  [[nodiscard]] std::vector<std::string> next_page(KeyCursor& cursor);
  [[nodiscard]] std::vector<std::string> keys(std::string match = "*");

  [[nodiscard]] std::size_t size(SizeMode mode = SizeMode::exact);
  std::size_t clear();
  std::size_t invalidate_tag(std::string_view tag);
  std::size_t invalidate_prefix(std::string_view prefix);
  [[nodiscard]] std::optional<Entry> entry(std::string_view key);
  [[nodiscard]] Stats stats();
  [[nodiscard]] Description describe();
  void close();

 private:
  std::shared_ptr<CacheStore> store_;
  BlockingStore blocking_;
  Front front_;
};

}  // namespace semantrix::testing::conformance

#ifndef SEMANTRIX_CONFORMANCE_SEPARATE
#include <semantrix/testing/conformance/client_verbs.ipp>
#endif
