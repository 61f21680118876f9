#include "support/http_server.hpp"

#include "support/io_thread.hpp"
#include "support/listener.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <mutex>
#include <optional>
#include <string>

namespace semantrix::testing {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

bool same(std::string_view left, std::string_view right) {
  return std::equal(
      left.begin(), left.end(), right.begin(), right.end(),
      [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

std::string_view line(std::string_view& text) {
  const std::size_t end = text.find("\r\n");
  const std::string_view found = text.substr(0, end);
  text.remove_prefix(std::min(end + 2, text.size()));
  return found;
}

/// Takes one whole request from the front of what has come.
std::optional<HttpArrival> take_request(std::string& unread) {
  const std::size_t end = unread.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  HttpArrival arrival;
  std::string_view head = std::string_view(unread).substr(0, end + 2);
  const std::string_view first = line(head);
  const std::size_t space = first.find(' ');
  arrival.method = first.substr(0, space);
  arrival.target = first.substr(space + 1, first.rfind(' ') - space - 1);
  while (!head.empty()) {
    const std::string_view header = line(head);
    const std::size_t colon = header.find(": ");
    arrival.headers.emplace_back(header.substr(0, colon), header.substr(colon + 2));
  }
  const std::string length(arrival.header("content-length"));
  const std::size_t body = length.empty() ? 0 : std::stoul(length);
  if (unread.size() < end + 4 + body) return std::nullopt;
  arrival.body = unread.substr(end + 4, body);
  unread.erase(0, end + 4 + body);
  return arrival;
}

}  // namespace

std::string_view HttpArrival::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (same(key, name)) return value;
  }
  return {};
}

std::string http_response(int status, std::string_view body, std::string_view more_headers) {
  std::string response = "HTTP/1.1 " + std::to_string(status) + " X\r\n";
  response.append(more_headers);
  response.append("Content-Length: " + std::to_string(body.size()) + "\r\n\r\n").append(body);
  return response;
}

class HttpServer::Core {
 public:
  explicit Core(Answer answer)
      : answer_(std::move(answer)),
        acceptor_(listen_on_loopback(thread_.context())),
        port_(acceptor_.local_endpoint().port()) {
    asio::co_spawn(thread_.context(), accept(), asio::detached);
  }
  ~Core() { thread_.stop(); }
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  void answer(Answer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }
  [[nodiscard]] std::vector<HttpArrival> arrivals() const {
    const std::lock_guard lock(mutex_);
    return arrivals_;
  }
  [[nodiscard]] std::size_t connections() const {
    const std::lock_guard lock(mutex_);
    return accepted_;
  }
  [[nodiscard]] std::size_t open() const {
    const std::lock_guard lock(mutex_);
    return open_.size();
  }
  void close_idle() {
    // Who has read a response may be here before the server knows that it was written.
    thread_.run([] {});
    thread_.run([this] {
      const std::lock_guard lock(mutex_);
      for (const auto& connection : open_) {
        boost::system::error_code ignored;
        if (!connection->busy) connection->socket.shutdown(tcp::socket::shutdown_both, ignored);
      }
    });
  }

 private:
  // Not in a coroutine's frame: GCC 12 warns of how large ones are freed.
  struct Connection {
    Connection(tcp::socket accepted, std::size_t its_number)
        : socket(std::move(accepted)), number(its_number), pause(socket.get_executor()) {}

    tcp::socket socket;
    std::size_t number;
    asio::steady_timer pause;
    bool busy = false;
    std::string unread = {};
    std::array<char, 65536> buffer{};
  };
  using Shared = std::shared_ptr<Connection>;

  asio::awaitable<void> accept() {
    for (;;) {
      tcp::socket client(thread_.context());
      boost::system::error_code error;
      co_await acceptor_.async_accept(client, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      client.set_option(tcp::no_delay(true), error);
      auto connection = welcome(std::move(client));
      asio::co_spawn(thread_.context(), serve(std::move(connection)), asio::detached);
    }
  }

  Shared welcome(tcp::socket client) {
    const std::lock_guard lock(mutex_);
    open_.push_back(std::make_shared<Connection>(std::move(client), accepted_++));
    return open_.back();
  }

  asio::awaitable<void> serve(Shared connection) {
    auto serving = exchange(connection);
    co_await std::move(serving);
    const std::lock_guard lock(mutex_);
    std::erase(open_, connection);
  }

  asio::awaitable<void> exchange(Shared connection) {
    boost::system::error_code error;
    for (;;) {
      auto request = take_request(connection->unread);
      if (!request) {
        const std::size_t size = co_await connection->socket.async_read_some(
            asio::buffer(connection->buffer), asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return;
        connection->unread.append(connection->buffer.data(), size);
        continue;
      }
      request->connection = connection->number;
      connection->busy = true;
      const HttpReply reply = answer_to(*request);
      if (reply.delay.count() != 0) {
        connection->pause.expires_after(reply.delay);
        co_await connection->pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
      }
      co_await asio::async_write(connection->socket, asio::buffer(reply.bytes),
                                 asio::redirect_error(asio::use_awaitable, error));
      connection->busy = false;
      if (error || reply.close) break;
    }
    connection->socket.close(error);
  }

  HttpReply answer_to(const HttpArrival& arrival) {
    const std::lock_guard lock(mutex_);
    arrivals_.push_back(arrival);
    return answer_(arrival);
  }

  mutable std::mutex mutex_;
  Answer answer_;
  std::vector<HttpArrival> arrivals_;
  std::size_t accepted_ = 0;
  IoThread thread_;
  std::vector<Shared> open_;  // sockets go before their context
  tcp::acceptor acceptor_;
  std::uint16_t port_;
};

HttpServer::HttpServer(Answer answer) : core_(std::make_unique<Core>(std::move(answer))) {}
HttpServer::~HttpServer() = default;

Endpoint HttpServer::endpoint() const { return {.port = core_->port()}; }
std::string HttpServer::url() const { return "http://127.0.0.1:" + std::to_string(core_->port()); }
void HttpServer::answer(Answer answer) { core_->answer(std::move(answer)); }
std::vector<HttpArrival> HttpServer::arrivals() const { return core_->arrivals(); }
std::size_t HttpServer::connections() const { return core_->connections(); }
std::size_t HttpServer::open_connections() const { return core_->open(); }
void HttpServer::close_idle() { core_->close_idle(); }

}  // namespace semantrix::testing
