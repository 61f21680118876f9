#include "contract/library_thread.hpp"
#include <semantrix/blocking_store.hpp>
#include <semantrix/detail/verbs.hpp>
#include <semantrix/executor.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <iterator>
#include <utility>

namespace semantrix {

using detail::CheckedBatch;
using detail::OwnedAddOptions;
using detail::Verbs;

namespace {

/// Runs the awaitable on the library's thread while this one waits.
template <class T>
T wait_for(awaitable<Result<T>> pending) {
  if (contract::on_library_thread()) {
    throw CacheError(
        Error(ErrorCode::invalid_argument,
              "a blocking call was made on the library's own thread, which it waits for",
              "await the store's verb there instead"));
  }
  return boost::asio::co_spawn(library_executor(), std::move(pending), boost::asio::use_future)
      .get()
      .value();
}

}  // namespace

BlockingStore::BlockingStore(std::shared_ptr<CacheStore> store) : store_(std::move(store)) {
  if (store_ == nullptr) {
    throw CacheError(Error(ErrorCode::invalid_argument, "a blocking store needs a store", ""));
  }
}

void BlockingStore::add(std::string_view key, Value value, AddOptions options) {
  if (auto answer = Verbs::attempt_add(*store_, key, value, options)) {
    return std::move(*answer).value();
  }
  wait_for(Verbs::run_add(*store_, std::string(key), std::move(value), OwnedAddOptions(options)));
}

std::optional<Value> BlockingStore::get_exact(std::string_view key) {
  if (auto answer = Verbs::attempt_get(*store_, key)) return std::move(*answer).value();
  return wait_for(Verbs::run_get(*store_, std::string(key)));
}

bool BlockingStore::erase(std::string_view key) {
  if (auto answer = Verbs::attempt_erase(*store_, key)) return std::move(*answer).value();
  return wait_for(Verbs::run_erase(*store_, std::string(key)));
}

BatchOutcome BlockingStore::batch_add(std::vector<BatchItem> items, AddOptions options) {
  CheckedBatch batch(store_->capability(), std::move(items));
  if (auto answer = Verbs::attempt_batch_add(*store_, batch, options)) {
    return std::move(*answer).value();
  }
  return wait_for(Verbs::run_batch_add(*store_, std::move(batch), OwnedAddOptions(options)));
}

std::vector<std::optional<Value>> BlockingStore::batch_get(std::vector<std::string> keys) {
  if (auto answer = Verbs::attempt_batch_get(*store_, keys)) return std::move(*answer).value();
  return wait_for(Verbs::run_batch_get(*store_, std::move(keys)));
}

std::size_t BlockingStore::batch_erase(std::vector<std::string> keys) {
  if (auto answer = Verbs::attempt_batch_erase(*store_, keys)) return std::move(*answer).value();
  return wait_for(Verbs::run_batch_erase(*store_, std::move(keys)));
}

std::vector<std::string> BlockingStore::keys(std::string match) {
  KeyCursor cursor = scan(std::move(match));
  std::vector<std::string> all;
  for (;;) {
    std::vector<std::string> page = next_page(cursor);
    if (page.empty()) return all;
    all.insert(all.end(), std::make_move_iterator(page.begin()),
               std::make_move_iterator(page.end()));
  }
}

KeyCursor BlockingStore::scan(std::string match) { return store_->keys(std::move(match)); }

std::vector<std::string> BlockingStore::next_page(KeyCursor& cursor) {
  if (auto page = cursor.stream().probe_next()) return std::move(*page).value();
  return wait_for(cursor.stream().do_next());
}

std::size_t BlockingStore::size(SizeMode mode) {
  if (auto answer = Verbs::attempt_size(*store_, mode)) return std::move(*answer).value();
  return wait_for(Verbs::run_size(*store_, mode));
}

std::size_t BlockingStore::clear(ClearOptions options) {
  if (auto answer = Verbs::attempt_clear(*store_, options)) return std::move(*answer).value();
  return wait_for(Verbs::run_clear(*store_, options));
}

std::size_t BlockingStore::invalidate_tag(std::string_view tag) {
  if (auto answer = Verbs::attempt_invalidate_tag(*store_, tag)) return std::move(*answer).value();
  return wait_for(Verbs::run_invalidate_tag(*store_, std::string(tag)));
}

std::size_t BlockingStore::invalidate_prefix(std::string_view prefix) {
  if (auto answer = Verbs::attempt_invalidate_prefix(*store_, prefix)) {
    return std::move(*answer).value();
  }
  return wait_for(Verbs::run_invalidate_prefix(*store_, std::string(prefix)));
}

std::optional<Entry> BlockingStore::get_entry(std::string_view key) {
  if (auto answer = Verbs::attempt_entry(*store_, key)) return std::move(*answer).value();
  return wait_for(Verbs::run_entry(*store_, std::string(key)));
}

Stats BlockingStore::get_stats() {
  if (auto answer = Verbs::attempt_stats(*store_)) return std::move(*answer).value();
  return wait_for(Verbs::run_stats(*store_));
}

Description BlockingStore::describe() {
  if (auto answer = Verbs::attempt_describe(*store_)) return std::move(*answer).value();
  return wait_for(Verbs::run_describe(*store_));
}

void BlockingStore::close() {
  if (auto answer = Verbs::attempt_close(*store_)) return std::move(*answer).value();
  wait_for(Verbs::run_close(*store_));
}

}  // namespace semantrix
