#pragma once

#include "net/connection.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <unistd.h>

#include <algorithm>
#include <random>

namespace semantrix::net {

template <class Protocol>
Connection<Protocol>::Connection(const boost::asio::any_io_executor& executor,
                                 ConnectionOptions options, Open open)
    : options_(std::move(options)),
      open_(std::move(open)),
      strand_(boost::asio::make_strand(executor)),
      ticker_(strand_),
      retry_timer_(strand_) {}

template <class Protocol>
Connection<Protocol>::~Connection() {
  // Only calls that were made after the executor stopped can be left.
  for (const Left& left : queue_.drain()) left.call->drop();
}

// -- Calls: from any thread --

template <class Protocol>
template <class Decoder, class Encode, class Handler>
void Connection<Protocol>::submit(std::uint32_t replies, TimePoint deadline, Decoder decoder,
                                  Encode& encode, Handler handler) {
  auto* call = HandledCall<Reply, Decoder, Handler>::create(std::move(decoder), std::move(handler),
                                                            strand_.get_inner_executor());
  State before{};
  bool must_flush = false;
  bool must_tick = false;
  {
    std::unique_lock lock(mutex_);
    if (auto refused = refusal()) {
      lock.unlock();
      return call->fail(std::move(*refused));
    }
    encode(output_);
    const TimePoint now = Clock::now();
    before = state_;
    if (state_ == State::ready) deadline = std::min(deadline, now + options_.read_timeout);
    must_tick = state_ == State::connecting && queue_.empty();
    const auto ticket = queue_.push({call, replies, now, deadline});
    depth_.store(queue_.size(), std::memory_order_relaxed);
    if (auto slot = call->cancellation_slot(); slot.is_connected()) {
      slot.assign([self = this->shared_from_this(), ticket](boost::asio::cancellation_type) {
        self->cancel(ticket);
      });
    }
    if (state_ == State::idle) state_ = State::connecting;
    must_flush = before == State::ready && !std::exchange(flush_coming_, true);
  }
  if (must_flush || before == State::idle) return wake(before);
  if (must_tick) {
    boost::asio::post(strand_, [self = this->shared_from_this()] { self->start_ticking(); });
  }
}

template <class Protocol>
std::optional<Error> Connection<Protocol>::refusal() const {
  switch (state_) {
    case State::closed:
      return store_closed();
    case State::waiting:
      return last_error_;
    default:
      break;
  }
  if (queue_.size() < options_.max_in_flight && output_.size() < options_.max_output_bytes) {
    return std::nullopt;
  }
  return overloaded();
}

template <class Protocol>
void Connection<Protocol>::cancel(typename Queue::Ticket ticket) {
  Call<Reply>* call = nullptr;
  Phase phase = Phase::none;
  {
    const std::lock_guard lock(mutex_);
    call = queue_.abandon(ticket);
    if (call == nullptr) return;
    phase = phase_of(Left{call, ticket, {}});
  }
  const Error error(ErrorCode::cancelled, "the call was cancelled");
  call->fail(with_phase(error, phase));
}

template <class Protocol>
void Connection<Protocol>::wake(State before) {
  if (before == State::idle) {
    boost::asio::co_spawn(strand_, connect(), boost::asio::detached);
    return;
  }
  auto write = [self = this->shared_from_this()] { self->flush(); };
  // A lone caller writes at once. Where there are more, the next may be about to join this write.
  if (in_flight() > 1) return boost::asio::post(strand_, std::move(write));
  boost::asio::dispatch(strand_, std::move(write));
}

template <class Protocol>
void Connection<Protocol>::orphan() noexcept {
  std::vector<Left> left;
  {
    const std::lock_guard lock(mutex_);
    state_ = State::closed;
    left = queue_.drain();
    depth_ = 0;
  }
  for (const Left& call : left) call.call->drop();
}

template <class Protocol>
void Connection<Protocol>::discard(Error why) {
  boost::asio::post(strand_, [self = this->shared_from_this(), why = std::move(why)] {
    if (self->stream_) self->fail(why);
  });
}

template <class Protocol>
void Connection<Protocol>::close() {
  boost::asio::post(strand_, [self = this->shared_from_this()] {
    {
      const std::lock_guard lock(self->mutex_);
      self->state_ = State::closed;
    }
    self->retry_timer_.cancel();
    self->ticker_.cancel();
    self->fail(store_closed());
  });
}

template <class Protocol>
void Connection<Protocol>::forget() noexcept {
  if (stream_) ::close(stream_->native_handle());
}

// -- Connecting: on the strand --

template <class Protocol>
boost::asio::awaitable<void> Connection<Protocol>::connect() {
  Tether tether(this->shared_from_this());
  std::minstd_rand random(std::random_device{}());
  for (int failures = 0;; ++failures) {
    start_ticking();
    auto opening = open_(Clock::now() + options_.connect_timeout);
    Result<Stream> opened = co_await std::move(opening);
    std::vector<Left> left;
    {
      const std::lock_guard lock(mutex_);
      if (state_ == State::closed) break;
      if (!opened) {
        state_ = State::waiting;
        last_error_ = opened.error();
        output_.clear();
        left = queue_.drain();
        depth_ = 0;
      }
    }
    down_ = !opened;
    if (opened) {
      start(std::move(*opened));
      break;
    }
    for (const Left& late : left) late.call->fail(last_error_);
    retry_timer_.expires_after(full_jitter(reconnect_backoff, failures, random));
    boost::system::error_code ignored;
    auto waiting =
        retry_timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    co_await std::move(waiting);
    const std::lock_guard lock(mutex_);
    if (state_ == State::closed) break;
    state_ = State::connecting;
  }
  const auto self = tether.release();
}

template <class Protocol>
void Connection<Protocol>::start(Stream stream) {
  stream_ = std::make_shared<Stream>(std::move(stream));
  input_.clear();
  parser_ = typename Protocol::Parser();
  last_arrival_ = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    state_ = State::ready;
    flush_coming_ = true;
    queue_.restart(last_arrival_, options_.read_timeout);
  }
  read();
  flush();
}

// -- Writing: on the strand --

template <class Protocol>
void Connection<Protocol>::flush() {
  if (write_in_flight_) return;
  do {
    const std::lock_guard lock(mutex_);
    if (state_ != State::ready) return;
    if (output_.empty()) {
      flush_coming_ = processing_;
      break;
    }
    std::swap(output_, writing_);
    sent_ = queue_.end();
  } while (write());
  start_ticking();
}

template <class Protocol>
bool Connection<Protocol>::write() {
  boost::system::error_code error;
  while (!writing_.empty()) {
    const Stream::Buffers next(pieces_.data(), writing_.gather(pieces_));
    const std::size_t written = stream_->try_write_some(next, error);
    if (error == boost::asio::error::would_block) {
      write_in_flight_ = true;
      auto rest = [self = this->shared_from_this(), stream = stream_](
                      const boost::system::error_code& failed, std::size_t bytes) {
        if (stream != self->stream_) return;
        self->write_in_flight_ = false;
        if (failed) return self->fail(stream_failed(self->options_.peer, failed, Phase::none));
        self->writing_.consume(bytes);
        if (self->write()) self->flush();
      };
      stream_->async_write_some(next, boost::asio::bind_executor(strand_, std::move(rest)));
      return false;
    }
    writing_.consume(written);
    if (error) {
      fail(stream_failed(options_.peer, error, Phase::none));
      return false;
    }
  }
  return true;
}

// -- Reading: on the strand --

template <class Protocol>
void Connection<Protocol>::read() {
  auto arrived = [tether = Tether(this->shared_from_this()), stream = stream_](
                     const boost::system::error_code& failed, std::size_t bytes) mutable {
    const auto self = tether.release();
    if (stream != self->stream_) return;
    if (failed) return self->fail(stream_failed(self->options_.peer, failed, Phase::none));
    self->received(bytes);
  };
  stream_->async_read_some(input_.prepare(wanted()),
                           boost::asio::bind_executor(strand_, std::move(arrived)));
}

template <class Protocol>
std::size_t Connection<Protocol>::wanted() const noexcept {
  if (!input_.unread().empty()) return parser_.wanted();
  return std::min(parser_.consumed(), most_foreseen);
}

template <class Protocol>
void Connection<Protocol>::received(std::size_t bytes) {
  input_.commit(bytes);
  last_arrival_ = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    flush_coming_ = true;
  }
  const std::shared_ptr<Stream> stream = stream_;
  processing_ = true;
  const bool sound = process();
  processing_ = false;
  if (stream != stream_) return;
  if (!sound) return fail(malformed(parser_.error()));
  flush();
  if (stream == stream_) read();
}

template <class Protocol>
bool Connection<Protocol>::process() {
  int completed = 0;
  for (;;) {
    const std::string_view unread = input_.unread();
    if (unread.empty()) return true;
    switch (parser_.parse(unread)) {
      case Protocol::Parser::State::malformed:
        return false;
      case Protocol::Parser::State::need_more:
        return true;
      case Protocol::Parser::State::complete:
        break;
    }
    const Reply reply = parser_.reply(unread);
    if (!deliver(reply)) return false;
    if constexpr (requires { Protocol::ends_connection(reply); }) {
      if (stream_ && Protocol::ends_connection(reply)) {
        fail(out_of_step());
        return true;
      }
    }
    input_.consume(parser_.consumed());
    if (++completed % group_size == 0) flush();
    if (!stream_) return true;
  }
}

template <class Protocol>
bool Connection<Protocol>::deliver(const Reply& reply) {
  if (Protocol::is_push(reply)) return true;
  Call<Reply>* call = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (queue_.empty() || sent_ == queue_.begin()) return false;
    auto& slot = queue_.front();
    if (slot.replies > 1) {
      // Under the lock, because the call may be abandoned at any time before its last reply.
      --slot.replies;
      if (slot.call != nullptr) slot.call->take(reply, input_);
      return true;
    }
    call = slot.call;
    queue_.pop_front();
    depth_.store(queue_.size(), std::memory_order_relaxed);
  }
  if (call != nullptr) {
    call->take(reply, input_);
    call->complete();
  }
  return true;
}

// -- Deadlines and ends: on the strand --

template <class Protocol>
void Connection<Protocol>::start_ticking() {
  if (std::exchange(ticking_, true)) return;
  ticker_.expires_after(tick_period);
  ticker_.async_wait([self = this->shared_from_this()](const boost::system::error_code& stopped) {
    self->ticking_ = false;
    if (!stopped) self->tick();
  });
}

template <class Protocol>
void Connection<Protocol>::tick() {
  std::vector<Left> late;
  std::vector<Phase> phases;
  bool silent = false;
  bool more = false;
  {
    const std::lock_guard lock(mutex_);
    late = queue_.expire(Clock::now());
    for (const Left& left : late) {
      phases.push_back(phase_of(left));
      silent = silent || (phases.back() == Phase::sent && last_arrival_ < left.started);
    }
    more = !queue_.empty();
  }
  for (std::size_t i = 0; i != late.size(); ++i) late[i].call->fail(out_of_time(phases[i]));
  if (silent && stream_) fail(gone_silent());
  if (more) start_ticking();
}

template <class Protocol>
void Connection<Protocol>::fail(const Error& why) {
  const std::shared_ptr<Stream> ended = std::exchange(stream_, nullptr);
  write_in_flight_ = false;
  writing_.clear();
  std::vector<Left> left;
  typename Queue::Ticket sent = 0;
  bool again = false;
  {
    const std::lock_guard lock(mutex_);
    left = queue_.drain();
    depth_ = 0;
    output_.clear();
    sent = std::exchange(sent_, queue_.end());
    flush_coming_ = false;
    if (ended && state_ == State::ready) {
      state_ = State::connecting;
      again = true;
    }
  }
  if (ended && !left.empty()) {
    ended->reset();  // an unanswered write must not overtake a later one
  } else if (ended) {
    ended->close();
  }
  for (const Left& call : left) {
    call.call->fail(with_phase(why, call.ticket < sent ? Phase::sent : Phase::queued));
  }
  if (again) boost::asio::co_spawn(strand_, connect(), boost::asio::detached);
}

template <class Protocol>
Phase Connection<Protocol>::phase_of(const Left& left) const {
  if (state_ != State::ready) return Phase::connecting;
  return left.ticket < sent_ ? Phase::sent : Phase::queued;
}

}  // namespace semantrix::net
