#include "contract/checks.hpp"
#include <semantrix/detail/verbs.hpp>

#include <boost/system/system_error.hpp>

#include <exception>
#include <utility>

/// The suspending half of the verbs: parameters by value live in the coroutine's frame, so that
/// what `do_*` sees stays valid until it has finished.
namespace semantrix::detail {

awaitable<Result<void>> Verbs::run_add(CacheStore& store, std::string key, Value value,
                                       OwnedAddOptions options) {
  if (auto error = contract::check_value(store.capability(), value)) {
    Result<bool> erased = co_await store.do_erase(key);
    co_return erased ? std::move(*error) : erased.error();
  }
  co_return co_await store.do_add(key, value, options);
}

awaitable<Result<std::optional<Value>>> Verbs::run_get(CacheStore& store, std::string key) {
  co_return co_await store.do_get(key);
}

awaitable<std::optional<Value>> Verbs::fetch(CacheStore& store, std::string key) {
  try {
    auto getting = store.do_get(key);
    Result<std::optional<Value>> value = co_await std::move(getting);
    co_return std::move(value).value();
  } catch (const boost::system::system_error&) {
    throw CacheError(error_of(std::current_exception()));
  }
}

awaitable<Result<bool>> Verbs::run_erase(CacheStore& store, std::string key) {
  co_return co_await store.do_erase(key);
}

awaitable<Result<BatchOutcome>> Verbs::run_batch_add(CacheStore& store, CheckedBatch batch,
                                                     OwnedAddOptions options) {
  if (!batch.contradicted().empty()) {
    Result<std::size_t> erased = co_await store.do_batch_erase(batch.contradicted());
    if (!erased) co_return erased.error();
  }
  if (batch.items().empty()) co_return batch.complete({});
  Result<BatchOutcome> outcome = co_await store.do_batch_add(batch.items(), options);
  if (!outcome) co_return outcome;
  co_return batch.complete(std::move(*outcome));
}

awaitable<Result<Verbs::Values>> Verbs::run_batch_get(CacheStore& store,
                                                      std::vector<std::string> keys) {
  co_return co_await store.do_batch_get(keys);
}

awaitable<Result<Verbs::Count>> Verbs::run_batch_erase(CacheStore& store,
                                                       std::vector<std::string> keys) {
  co_return co_await store.do_batch_erase(keys);
}

awaitable<Result<Verbs::Count>> Verbs::run_size(CacheStore& store, SizeMode mode) {
  return store.do_size(mode);
}

awaitable<Result<Verbs::Count>> Verbs::run_clear(CacheStore& store, ClearOptions options) {
  co_return co_await store.do_clear(options);
}

awaitable<Result<Verbs::Count>> Verbs::run_invalidate_tag(CacheStore& store, std::string tag) {
  co_return co_await store.do_invalidate_tag(tag);
}

awaitable<Result<Verbs::Count>> Verbs::run_invalidate_prefix(CacheStore& store,
                                                             std::string prefix) {
  co_return co_await store.do_invalidate_prefix(prefix);
}

awaitable<Result<std::optional<Entry>>> Verbs::run_entry(CacheStore& store, std::string key) {
  co_return co_await store.do_entry(key);
}

awaitable<Result<Stats>> Verbs::run_stats(CacheStore& store) {
  Result<Stats> stats = co_await store.do_stats();
  if (stats) stats->hot_keys = nameless_hot_keys(store);
  co_return stats;
}

awaitable<Result<Description>> Verbs::run_describe(CacheStore& store) {
  return store.do_describe();
}

awaitable<Result<void>> Verbs::run_close(CacheStore& store) { return store.do_close(); }

awaitable<Result<KeyStream::Page>> Verbs::run_next_page(KeyStream& stream) {
  return stream.do_next();
}

}  // namespace semantrix::detail
