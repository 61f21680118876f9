#include "net/dialogue.hpp"
#include "net/stream.hpp"
#include "protocol/http/request_head.hpp"
#include <semantrix/metrics.hpp>
#include <semantrix/metrics_server.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/socket.h>

#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

/// A server for one kind of question. All of it happens on one strand.
namespace semantrix {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr std::size_t most_head_bytes = 8192;
constexpr std::size_t read_at_once = 2048;
/// What is read and dropped after a refusal, so that closing does not destroy the answer.
constexpr std::size_t most_dropped_bytes = std::size_t{256} * 1024;
constexpr std::chrono::milliseconds pause_without_descriptors{100};

std::string_view reason_of(int status) noexcept {
  switch (status) {
    case 200:
      return "OK";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Bad Request";
  }
}

std::string encode(int status, std::string_view body, bool head_only) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " ";
  text.append(reason_of(status));
  text.append("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
  if (status == 405) text.append("Allow: GET, HEAD\r\n");
  text.append("Content-Length: ").append(std::to_string(body.size()));
  text.append("\r\nConnection: close\r\n\r\n");
  if (!head_only) text.append(body);
  return text;
}

std::string refusal(int status) {
  const std::string_view words =
      status == 404 ? "the figures are at /metrics\n" : "GET /metrics is what is answered here\n";
  return encode(status, words, false);
}

Error cannot_listen(const MetricsServerOptions& options, const boost::system::error_code& why) {
  const std::string where = options.address + " port " + std::to_string(options.port);
  if (why == asio::error::address_in_use) {
    return {ErrorCode::busy, "another program listens on " + where, "choose another port"};
  }
  if (why == asio::error::access_denied) {
    return {ErrorCode::permission_denied, "this process may not listen on " + where,
            "choose a port above 1023"};
  }
  return {ErrorCode::connect_failed, "cannot listen on " + where + ": " + why.message(),
          "choose an address of this machine"};
}

std::optional<Error> refuse(const MetricsServerOptions& options) {
  if (options.max_connections == 0) {
    return Error(ErrorCode::invalid_argument, "max_connections must be at least 1");
  }
  if (options.timeout.count() <= 0) {
    return Error(ErrorCode::invalid_argument, "timeout must be positive");
  }
  return std::nullopt;
}

/// Listens, or throws.
tcp::acceptor listen(const asio::any_io_executor& executor, const MetricsServerOptions& options) {
  if (const auto refused = refuse(options)) throw CacheError(*refused);
  boost::system::error_code failed;
  const auto address = asio::ip::make_address(options.address, failed);
  if (failed) {
    throw CacheError(Error(ErrorCode::invalid_argument, "address must be an IP address",
                           "write 127.0.0.1, or 0.0.0.0 for all"));
  }
  tcp::acceptor acceptor(executor);
  const tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), failed);
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor.bind(endpoint, failed);
  if (!failed) acceptor.listen(tcp::acceptor::max_listen_connections, failed);
  if (failed) throw CacheError(cannot_listen(options, failed));
  return acceptor;
}

}  // namespace

class MetricsServer::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(Source source, MetricsServerOptions options, const asio::any_io_executor& executor)
      : source_(std::move(source)),
        options_(std::move(options)),
        strand_(asio::make_strand(executor)),
        acceptor_(strand_),
        timer_(strand_) {}

  std::uint16_t start() {
    const std::lock_guard lock(mutex_);
    if (started_) {
      throw CacheError(
          Error(ErrorCode::busy, "the metrics server was started before", "make another one"));
    }
    tcp::acceptor acceptor = listen(strand_, options_);
    const std::uint16_t port = acceptor.local_endpoint().port();
    acceptor_ = std::move(acceptor);
    started_ = true;
    asio::co_spawn(strand_, accept(shared_from_this()), asio::detached);
    return port;
  }

  void stop() noexcept {
    const auto close = [self = shared_from_this()] {
      boost::system::error_code ignored;
      const std::lock_guard lock(self->mutex_);
      self->stopped_ = true;
      self->started_ = true;
      self->acceptor_.close(ignored);
      self->timer_.cancel();
      for (net::Stream* stream : self->open_) stream->close();
    };
    try {
      asio::post(strand_, close);
    } catch (...) {
      // Without memory nothing can be posted; the sockets close with the process.
    }
  }

 private:
  using Shared = std::shared_ptr<Core>;

  static awaitable<void> accept(Shared self) {
    while (!self->stopped_) {
      boost::system::error_code failed;
      auto accepting =
          self->acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, failed));
      tcp::socket socket = co_await std::move(accepting);
      if (self->stopped_) co_return;
      if (failed) {
        // Descriptors ran out, or whoever called hung up: neither is a reason to end, or to spin.
        self->timer_.expires_after(pause_without_descriptors);
        auto waiting = self->timer_.async_wait(asio::redirect_error(asio::use_awaitable, failed));
        co_await std::move(waiting);
        continue;
      }
      if (self->open_.size() >= self->options_.max_connections) continue;
      auto stream = std::make_unique<net::Stream>(std::move(socket));
      asio::co_spawn(self->strand_, serve(self, std::move(stream)), asio::detached);
    }
  }

  static awaitable<void> serve(Shared self, std::unique_ptr<net::Stream> stream) {
    self->open_.insert(stream.get());
    const net::Alarm alarm(*stream, Clock::now() + self->options_.timeout);
    try {
      auto answering = answer(self, *stream);
      co_await std::move(answering);
    } catch (const std::exception&) {
      // Out of memory: this connection ends, the others go on.
    }
    self->open_.erase(stream.get());
    stream->close();
  }

  static awaitable<Result<void>> receive(net::Stream& stream, net::ReadBuffer& buffer) {
    const net::Endpoint peer;
    auto reading = net::receive_some(stream, peer, buffer, buffer.unread().size() + read_at_once);
    co_return co_await std::move(reading);
  }

  static awaitable<void> answer(Shared self, net::Stream& stream) {
    net::ReadBuffer buffer;
    std::optional<http::RequestHead> head;
    while (!head) {
      auto reading = receive(stream, buffer);
      const Result<void> read = co_await std::move(reading);
      if (!read) co_return;
      head = http::read_request_head(buffer.unread(), most_head_bytes);
    }
    auto replying = self->reply(*head);
    std::string response = co_await std::move(replying);
    const net::Endpoint peer;
    auto sending = net::send_all(stream, peer, std::move(response));
    const Result<void> sent = co_await std::move(sending);
    if (!sent) co_return;
    auto saying_goodbye = say_goodbye(stream, buffer);
    co_await std::move(saying_goodbye);
  }

  awaitable<std::string> reply(const http::RequestHead& head) {
    if (head.status != 200) co_return refusal(head.status);
    if (head.path != "/metrics") co_return refusal(404);
    const bool head_only = head.method == "HEAD";
    if (!head_only && head.method != "GET") co_return refusal(405);
    std::string body;
    int status = 200;
    try {
      auto asking = source_();
      body = co_await std::move(asking);
    } catch (const std::exception& failure) {
      status = 500;
      body = failure.what();
      body += '\n';
    }
    co_return encode(status, body, head_only);
  }

  /// Closing with bytes unread resets the connection, and with it the answer.
  static awaitable<void> say_goodbye(net::Stream& stream, net::ReadBuffer& buffer) {
    ::shutdown(stream.native_handle(), SHUT_WR);
    for (std::size_t dropped = 0; dropped < most_dropped_bytes;) {
      buffer.consume(buffer.unread().size());
      auto reading = receive(stream, buffer);
      const Result<void> read = co_await std::move(reading);
      if (!read) co_return;
      dropped += buffer.unread().size();
    }
  }

  const Source source_;
  const MetricsServerOptions options_;
  const asio::strand<asio::any_io_executor> strand_;
  std::mutex mutex_;  // of starting and stopping
  bool started_ = false;
  // What follows is touched on the strand alone, once started.
  std::atomic<bool> stopped_{false};
  tcp::acceptor acceptor_;
  asio::steady_timer timer_;
  std::set<net::Stream*> open_;
};

namespace {

MetricsServer::Source figures_of(std::shared_ptr<CacheStore> store) {
  return [store = std::move(store)] { return metrics_text(*store); };
}

}  // namespace

MetricsServer::MetricsServer(std::shared_ptr<CacheStore> store, MetricsServerOptions options,
                             const boost::asio::any_io_executor& executor)
    : MetricsServer(figures_of(std::move(store)), std::move(options), executor) {}

MetricsServer::MetricsServer(Source source, MetricsServerOptions options,
                             const boost::asio::any_io_executor& executor)
    : core_(std::make_shared<Core>(std::move(source), std::move(options), executor)) {}

MetricsServer::~MetricsServer() { stop(); }

std::uint16_t MetricsServer::start() { return core_->start(); }

void MetricsServer::stop() noexcept { core_->stop(); }

}  // namespace semantrix
