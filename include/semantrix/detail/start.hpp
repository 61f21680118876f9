#pragma once

#include <semantrix/detail/verbs.hpp>
#include <semantrix/executor.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/system_executor.hpp>

#include <exception>
#include <type_traits>
#include <utility>

/// Not for users: how the functions of async.hpp run a verb for a completion handler.
namespace semantrix::detail {

/// Whether the executor is Asio's system executor, as a future's is: nobody chose it. Its threads
/// end with the process while the library's may still be handing them a result.
template <class Executor>
bool is_systems(const Executor& executor) {
  const boost::asio::execution_context& context =
      boost::asio::query(executor, boost::asio::execution::context);
  return &context ==
         &boost::asio::query(boost::asio::system_executor(), boost::asio::execution::context);
}

/// Hands the result to the handler. Never inside the call that began it: a chain of calls that are
/// answered at once would overflow the stack.
template <class Executor, class Handler, class T>
void complete(const Executor& executor, Handler handler, Result<T> result) {
  auto completion = boost::asio::append(std::move(handler), std::move(result));
  if (is_systems(executor)) {
    boost::asio::post(library_executor(), std::move(completion));
  } else {
    boost::asio::post(executor, std::move(completion));
  }
}

/// Where a coroutine runs for a handler of that executor.
template <class Executor>
boost::asio::any_io_executor coroutine_executor(const Executor& executor) {
  if constexpr (std::is_convertible_v<Executor, boost::asio::any_io_executor>) {
    if (!is_systems(executor)) return executor;
  }
  return library_executor();
}

/// Runs `pending` and hands its result to the handler.
template <class T, class Executor, class Handler>
void spawn(const Executor& executor, awaitable<Result<T>> pending, Handler handler) {
  const auto slot = boost::asio::get_associated_cancellation_slot(handler);
  auto finish = [handler = std::move(handler), work = boost::asio::make_work_guard(executor)](
                    const std::exception_ptr& thrown, Result<T> result) mutable {
    if (thrown) result = error_of(thrown);
    complete(work.get_executor(), std::move(handler), std::move(result));
  };
  boost::asio::co_spawn(coroutine_executor(executor), std::move(pending),
                        boost::asio::bind_cancellation_slot(slot, std::move(finish)));
}

/// One verb, given by its two halves (see `Verbs`), as an asynchronous operation. `owned` are its
/// arguments, by value; the target is the store, or a stream of its keys.
template <auto attempt, auto run, class Target, class Token, class... Owned>
auto start(Target& target, Token&& token, Owned... owned) {
  using Answer = typename decltype(attempt(target, owned...))::value_type;
  const auto initiation = [&target](auto handler, Owned... arguments) {
    const auto executor = boost::asio::get_associated_executor(handler, library_executor());
    if (auto answer = attempt(target, arguments...)) {
      complete(executor, std::move(handler), std::move(*answer));
    } else {
      spawn(executor, run(target, std::move(arguments)...), std::move(handler));
    }
  };
  return boost::asio::async_initiate<Token, void(Answer)>(initiation, token, std::move(owned)...);
}

}  // namespace semantrix::detail
