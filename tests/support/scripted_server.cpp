#include "support/scripted_server.hpp"

#include "support/io_thread.hpp"
#include "support/listener.hpp"
#include "support/scripted_connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace semantrix::testing {

namespace asio = boost::asio;

std::map<std::string, std::string> redis_handshake() {
  return {{"HELLO",
           "%7\r\n+server\r\n+redis\r\n+version\r\n+7.0.15\r\n+proto\r\n:3\r\n+id\r\n:1\r\n"
           "+mode\r\n+standalone\r\n+role\r\n+master\r\n+modules\r\n*0\r\n"},
          {"AUTH", "+OK\r\n"},
          {"CLIENT", "+OK\r\n"},
          {"SELECT", "+OK\r\n"},
          {"READONLY", "+OK\r\n"},
          {"PING", "+PONG\r\n"}};
}

class ScriptedServer::Core {
 public:
  explicit Core(std::vector<Dialogue> dialogues)
      : dialogues_(std::move(dialogues)),
        acceptor_(listen_on_loopback(thread_.context())),
        port_(acceptor_.local_endpoint().port()) {
    if (dialogues_.empty()) throw std::invalid_argument("a scripted server needs a dialogue");
    asio::co_spawn(thread_.context(), accept(), asio::detached);
  }

  ~Core() { thread_.stop(); }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  ScriptState& state() { return state_; }

  template <class Reached>
  void wait(std::chrono::milliseconds longest, const char* what, Reached reached) {
    std::unique_lock lock(state_.mutex);
    if (!state_.changed.wait_for(lock, longest, reached)) {
      throw std::runtime_error(std::string("the scripted server's dialogue did not ") + what +
                               " in time; " + state_.failure);
    }
  }

 private:
  asio::awaitable<void> accept() {
    for (std::size_t number = 0;; ++number) {
      asio::ip::tcp::socket client(thread_.context());
      boost::system::error_code error;
      co_await acceptor_.async_accept(client, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      Dialogue dialogue = dialogues_.at(std::min(number, dialogues_.size() - 1));
      asio::co_spawn(thread_.context(), serve(std::move(client), std::move(dialogue)),
                     asio::detached);
    }
  }

  asio::awaitable<void> serve(asio::ip::tcp::socket client, Dialogue dialogue) {
    ScriptedConnection connection(std::move(client), state_);
    co_await connection.play(std::move(dialogue));
  }

  std::vector<Dialogue> dialogues_;
  ScriptState state_;
  IoThread thread_;
  asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;
};

ScriptedServer::ScriptedServer(std::vector<Dialogue> dialogues)
    : core_(std::make_unique<Core>(std::move(dialogues))) {}
ScriptedServer::~ScriptedServer() = default;

Endpoint ScriptedServer::endpoint() const { return {.port = core_->port()}; }

void ScriptedServer::resume() {
  const std::lock_guard lock(core_->state().mutex);
  ++core_->state().resumes;
}

void ScriptedServer::wait_until_paused(std::chrono::milliseconds longest) {
  core_->wait(longest, "pause", [this] { return core_->state().paused > 0; });
}

void ScriptedServer::wait_until_ended(std::size_t dialogues, std::chrono::milliseconds longest) {
  core_->wait(longest, "end", [this, dialogues] { return core_->state().ended >= dialogues; });
}

std::string ScriptedServer::received(std::size_t connection) const {
  const std::lock_guard lock(core_->state().mutex);
  const auto& received = core_->state().received;
  return connection < received.size() ? received[connection] : std::string();
}

std::vector<RespCommand> ScriptedServer::commands(std::size_t connection) const {
  std::string bytes = received(connection);
  std::vector<RespCommand> found;
  while (auto words = take_command(bytes)) found.push_back(std::move(*words));
  return found;
}

std::size_t ScriptedServer::connections() const {
  const std::lock_guard lock(core_->state().mutex);
  return core_->state().received.size();
}

std::string ScriptedServer::failure() const {
  const std::lock_guard lock(core_->state().mutex);
  return core_->state().failure;
}

}  // namespace semantrix::testing
