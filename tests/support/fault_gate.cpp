#include "support/fault_gate.hpp"

#include "support/gate_connection.hpp"
#include "support/io_thread.hpp"
#include "support/listener.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>
#include <vector>

namespace semantrix::testing {

namespace asio = boost::asio;
using asio::ip::tcp;

/// Everything but the constructor and the destructor runs on the thread.
class FaultGate::Core {
 public:
  explicit Core(const Endpoint& server)
      : server_(asio::ip::make_address(server.host), server.port),
        acceptor_(listen_on_loopback(thread_.context())),
        port_(acceptor_.local_endpoint().port()) {
    thread_.run([this] { start_accepting(); });
  }

  ~Core() {
    thread_.run([this] {
      acceptor_.close();
      close_all();
    });
    thread_.stop();
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }

  template <class Work>
  auto run(Work work) {
    return thread_.run(std::move(work));
  }

  GateRules& rules() { return rules_; }

  void blackhole() {
    rules_.way(Direction::to_server).drop = true;
    rules_.way(Direction::to_client).drop = true;
    rules_.dial = false;
  }

  void half_close(Direction direction) {
    for (const auto& connection : open_connections()) connection->half_close(direction);
  }
  void close_all() {
    for (const auto& connection : open_connections()) connection->close();
  }
  void reset_all() {
    for (const auto& connection : open_connections()) connection->reset();
  }

  void refuse() { acceptor_.close(); }

  void accept_again() {
    if (acceptor_.is_open()) return;
    acceptor_ = listen_on_loopback(thread_.context(), port_);
    start_accepting();
  }

  GateCounts counts() {
    return {.connections = accepted_,
            .open = open_connections().size(),
            .bytes_to_server = rules_.way(Direction::to_server).bytes,
            .bytes_to_client = rules_.way(Direction::to_client).bytes};
  }

 private:
  void start_accepting() { asio::co_spawn(thread_.context(), accept(), asio::detached); }

  asio::awaitable<void> accept() {
    for (;;) {
      tcp::socket client(thread_.context());
      boost::system::error_code error;
      co_await acceptor_.async_accept(client, asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor)
        co_return;
      if (error) continue;
      ++accepted_;
      auto connection = std::make_shared<GateConnection>(std::move(client), rules_);
      connections_.push_back(connection);
      connection->start(server_);
    }
  }

  std::vector<std::shared_ptr<GateConnection>> open_connections() {
    std::vector<std::shared_ptr<GateConnection>> open;
    std::erase_if(connections_, [&open](const std::weak_ptr<GateConnection>& each) {
      auto connection = each.lock();
      const bool gone = !connection || !connection->is_open();
      if (!gone) open.push_back(std::move(connection));
      return gone;
    });
    return open;
  }

  tcp::endpoint server_;
  GateRules rules_;
  std::size_t accepted_ = 0;
  std::vector<std::weak_ptr<GateConnection>> connections_;
  IoThread thread_;
  tcp::acceptor acceptor_;
  std::uint16_t port_;
};

FaultGate::FaultGate(const Endpoint& server) : core_(std::make_unique<Core>(server)) {}
FaultGate::~FaultGate() = default;

Endpoint FaultGate::endpoint() const { return {.port = core_->port()}; }

void FaultGate::pass() {
  core_->run([this] { core_->rules().end_faults(); });
}

void FaultGate::delay(Direction direction, std::chrono::milliseconds wait) {
  core_->run([this, direction, wait] { core_->rules().way(direction).delay = wait; });
}

void FaultGate::split(Direction direction, std::size_t bytes) {
  core_->run([this, direction, bytes] { core_->rules().way(direction).piece = bytes; });
}

void FaultGate::drop(Direction direction) {
  core_->run([this, direction] { core_->rules().way(direction).drop = true; });
}

void FaultGate::blackhole() {
  core_->run([this] { core_->blackhole(); });
}

void FaultGate::close_after(Direction direction, std::size_t bytes) {
  core_->run([this, direction, bytes] { core_->rules().way(direction).left = bytes; });
}

void FaultGate::half_close(Direction direction) {
  core_->run([this, direction] { core_->half_close(direction); });
}

void FaultGate::close_all() {
  core_->run([this] { core_->close_all(); });
}

void FaultGate::reset_all() {
  core_->run([this] { core_->reset_all(); });
}

void FaultGate::refuse() {
  core_->run([this] { core_->refuse(); });
}

void FaultGate::accept_again() {
  core_->run([this] { core_->accept_again(); });
}

GateCounts FaultGate::counts() const {
  return core_->run([this] { return core_->counts(); });
}

}  // namespace semantrix::testing
