#include "net/gather.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <utility>

namespace semantrix::net {

namespace asio = boost::asio;

namespace {

/// Parts under way. Asio 1.24's own group touches its parts after the last has resumed the caller,
/// where the executor has several threads. Everything here happens on a strand; what runs holds it,
/// and it holds the caller, who must not hold it.
template <class Handler>
class Gathering : public std::enable_shared_from_this<Gathering<Handler>> {
 public:
  Gathering(const asio::any_io_executor& executor, std::vector<asio::awaitable<void>> parts,
            Handler caller)
      : strand_(asio::make_strand(executor)),
        parts_(std::move(parts)),
        signals_(parts_.size()),
        ended_(parts_.size(), false),
        left_(parts_.size()),
        caller_(std::move(caller)),
        caller_executor_(
            asio::prefer(asio::any_io_executor(asio::get_associated_executor(caller_, executor)),
                         asio::execution::outstanding_work.tracked)) {}

  void run() {
    if (auto slot = asio::get_associated_cancellation_slot(caller_); slot.is_connected()) {
      slot.assign([weak = this->weak_from_this()](asio::cancellation_type type) {
        const auto self = weak.lock();
        if (self) asio::dispatch(self->strand_, [self, type] { self->cancel(type); });
      });
    }
    asio::post(strand_, [self = this->shared_from_this()] { self->start(); });
  }

 private:
  void start() {
    for (std::size_t i = 0; i != signals_.size(); ++i) {
      auto end = [self = this->shared_from_this(), i](std::exception_ptr thrown) {
        self->end(i, std::move(thrown));
      };
      asio::co_spawn(strand_, std::move(parts_[i]),
                     asio::bind_cancellation_slot(signals_[i].slot(), std::move(end)));
    }
  }

  void cancel(asio::cancellation_type type) {
    for (std::size_t i = 0; i != signals_.size(); ++i) {
      if (!ended_[i]) signals_[i].emit(type);
    }
  }

  void end(std::size_t part, std::exception_ptr thrown) {
    ended_[part] = true;
    if (thrown && !thrown_) thrown_ = std::move(thrown);
    if (--left_ != 0) return;
    auto completion = [caller = std::move(caller_), first = thrown_]() mutable {
      // On the caller's executor, where alone its slot may be touched.
      auto slot = asio::get_associated_cancellation_slot(caller);
      if (slot.is_connected()) slot.clear();
      std::move(caller)(std::move(first));
    };
    asio::dispatch(caller_executor_, std::move(completion));
  }

  const asio::any_io_executor strand_;
  std::vector<asio::awaitable<void>> parts_;
  std::vector<asio::cancellation_signal> signals_;
  std::vector<bool> ended_;
  std::size_t left_;
  std::exception_ptr thrown_;
  Handler caller_;
  /// Kept at work until the caller is resumed.
  const asio::any_io_executor caller_executor_;
};

}  // namespace

asio::awaitable<void> gather(std::vector<asio::awaitable<void>> parts) {
  if (parts.empty()) co_return;
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  auto initiation = [executor, parts = std::move(parts)](auto handler) mutable {
    using Parts = Gathering<decltype(handler)>;
    std::make_shared<Parts>(executor, std::move(parts), std::move(handler))->run();
  };
  auto all = asio::async_initiate<const asio::use_awaitable_t<>&, void(std::exception_ptr)>(
      std::move(initiation), asio::use_awaitable);
  co_await std::move(all);
}

}  // namespace semantrix::net
