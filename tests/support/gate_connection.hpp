#pragma once

#include "support/fault_gate.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

namespace semantrix::testing {

/// What a gate does to its bytes now, and how many there were. One thread's.
struct GateRules {
  struct Way {
    std::chrono::milliseconds delay{0};
    std::size_t piece = 0;  ///< Longest piece; 0: as it comes.
    bool drop = false;
    std::optional<std::size_t> left = std::nullopt;  ///< Bytes until the connection is closed.
    std::size_t bytes = 0;
  };

  std::array<Way, 2> ways;
  bool dial = true;  ///< Whether a new connection reaches the server.

  Way& way(Direction direction) { return ways.at(static_cast<std::size_t>(direction)); }

  void end_faults() {
    for (auto& each : ways) each = {.bytes = each.bytes};
    dial = true;
  }
};

/// A client's connection to a gate and the gate's connection to the server. One thread's; kept
/// alive by its own coroutines until both directions have ended. `rules` outlives it.
class GateConnection : public std::enable_shared_from_this<GateConnection> {
 public:
  GateConnection(boost::asio::ip::tcp::socket client, GateRules& rules)
      : client_(std::move(client)), server_(client_.get_executor()), rules_(rules) {}

  void start(const boost::asio::ip::tcp::endpoint& server);
  void half_close(Direction direction);
  void close();
  void reset();
  [[nodiscard]] bool is_open() const { return client_.is_open(); }

 private:
  using Socket = boost::asio::ip::tcp::socket;

  Socket& source(Direction d) { return d == Direction::to_server ? client_ : server_; }
  Socket& target(Direction d) { return d == Direction::to_server ? server_ : client_; }

  static boost::asio::awaitable<void> dial(std::shared_ptr<GateConnection> self,
                                           boost::asio::ip::tcp::endpoint server);
  static boost::asio::awaitable<void> pump(std::shared_ptr<GateConnection> self,
                                           Direction direction);
  boost::asio::awaitable<bool> pass_on(Direction direction, std::string_view bytes);
  boost::asio::awaitable<bool> write(Direction direction, std::string_view bytes);

  Socket client_;
  Socket server_;
  GateRules& rules_;
};

}  // namespace semantrix::testing
