#pragma once

#include "net/dial.hpp"
#include "net/http_client.hpp"
#include "net/http_connection.hpp"
#include "net/http_exchange.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace semantrix::net {

/// The connections of one HTTP client, and the requests that wait for one. Thread-safe.
class HttpPool : public std::enable_shared_from_this<HttpPool> {
 public:
  using Clock = std::chrono::steady_clock;
  using Connection = std::shared_ptr<HttpConnection>;
  using Exchange = std::shared_ptr<HttpExchange>;

  HttpPool(boost::asio::any_io_executor executor, HttpEndpoint endpoint, HttpOptions options);

  /// Gives the request the connection that was used last, or a new one, or a place in the queue.
  void submit(Exchange exchange);
  /// A request whose reused connection had ended: it gets a new one.
  void resubmit(Exchange exchange);

  // -- What connections say --

  /// It is free: gives it the next request that waits, or lets it rest.
  void idle(const Connection& connection);
  /// It is made.
  void established();
  /// An established one has ended.
  void ended(const Connection& connection);
  /// It could not be made. Where there is no other, nor could it for those who wait.
  void unreachable(const Connection& connection, const Error& why);
  /// The executor is gone.
  void orphan() noexcept;

  void close();
  /// In a child of `fork`: see `HttpClient::forget`.
  void forget_sockets() noexcept;
  [[nodiscard]] std::vector<Connection> connections() const;
  [[nodiscard]] HttpCounts counts() const;

  [[nodiscard]] Destination destination() const;
  [[nodiscard]] const boost::asio::any_io_executor& executor() const noexcept { return executor_; }
  [[nodiscard]] const HttpEndpoint& endpoint() const noexcept { return endpoint_; }
  [[nodiscard]] const HttpOptions& options() const noexcept { return options_; }
  [[nodiscard]] const std::string& host() const noexcept { return host_; }

 private:
  [[nodiscard]] Connection take_idle(std::vector<Connection>& stale);
  [[nodiscard]] Connection open();
  [[nodiscard]] Exchange next_waiting();
  void forget(const Connection& connection);
  void watch_waiting();
  void expire_waiting();

  const boost::asio::any_io_executor executor_;
  const HttpEndpoint endpoint_;
  const HttpOptions options_;
  const std::string host_;
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> connects_{0};
  std::atomic<std::uint64_t> resent_{0};

  mutable std::mutex mutex_;             // guards what follows
  std::vector<Connection> connections_;  // all that have not ended
  std::vector<Connection> idle_;         // the one used last is last
  std::deque<Exchange> waiting_;
  std::size_t established_ = 0;
  bool watching_ = false;
  bool closed_ = false;
  boost::asio::strand<boost::asio::any_io_executor> strand_;  // of the timer
  boost::asio::steady_timer timer_;
};

}  // namespace semantrix::net
