#pragma once

#include "python.hpp"
#include <semantrix/cache_store.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>

namespace semantrix::python {

class LoopQueue;

/// One call under way on the library's thread, and its result once it has ended.
///
/// It holds no Python object that it would have to release: it may end on a thread that has no GIL,
/// and after the interpreter has gone. `TypedCall` adds the result.
class Call : public std::enable_shared_from_this<Call> {
 public:
  Call() = default;
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  virtual ~Call() = default;

  /// Starts it. The end is told to `queue`; without one, `wait` waits for it.
  void start(std::shared_ptr<LoopQueue> queue);

  /// Blocks, without the GIL, until the end. False: a signal's handler raised; the call goes on to
  /// be cancelled.
  [[nodiscard]] bool wait();

  /// Asks it to end with `cancelled`; whoever waited must not care any more. In a child of `fork`
  /// does nothing: the call is the parent's.
  void cancel();

  /// The result as Python sees it. REQUIRES: it has ended; not called twice.
  [[nodiscard]] virtual PyObject* answer() = 0;

  /// The asyncio future that waits, borrowed from the awaitable, which clears it when it goes.
  /// Touched with the GIL held alone.
  PyObject* future = nullptr;

 protected:
  /// The work; `self` is this, to be kept until the work has ended.
  virtual awaitable<void> run(std::shared_ptr<Call> self) = 0;
  virtual void fail(Error error) = 0;

 private:
  void finish(const std::exception_ptr& thrown);

  boost::asio::cancellation_signal cancelled_;
  std::shared_ptr<LoopQueue> queue_;
  std::uint32_t generation_ = 0;  // the process that started it
  bool running_ = false;          // on the library's thread alone
  bool ended_ = false;            // guarded by mutex_
  std::mutex mutex_;
  std::condition_variable ending_;
};

/// A call that gives a `Result<T>`. `Begin` is a callable that gives the verb's coroutine, with
/// whatever it needs to keep alive; `Convert` makes a Python object of a `T`.
template <class T, class Begin, class Convert>
class TypedCall final : public Call {
 public:
  TypedCall(Begin begin, Convert convert)
      : begin_(std::move(begin)), convert_(std::move(convert)) {}

  [[nodiscard]] PyObject* answer() override { return convert_(std::move(result_)); }

 protected:
  awaitable<void> run(std::shared_ptr<Call> self) override { return keep(std::move(self)); }
  void fail(Error error) override { result_ = std::move(error); }

 private:
  awaitable<void> keep(std::shared_ptr<Call> self) {
    (void)self;
    awaitable<Result<T>> pending = begin_();
    result_ = co_await std::move(pending);
  }

  Begin begin_;
  Convert convert_;
  Result<T> result_ = Error(ErrorCode::internal, "the call gave no answer");
};

template <class T, class Begin, class Convert>
[[nodiscard]] std::shared_ptr<Call> make_call(Begin begin, Convert convert) {
  return std::make_shared<TypedCall<T, Begin, Convert>>(std::move(begin), std::move(convert));
}

}  // namespace semantrix::python
