#pragma once

#include "net/http_exchange.hpp"
#include "net/stream.hpp"
#include "protocol/http/response_parser.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <utility>

namespace semantrix::net {

class HttpPool;

/// One connection of an HTTP client: a request at a time, and a read that is always under way, so
/// that an idle connection's end is noticed when it comes. Everything happens on its strand; times
/// are looked at by one timer, which is moved when it fires and not for each request.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  using Clock = std::chrono::steady_clock;

  explicit HttpConnection(std::shared_ptr<HttpPool> pool);
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;
  ~HttpConnection() = default;

  /// Sends the request, connecting first if need be. From any thread; the connection is the
  /// exchange's until it tells the pool otherwise.
  void start(std::shared_ptr<HttpExchange> exchange);
  /// Fails what is under way with `closed`. From any thread.
  void close();
  /// In a child of `fork`: lets go of the parent's socket.
  void forget() noexcept;

  [[nodiscard]] boost::asio::any_io_executor strand() const { return strand_; }
  /// When it fell idle. Under the pool's lock.
  Clock::time_point idle_since;

 private:
  /// Held by what keeps the connection going. Destroyed without having run, it says that the
  /// executor is gone and with it everybody who waits.
  class Tether {
   public:
    explicit Tether(std::shared_ptr<HttpConnection> self) noexcept : self_(std::move(self)) {}
    Tether(Tether&&) noexcept = default;
    Tether& operator=(Tether&&) = delete;
    ~Tether() {
      if (self_) self_->orphan();
    }
    [[nodiscard]] const HttpConnection& operator*() const noexcept { return *self_; }
    std::shared_ptr<HttpConnection> release() noexcept { return std::move(self_); }

   private:
    std::shared_ptr<HttpConnection> self_;
  };
  void orphan() noexcept;

  void begin(std::shared_ptr<HttpExchange> exchange);
  static boost::asio::awaitable<void> connect(Tether tether);
  void connected(Result<Stream> stream);
  void send();
  void write();
  void read();
  void received(std::size_t bytes);
  void finish(bool keep);
  void lost(boost::system::error_code why);
  void end(const Error& why);
  void shut();
  void watch();
  void look_at_the_clock();

  const std::shared_ptr<HttpPool> pool_;
  boost::asio::strand<boost::asio::any_io_executor> strand_;
  boost::asio::steady_timer timer_;
  bool watching_ = false;
  Clock::time_point limit_;  // of the exchange

  std::shared_ptr<Stream> stream_;
  std::shared_ptr<HttpExchange> exchange_;  // null: idle
  std::array<boost::asio::const_buffer, 2> pieces_;
  std::size_t written_ = 0;
  bool writing_ = false;
  bool reused_ = false;  // it has carried a request before this one
  bool ended_ = false;
  std::array<char, std::size_t{32} * 1024> input_;
  http::ResponseParser parser_;
};

}  // namespace semantrix::net
