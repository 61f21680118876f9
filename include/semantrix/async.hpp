#pragma once

#include <semantrix/cache_store.hpp>
#include <semantrix/detail/start.hpp>
#include <semantrix/detail/verbs.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The verbs of a store for completion tokens: callbacks, futures, `deferred`, and the coroutines
/// of other libraries.
///
///     std::future<semantrix::Result<std::optional<semantrix::Value>>> value =
///         semantrix::async_get_exact(store, "key1", boost::asio::use_future);
///
/// The signature is `void(Result<T>)`: what `CacheStore`'s verb would throw comes as a value. The
/// handler runs on its associated executor, else (a future, too) on `library_executor()`: always by
/// `post`, never inside the call that began it; it must not throw. Arguments are copied before the
/// call returns. The handler's cancellation slot cancels a call under way. The store must outlive
/// the call. Thread-safe.
namespace semantrix {

template <class Token>
auto async_add(CacheStore& store, std::string_view key, Value value, AddOptions options,
               Token&& token) {
  using detail::Verbs;
  return detail::start<Verbs::attempt_add, Verbs::run_add>(store, std::forward<Token>(token),
                                                           std::string(key), std::move(value),
                                                           detail::OwnedAddOptions(options));
}

template <class Token>
auto async_get_exact(CacheStore& store, std::string_view key, Token&& token) {
  using detail::Verbs;
  return detail::start<Verbs::attempt_get, Verbs::run_get>(store, std::forward<Token>(token),
                                                           std::string(key));
}

template <class Token>
auto async_erase(CacheStore& store, std::string_view key, Token&& token) {
  using detail::Verbs;
  return detail::start<Verbs::attempt_erase, Verbs::run_erase>(store, std::forward<Token>(token),
                                                               std::string(key));
}

template <class Token>
auto async_batch_add(CacheStore& store, std::vector<BatchItem> items, AddOptions options,
                     Token&& token) {
  using detail::Verbs;
  return detail::start<Verbs::attempt_batch_add, Verbs::run_batch_add>(
      store, std::forward<Token>(token), detail::CheckedBatch(store.capability(), std::move(items)),
      detail::OwnedAddOptions(options));
}

template <class Token>
auto async_batch_get(CacheStore& store, std::vector<std::string> keys, Token&& token) {
  using detail::Verbs;
  return detail::start<Verbs::attempt_batch_get, Verbs::run_batch_get>(
      store, std::forward<Token>(token), std::move(keys));
}

template <class Token>
auto async_batch_erase(CacheStore& store, std::vector<std::string> keys, Token&& token) {
  using detail::Verbs;
  return detail::start<Verbs::attempt_batch_erase, Verbs::run_batch_erase>(
      store, std::forward<Token>(token), std::move(keys));
}

template <class Token>
auto async_size(CacheStore& store, SizeMode mode, Token&& token) {
  using detail::Verbs;
  return detail::start<Verbs::attempt_size, Verbs::run_size>(store, std::forward<Token>(token),
                                                             mode);
}

template <class Token>
auto async_clear(CacheStore& store, ClearOptions options, Token&& token) {
  using detail::Verbs;
  return detail::start<Verbs::attempt_clear, Verbs::run_clear>(store, std::forward<Token>(token),
                                                               options);
}

template <class Token>
auto async_invalidate_tag(CacheStore& store, std::string_view tag, Token&& token) {
  using detail::Verbs;
  return detail::start<Verbs::attempt_invalidate_tag, Verbs::run_invalidate_tag>(
      store, std::forward<Token>(token), std::string(tag));
}

template <class Token>
auto async_invalidate_prefix(CacheStore& store, std::string_view prefix, Token&& token) {
  using detail::Verbs;
  return detail::start<Verbs::attempt_invalidate_prefix, Verbs::run_invalidate_prefix>(
      store, std::forward<Token>(token), std::string(prefix));
}

template <class Token>
auto async_get_entry(CacheStore& store, std::string_view key, Token&& token) {
  using detail::Verbs;
  return detail::start<Verbs::attempt_entry, Verbs::run_entry>(store, std::forward<Token>(token),
                                                               std::string(key));
}

template <class Token>
auto async_get_stats(CacheStore& store, Token&& token) {
  using detail::Verbs;
  return detail::start<Verbs::attempt_stats, Verbs::run_stats>(store, std::forward<Token>(token));
}

template <class Token>
auto async_describe(CacheStore& store, Token&& token) {
  using detail::Verbs;
  return detail::start<Verbs::attempt_describe, Verbs::run_describe>(store,
                                                                     std::forward<Token>(token));
}

template <class Token>
auto async_close(CacheStore& store, Token&& token) {
  using detail::Verbs;
  return detail::start<Verbs::attempt_close, Verbs::run_close>(store, std::forward<Token>(token));
}

/// The cursor's next page; the cursor must outlive the call.
template <class Token>
auto async_next_page(KeyCursor& cursor, Token&& token) {
  using detail::Verbs;
  return detail::start<Verbs::attempt_next_page, Verbs::run_next_page>(cursor.stream(),
                                                                       std::forward<Token>(token));
}

}  // namespace semantrix
