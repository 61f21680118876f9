#pragma once

#include "net/backoff.hpp"
#include "net/call.hpp"
#include "net/call_queue.hpp"
#include "net/connection_errors.hpp"
#include "net/connection_options.hpp"
#include "net/handled_call.hpp"
#include "net/output_buffer.hpp"
#include "net/read_buffer.hpp"
#include "net/stream.hpp"
#include "net/tls_error.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace semantrix::net {

/// One multiplexed connection: many calls share one stream, and each gets its own replies.
///
/// Requests are appended under a short lock by whoever calls; one write is in flight at a time, and
/// what gathers meanwhile leaves with the next. One reader parses all that has arrived and
/// completes the callers in groups, with a write after each group, so that under load a system call
/// serves many. A lone caller pays no hop: its own thread writes. Deadlines are fields, looked at
/// by one timer; a call that is cancelled or late is answered at once and leaves its slot, whose
/// reply is dropped. A connection on which nothing arrives for as long as a call waits is taken for
/// dead.
///
/// Connects on the first call and again, in the background, whenever the stream ends; calls made
/// between two attempts fail at once with why the last one failed. What the peer says unasked is
/// passed over. Thread-safe. Held by shared_ptr; `close()` must be called before the last one goes.
///
/// The context of the executor must outlive the connection. If it is destroyed without having been
/// run to its end, it lets go of the connection, and the calls that are left are destroyed with
/// their handlers, which hear nothing: their own executors may be gone as well.
///
/// `Protocol` names `Reply` and `Parser` (as in protocol/resp) and has `is_push(const Reply&)`. It
/// may have `ends_connection(const Reply&)`: after such a reply nothing that comes is believed.
template <class Protocol>
class Connection : public std::enable_shared_from_this<Connection<Protocol>> {
 public:
  using Reply = typename Protocol::Reply;
  using Clock = std::chrono::steady_clock;
  using TimePoint = Clock::time_point;
  /// Makes a stream that is ready for requests: connected, greeted, authenticated. Runs on the
  /// connection's strand.
  using Open = std::function<boost::asio::awaitable<Result<Stream>>(TimePoint deadline)>;

  Connection(const boost::asio::any_io_executor& executor, ConnectionOptions options, Open open);
  ~Connection();

  /// Sends what `encode(OutputBuffer&)` appends and gives what the decoder makes of the replies:
  /// `void(Result<Decoder::Answer>)`. `encode` is called before this returns, under the lock.
  /// Errors: timeout (phase tells how far it came), connection_lost, closed, cancelled, overloaded,
  /// protocol_error, and whatever connecting failed with.
  template <class Decoder, class Encode, class Token>
  auto async_call(std::uint32_t replies, TimePoint deadline, Decoder decoder, Encode encode,
                  Token&& token) {
    auto initiation = [this, replies, deadline, encode = std::move(encode)](
                          auto handler, Decoder decode) mutable {
      this->submit(replies, deadline, std::move(decode), encode, std::move(handler));
    };
    return boost::asio::async_initiate<Token, void(Result<typename Decoder::Answer>)>(
        std::move(initiation), token, std::move(decoder));
  }

  /// Ends the stream, as if the peer had, and connects anew: for peers that are not what they were.
  void discard(Error why);

  /// Fails what is under way with `closed`. Does not block; calls afterwards fail at once.
  void close();

  /// In a child of `fork`, where no other thread is left: lets go of the parent's socket without a
  /// word on it. Nothing else may be done with this connection there, not even destroying it.
  void forget() noexcept;

  /// Calls that await replies. One relaxed load.
  [[nodiscard]] std::size_t in_flight() const noexcept {
    return depth_.load(std::memory_order_relaxed);
  }

  /// Whether the peer could not be reached when it was last tried. One relaxed load.
  [[nodiscard]] bool is_down() const noexcept { return down_.load(std::memory_order_relaxed); }

  /// What is posted there after `close()` runs when everything has ended.
  [[nodiscard]] boost::asio::any_io_executor executor() const { return strand_; }

 private:
  enum class State : std::uint8_t { idle, connecting, ready, waiting, closed };
  using Queue = CallQueue<Call<Reply>>;
  using Left = typename Queue::Left;
  static constexpr std::chrono::milliseconds tick_period{10};
  /// Calls completed between two writes: enough to fill a write, few enough to keep the peer busy.
  static constexpr int group_size = 32;
  /// Room that is made for a reply because the last one took as much.
  static constexpr std::size_t most_foreseen = std::size_t{1024} * 1024;

  template <class Decoder, class Encode, class Handler>
  void submit(std::uint32_t replies, TimePoint deadline, Decoder decoder, Encode& encode,
              Handler handler);
  [[nodiscard]] std::optional<Error> refusal() const;
  void cancel(typename Queue::Ticket ticket);

  /// Held by what keeps the connection going. If that is destroyed without having run, the executor
  /// is gone, and with it everybody who waits: their calls must not keep the connection alive.
  class Tether {
   public:
    explicit Tether(std::shared_ptr<Connection> self) noexcept : self_(std::move(self)) {}
    Tether(Tether&&) noexcept = default;
    Tether& operator=(Tether&&) = delete;
    ~Tether() {
      if (self_) self_->orphan();
    }
    /// It runs.
    std::shared_ptr<Connection> release() noexcept { return std::move(self_); }

   private:
    std::shared_ptr<Connection> self_;
  };
  void orphan() noexcept;

  void wake(State before);
  boost::asio::awaitable<void> connect();
  void start(Stream stream);

  void flush();
  bool write();
  void read();
  [[nodiscard]] std::size_t wanted() const noexcept;
  void received(std::size_t bytes);
  bool process();
  bool deliver(const Reply& reply);

  void tick();
  void start_ticking();
  void fail(const Error& why);
  [[nodiscard]] Phase phase_of(const Left& left) const;

  const ConnectionOptions options_;
  const Open open_;
  boost::asio::strand<boost::asio::any_io_executor> strand_;

  mutable std::mutex mutex_;  // guards what follows, up to the strand's own
  State state_ = State::idle;
  Queue queue_;
  std::atomic<std::size_t> depth_{0};  // of queue_, for those without the lock
  std::atomic<bool> down_{false};
  OutputBuffer output_;
  bool flush_coming_ = false;        // somebody on the strand will call flush()
  typename Queue::Ticket sent_ = 0;  // calls before it may have left
  Error last_error_;

  // Touched on the strand alone.
  std::shared_ptr<Stream> stream_;
  OutputBuffer writing_;
  std::array<boost::asio::const_buffer, 64> pieces_;  // of writing_, while they are written
  bool write_in_flight_ = false;
  bool processing_ = false;  // what has arrived; a flush follows
  ReadBuffer input_;
  typename Protocol::Parser parser_;
  TimePoint last_arrival_;
  boost::asio::steady_timer ticker_;
  bool ticking_ = false;
  boost::asio::steady_timer retry_timer_;
};

}  // namespace semantrix::net

#include "net/connection.ipp"
