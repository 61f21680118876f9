#include "contract/checks.hpp"
#include <semantrix/cache_store.hpp>

#include <string>
#include <utility>

/// What a store does that overrides neither half of a verb, or only one.
namespace semantrix {
namespace {

/// A store that answers at once is asked again here only when a layer above chose to suspend.
template <class T>
Result<T> answer_or_refuse(const CacheStore& store, Probe<T> answer, std::string_view verb) {
  if (answer) return std::move(*answer);
  return contract::not_supported(store.capability(), verb);
}

/// A glob that matches what begins with `prefix`.
std::string glob_of_prefix(std::string_view prefix) {
  std::string glob;
  for (const char byte : prefix) {
    if (std::string_view("*?[]\\").find(byte) != std::string_view::npos) glob += '\\';
    glob += byte;
  }
  return glob + '*';
}

}  // namespace

bool CacheStore::subscribe_invalidations(const std::weak_ptr<InvalidationListener>& /*listener*/) {
  return false;
}

Probe<void> CacheStore::probe_add(std::string_view, const Value&, const AddOptions&) { return {}; }
Probe<std::optional<Value>> CacheStore::probe_get(std::string_view) { return {}; }
Probe<bool> CacheStore::probe_erase(std::string_view) { return {}; }
Probe<BatchOutcome> CacheStore::probe_batch_add(std::span<const BatchItem>, const AddOptions&) {
  return {};
}
Probe<std::vector<std::optional<Value>>> CacheStore::probe_batch_get(std::span<const std::string>) {
  return {};
}
Probe<std::size_t> CacheStore::probe_batch_erase(std::span<const std::string>) { return {}; }
Probe<std::size_t> CacheStore::probe_size(SizeMode) { return {}; }
Probe<std::size_t> CacheStore::probe_clear(const ClearOptions&) { return {}; }
Probe<std::size_t> CacheStore::probe_invalidate_tag(std::string_view) { return {}; }
Probe<std::size_t> CacheStore::probe_invalidate_prefix(std::string_view) { return {}; }
Probe<std::optional<Entry>> CacheStore::probe_entry(std::string_view) { return {}; }
Probe<Stats> CacheStore::probe_stats() { return {}; }
Probe<Description> CacheStore::probe_describe() { return {}; }
Probe<void> CacheStore::probe_close() { return {}; }

awaitable<Result<void>> CacheStore::do_add(std::string_view key, const Value& value,
                                           const AddOptions& options) {
  co_return answer_or_refuse(*this, probe_add(key, value, options), "add");
}

awaitable<Result<std::optional<Value>>> CacheStore::do_get(std::string_view key) {
  co_return answer_or_refuse(*this, probe_get(key), "get_exact");
}

awaitable<Result<bool>> CacheStore::do_erase(std::string_view key) {
  co_return answer_or_refuse(*this, probe_erase(key), "erase");
}

awaitable<Result<BatchOutcome>> CacheStore::do_batch_add(std::span<const BatchItem> items,
                                                         const AddOptions& options) {
  co_return answer_or_refuse(*this, probe_batch_add(items, options), "batch_add");
}

awaitable<Result<std::vector<std::optional<Value>>>> CacheStore::do_batch_get(
    std::span<const std::string> keys) {
  co_return answer_or_refuse(*this, probe_batch_get(keys), "batch_get");
}

awaitable<Result<std::size_t>> CacheStore::do_batch_erase(std::span<const std::string> keys) {
  co_return answer_or_refuse(*this, probe_batch_erase(keys), "batch_erase");
}

awaitable<Result<std::size_t>> CacheStore::do_size(SizeMode mode) {
  co_return answer_or_refuse(*this, probe_size(mode), "size");
}

awaitable<Result<std::size_t>> CacheStore::do_clear(const ClearOptions& options) {
  co_return answer_or_refuse(*this, probe_clear(options), "clear");
}

awaitable<Result<std::size_t>> CacheStore::do_invalidate_tag(std::string_view tag) {
  co_return answer_or_refuse(*this, probe_invalidate_tag(tag), "invalidate_tag");
}

awaitable<Result<std::size_t>> CacheStore::do_invalidate_prefix(std::string_view prefix) {
  if (Probe<std::size_t> answer = probe_invalidate_prefix(prefix)) co_return std::move(*answer);
  KeyCursor cursor = keys(glob_of_prefix(prefix));
  std::size_t erased = 0;
  for (;;) {
    Probe<KeyStream::Page> page = cursor.stream().probe_next();
    if (!page) page = co_await cursor.stream().do_next();
    if (!*page) co_return page->error();
    if ((*page)->empty()) co_return erased;
    Probe<std::size_t> count = probe_batch_erase(**page);
    if (!count) count = co_await do_batch_erase(**page);
    if (!*count) co_return count->error();
    erased += **count;
  }
}

awaitable<Result<std::optional<Entry>>> CacheStore::do_entry(std::string_view key) {
  co_return answer_or_refuse(*this, probe_entry(key), "get_entry");
}

awaitable<Result<Stats>> CacheStore::do_stats() {
  co_return answer_or_refuse(*this, probe_stats(), "get_stats");
}

awaitable<Result<Description>> CacheStore::do_describe() {
  if (Probe<Description> answer = probe_describe()) co_return std::move(*answer);
  Description description;
  description.capability = capability();
  co_return description;
}

awaitable<Result<void>> CacheStore::do_close() {
  co_return answer_or_refuse(*this, probe_close(), "close");
}

}  // namespace semantrix
