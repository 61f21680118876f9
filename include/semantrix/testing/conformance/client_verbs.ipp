#pragma once

#include <semantrix/async.hpp>
#include <semantrix/testing/conformance/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What `await` and `Client` do: by every front a store has.
namespace semantrix::testing::conformance {

/// An io_context for one call. Contexts are used again and never destroyed: the store's thread may
/// still be in the `post` that ended a call when the caller, and its thread, have gone on.
class BorrowedContext {
 public:
  BorrowedContext() {
    const std::lock_guard lock(shelf().mutex);
    if (shelf().idle.empty()) {
      context_ = std::make_unique<boost::asio::io_context>(1);
    } else {
      context_ = std::move(shelf().idle.back());
      shelf().idle.pop_back();
    }
    context_->restart();
  }
  ~BorrowedContext() {
    const std::lock_guard lock(shelf().mutex);
    shelf().idle.push_back(std::move(context_));
  }
  BorrowedContext(const BorrowedContext&) = delete;
  BorrowedContext& operator=(const BorrowedContext&) = delete;

  boost::asio::io_context& operator*() noexcept { return *context_; }

 private:
  struct Shelf {
    std::mutex mutex;
    std::vector<std::unique_ptr<boost::asio::io_context>> idle;
  };
  static Shelf& shelf() {
    static Shelf* const shelf = new Shelf;
    return *shelf;
  }

  std::unique_ptr<boost::asio::io_context> context_;
};

SEMANTRIX_CONFORMANCE_INLINE void await(awaitable<void> pending) {
  BorrowedContext context;
  auto future = boost::asio::co_spawn(*context, std::move(pending), boost::asio::use_future);
  (*context).run();
  future.get();
}

template <class T>
T wait(std::future<Result<T>> pending) {
  return pending.get().value();
}

SEMANTRIX_CONFORMANCE_INLINE void Client::add(std::string_view key, Value value,
                                              AddOptions options) {
  switch (front_) {
    case Front::awaitable:
      return await(store_->add(key, std::move(value), options));
    case Front::blocking:
      return blocking_.add(key, std::move(value), options);
    case Front::token:
      return wait(async_add(*store_, key, std::move(value), options, boost::asio::use_future));
  }
}

SEMANTRIX_CONFORMANCE_INLINE std::optional<Value> Client::get(std::string_view key) {
  if (front_ == Front::awaitable) return await(store_->get_exact(key));
  if (front_ == Front::blocking) return blocking_.get_exact(key);
  return wait(async_get_exact(*store_, key, boost::asio::use_future));
}

SEMANTRIX_CONFORMANCE_INLINE bool Client::erase(std::string_view key) {
  if (front_ == Front::awaitable) return await(store_->erase(key));
  if (front_ == Front::blocking) return blocking_.erase(key);
  return wait(async_erase(*store_, key, boost::asio::use_future));
}

SEMANTRIX_CONFORMANCE_INLINE BatchOutcome Client::batch_add(std::vector<BatchItem> items,
                                                            AddOptions options) {
  if (front_ == Front::awaitable) return await(store_->batch_add(std::move(items), options));
  if (front_ == Front::blocking) return blocking_.batch_add(std::move(items), options);
  return wait(async_batch_add(*store_, std::move(items), options, boost::asio::use_future));
}

SEMANTRIX_CONFORMANCE_INLINE std::vector<std::optional<Value>> Client::batch_get(
    std::vector<std::string> keys) {
  if (front_ == Front::awaitable) return await(store_->batch_get(std::move(keys)));
  if (front_ == Front::blocking) return blocking_.batch_get(std::move(keys));
  return wait(async_batch_get(*store_, std::move(keys), boost::asio::use_future));
}

SEMANTRIX_CONFORMANCE_INLINE std::size_t Client::batch_erase(std::vector<std::string> keys) {
  if (front_ == Front::awaitable) return await(store_->batch_erase(std::move(keys)));
  if (front_ == Front::blocking) return blocking_.batch_erase(std::move(keys));
  return wait(async_batch_erase(*store_, std::move(keys), boost::asio::use_future));
}

SEMANTRIX_CONFORMANCE_INLINE std::vector<std::string> Client::next_page(KeyCursor& cursor) {
  if (front_ == Front::awaitable) return await(cursor.next());
  if (front_ == Front::blocking) return blocking_.next_page(cursor);
  return wait(async_next_page(cursor, boost::asio::use_future));
}

SEMANTRIX_CONFORMANCE_INLINE std::vector<std::string> Client::keys(std::string match) {
  KeyCursor cursor = scan(std::move(match));
  if (front_ == Front::awaitable) return await(cursor.rest());
  std::vector<std::string> all;
  for (std::vector<std::string> page = next_page(cursor); !page.empty(); page = next_page(cursor)) {
    all.insert(all.end(), page.begin(), page.end());
  }
  return all;
}

SEMANTRIX_CONFORMANCE_INLINE std::size_t Client::size(SizeMode mode) {
  if (front_ == Front::awaitable) return await(store_->size(mode));
  if (front_ == Front::blocking) return blocking_.size(mode);
  return wait(async_size(*store_, mode, boost::asio::use_future));
}

SEMANTRIX_CONFORMANCE_INLINE std::size_t Client::clear() {
  const ClearOptions options{.all = true};
  if (front_ == Front::awaitable) return await(store_->clear(options));
  if (front_ == Front::blocking) return blocking_.clear(options);
  return wait(async_clear(*store_, options, boost::asio::use_future));
}

SEMANTRIX_CONFORMANCE_INLINE std::size_t Client::invalidate_tag(std::string_view tag) {
  if (front_ == Front::awaitable) return await(store_->invalidate_tag(tag));
  if (front_ == Front::blocking) return blocking_.invalidate_tag(tag);
  return wait(async_invalidate_tag(*store_, tag, boost::asio::use_future));
}

SEMANTRIX_CONFORMANCE_INLINE std::size_t Client::invalidate_prefix(std::string_view prefix) {
  if (front_ == Front::awaitable) return await(store_->invalidate_prefix(prefix));
  if (front_ == Front::blocking) return blocking_.invalidate_prefix(prefix);
  return wait(async_invalidate_prefix(*store_, prefix, boost::asio::use_future));
}

SEMANTRIX_CONFORMANCE_INLINE std::optional<Entry> Client::entry(std::string_view key) {
  if (front_ == Front::awaitable) return await(store_->get_entry(key));
  if (front_ == Front::blocking) return blocking_.get_entry(key);
  return wait(async_get_entry(*store_, key, boost::asio::use_future));
}

SEMANTRIX_CONFORMANCE_INLINE Stats Client::stats() {
  if (front_ == Front::awaitable) return await(store_->get_stats());
  if (front_ == Front::blocking) return blocking_.get_stats();
  return wait(async_get_stats(*store_, boost::asio::use_future));
}

SEMANTRIX_CONFORMANCE_INLINE Description Client::describe() {
  if (front_ == Front::awaitable) return await(store_->describe());
  if (front_ == Front::blocking) return blocking_.describe();
  return wait(async_describe(*store_, boost::asio::use_future));
}

SEMANTRIX_CONFORMANCE_INLINE void Client::close() {
  if (front_ == Front::awaitable) return await(store_->close());
  if (front_ == Front::blocking) return blocking_.close();
  return wait(async_close(*store_, boost::asio::use_future));
}

}  // namespace semantrix::testing::conformance
