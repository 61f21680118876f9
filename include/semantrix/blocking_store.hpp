#pragma once

#include <semantrix/cache_store.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix {

/// The blocking twin of a store, for scripts and programs without an event loop.
///
///     semantrix::BlockingStore store(semantrix::open("memory://?max_size=1000"));
///     store.add("key1", "value1");
///
/// Same verbs, same errors. What a store answers at once (everything in memory) is answered on the
/// calling thread; the rest runs on `library_executor()` while the caller waits. Thread-safe. Must
/// not be called from the library's thread.
class BlockingStore {
 public:
  explicit BlockingStore(std::shared_ptr<CacheStore> store);

  void add(std::string_view key, Value value, AddOptions options = {});
  [[nodiscard]] std::optional<Value> get_exact(std::string_view key);
  bool erase(std::string_view key);
  BatchOutcome batch_add(std::vector<BatchItem> items, AddOptions options = {});
  [[nodiscard]] std::vector<std::optional<Value>> batch_get(std::vector<std::string> keys);
  std::size_t batch_erase(std::vector<std::string> keys);

  /// All keys that match; see `scan` for stores too large for one list.
  [[nodiscard]] std::vector<std::string> keys(std::string match = "*");
  /// Pages of keys; `next_page` blocks. The cursor must not outlive the store.
  [[nodiscard]] KeyCursor scan(std::string match = "*");
  [[nodiscard]] std::vector<std::string> next_page(KeyCursor& cursor);

  [[nodiscard]] std::size_t size(SizeMode mode = SizeMode::exact);
  std::size_t clear(ClearOptions options = {});
  std::size_t invalidate_tag(std::string_view tag);
  std::size_t invalidate_prefix(std::string_view prefix);
  [[nodiscard]] std::optional<Entry> get_entry(std::string_view key);
  [[nodiscard]] Stats get_stats();
  [[nodiscard]] Description describe();
  void close();

  [[nodiscard]] const Capability& capability() const noexcept { return store_->capability(); }
  [[nodiscard]] CacheStore& store() noexcept { return *store_; }

 private:
  std::shared_ptr<CacheStore> store_;
};

}  // namespace semantrix
