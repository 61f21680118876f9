#include "support/answering_server.hpp"

#include "support/io_thread.hpp"
#include "support/listener.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

namespace semantrix::testing {

namespace asio = boost::asio;
using asio::ip::tcp;

class AnsweringServer::Core {
 public:
  Core()
      : acceptor_(listen_on_loopback(thread_.context())), port_(acceptor_.local_endpoint().port()) {
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
  [[nodiscard]] std::vector<Arrival> arrivals() const {
    const std::lock_guard lock(mutex_);
    return arrivals_;
  }
  [[nodiscard]] std::size_t connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
  }

 private:
  // Not in a coroutine's frame: GCC 12 warns of how large ones are freed.
  struct Connection {
    Connection(tcp::socket accepted, std::size_t its_number)
        : socket(std::move(accepted)), number(its_number) {}

    tcp::socket socket;
    std::size_t number;
    std::string unread = {};
    std::array<char, 16384> buffer{};
  };

  asio::awaitable<void> accept() {
    for (;;) {
      tcp::socket client(thread_.context());
      boost::system::error_code error;
      co_await acceptor_.async_accept(client, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      client.set_option(tcp::no_delay(true), error);
      auto connection = std::make_shared<Connection>(std::move(client), next_number());
      asio::co_spawn(thread_.context(), serve(std::move(connection)), asio::detached);
    }
  }

  std::size_t next_number() {
    const std::lock_guard lock(mutex_);
    return connections_++;
  }

  asio::awaitable<void> serve(std::shared_ptr<Connection> connection) {
    boost::system::error_code error;
    for (;;) {
      const std::size_t size = co_await connection->socket.async_read_some(
          asio::buffer(connection->buffer), asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      connection->unread.append(connection->buffer.data(), size);
      std::string out;
      const bool goes_on = take_all(*connection, out);
      co_await asio::async_write(connection->socket, asio::buffer(out),
                                 asio::redirect_error(asio::use_awaitable, error));
      if (error || !goes_on) co_return;
    }
  }

  /// Whether the connection stays open.
  bool take_all(Connection& connection, std::string& out) {
    while (auto words = take_command(connection.unread)) {
      const std::optional<std::string> bytes = answer_to({connection.number, std::move(*words)});
      if (!bytes) return false;
      out += *bytes;
    }
    return true;
  }

  std::optional<std::string> answer_to(const Arrival& arrival) {
    const std::lock_guard lock(mutex_);
    arrivals_.push_back(arrival);
    return answer_ ? answer_(arrival) : std::string();
  }

  mutable std::mutex mutex_;
  Answer answer_;
  std::vector<Arrival> arrivals_;
  std::size_t connections_ = 0;
  IoThread thread_;
  tcp::acceptor acceptor_;
  std::uint16_t port_;
};

AnsweringServer::AnsweringServer() : core_(std::make_unique<Core>()) {}
AnsweringServer::~AnsweringServer() = default;

Endpoint AnsweringServer::endpoint() const { return {.port = core_->port()}; }
void AnsweringServer::answer(Answer answer) { core_->answer(std::move(answer)); }
std::vector<AnsweringServer::Arrival> AnsweringServer::arrivals() const {
  return core_->arrivals();
}

std::size_t AnsweringServer::count(std::string_view command) const {
  const std::vector<Arrival> all = arrivals();
  return static_cast<std::size_t>(std::ranges::count_if(
      all, [command](const Arrival& arrival) { return same_name(arrival.words.at(0), command); }));
}

std::size_t AnsweringServer::connections() const { return core_->connections(); }

}  // namespace semantrix::testing
