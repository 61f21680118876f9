#pragma once

#include "support/endpoint.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <poll.h>

#include <chrono>
#include <string>
#include <string_view>

namespace semantrix::testing {

/// A plain blocking connection, for tests of test servers. Errors are thrown but where an end is
/// what is asked for.
class BlockingClient {
 public:
  explicit BlockingClient(const Endpoint& to) : socket_(context_) {
    socket_.connect({boost::asio::ip::make_address(to.host), to.port});
    socket_.set_option(boost::asio::ip::tcp::no_delay(true));
  }

  void send(std::string_view bytes) {
    boost::asio::write(socket_, boost::asio::buffer(bytes.data(), bytes.size()));
  }

  std::string read(std::size_t bytes) {
    std::string text(bytes, '\0');
    boost::asio::read(socket_, boost::asio::buffer(text));
    return text;
  }

  /// What comes before the end, and the end in `ended_by`.
  std::string read_to_end() {
    std::string text;
    boost::asio::read(socket_, boost::asio::dynamic_buffer(text), ended_by);
    return text;
  }

  /// Whether nothing comes for so long.
  bool silent_for(std::chrono::milliseconds time) {
    pollfd waiting{.fd = socket_.native_handle(), .events = POLLIN, .revents = 0};
    return ::poll(&waiting, 1, static_cast<int>(time.count())) == 0;
  }

  boost::system::error_code ended_by;

 private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
};

}  // namespace semantrix::testing
