#pragma once

#include "loopback_options.hpp"
#include <semantrix/cache_store.hpp>
#include <semantrix/memory_cache.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <memory>
#include <type_traits>
#include <utility>

namespace semantrix::testing {

template <class T>
struct ResultOf {
  using type = Result<T>;
};
template <class T>
struct ResultOf<Result<T>> {
  using type = Result<T>;
};
/// `Result<T>` for a `T`, and for a `Result<T>` too.
template <class T>
using AsResult = typename ResultOf<T>::type;

/// A connection to a server that is really a `MemoryCache` on a thread of its own: every request
/// leaves the caller's executor and its answer comes back to it. Thread-safe.
class LoopbackClient {
 public:
  explicit LoopbackClient(const LoopbackOptions& options);

  /// What the request gives when it is run on the server. A call holds the server, so that the
  /// store may be dropped while it is under way.
  template <class Request, class Answer = AsResult<std::invoke_result_t<Request, MemoryCache&>>>
  awaitable<Answer> call(Request request) {
    if (closed_) co_return closed_error();
    awaitable<Answer> remote = serve<Answer>(server_, std::move(request));
    co_return co_await boost::asio::co_spawn(executor_, std::move(remote),
                                             boost::asio::use_awaitable);
  }

  void close() noexcept { closed_ = true; }

 private:
  template <class Answer, class Request>
  static awaitable<Answer> serve(std::shared_ptr<MemoryCache> server, Request request) {
    co_return request(*server);
  }

  [[nodiscard]] static Error closed_error();

  std::shared_ptr<MemoryCache> server_;
  boost::asio::any_io_executor executor_;
  std::atomic<bool> closed_{false};
};

}  // namespace semantrix::testing
