#pragma once

#include "net/call.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/recycling_allocator.hpp>

#include <memory>
#include <utility>

namespace semantrix::net {

/// A call whose replies become an answer by way of a decoder, and whose answer goes to a completion
/// handler `void(Result<Decoder::Answer>)` on the handler's own executor.
///
/// The decoder: `void take(const Reply&, const ReadBuffer&)` for each reply, on the connection's
/// strand, then `Result<Answer> answer()`.
template <class Reply, class Decoder, class Handler>
class HandledCall final : public Call<Reply> {
 public:
  using Answer = Result<typename Decoder::Answer>;

  /// `home` is the executor that the connection's strand runs on, and the handler's if it has none.
  /// Allocated where Asio keeps the memory of finished operations.
  static HandledCall* create(Decoder decoder, Handler handler,
                             const boost::asio::any_io_executor& home) {
    Allocator allocator;
    HandledCall* call = std::allocator_traits<Allocator>::allocate(allocator, 1);
    return ::new (call) HandledCall(std::move(decoder), std::move(handler), home);
  }

  [[nodiscard]] auto cancellation_slot() const noexcept {
    return boost::asio::get_associated_cancellation_slot(handler_);
  }

  void take(const Reply& reply, const ReadBuffer& buffer) override { decoder_.take(reply, buffer); }

  void complete() override {
    Answer answer = decoder_.answer();
    if (is_at_home_) {
      // This thread runs the caller's executor: there is nothing to hand over.
      auto completion = end(std::move(answer));
      return completion();
    }
    const boost::asio::any_io_executor executor = kept_executor();
    boost::asio::dispatch(executor, end(std::move(answer)));
  }

  void fail(Error error) override {
    const boost::asio::any_io_executor executor = kept_executor();
    boost::asio::post(executor, end(Answer(std::move(error))));
  }

  void drop() noexcept override {
    // What the handler owns may own this call's connection: it goes last.
    [[maybe_unused]] const Handler handler = std::move(handler_);
    destroy();
  }

 private:
  using Allocator = boost::asio::recycling_allocator<HandledCall>;

  // The executor is taken while the handler's type is known: an erased handler has lost it.
  HandledCall(Decoder decoder, Handler handler, const boost::asio::any_io_executor& home)
      : decoder_(std::move(decoder)),
        handler_(std::move(handler)),
        executor_(boost::asio::get_associated_executor(handler_, home)),
        is_at_home_(executor_ == home) {}
  ~HandledCall() = default;

  /// The caller's executor, kept at work while it is handed the answer: its context may otherwise
  /// run dry, and be destroyed, before this thread has let go of it.
  [[nodiscard]] boost::asio::any_io_executor kept_executor() const {
    return boost::asio::prefer(executor_, boost::asio::execution::outstanding_work.tracked);
  }

  /// Ends this object; what is left is a function that calls the handler on its executor, where
  /// alone the cancellation slot may be touched.
  auto end(Answer answer) {
    auto completion = [handler = std::move(handler_), result = std::move(answer)]() mutable {
      auto slot = boost::asio::get_associated_cancellation_slot(handler);
      if (slot.is_connected()) slot.clear();
      std::move(handler)(std::move(result));
    };
    destroy();
    return completion;
  }

  void destroy() noexcept {
    Allocator allocator;
    this->~HandledCall();
    std::allocator_traits<Allocator>::deallocate(allocator, this, 1);
  }

  Decoder decoder_;
  Handler handler_;
  boost::asio::any_io_executor executor_;
  bool is_at_home_;  // the connection runs on it too
};

}  // namespace semantrix::net
