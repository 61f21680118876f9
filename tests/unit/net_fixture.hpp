#pragma once

#include "net/dial.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <optional>
#include <utility>

namespace semantrix::net {

using Tcp = boost::asio::ip::tcp;
using std::chrono::steady_clock;

/// One io_context on which the test's servers and the code under test run, for a bounded time.
class NetTest : public testing::Test {
 protected:
  template <class T>
  std::optional<T> run(boost::asio::awaitable<T> work) {
    std::optional<T> result;
    boost::asio::co_spawn(context_, std::move(work),
                          [&](const std::exception_ptr& thrown, auto value) {
                            if (!thrown) result.emplace(std::move(value));
                            context_.stop();
                          });
    context_.restart();
    context_.run_for(std::chrono::seconds(20));
    EXPECT_TRUE(result.has_value()) << "it hangs, or threw";
    return result;
  }

  // co_spawn wants a result that can be made from nothing.
  static boost::asio::awaitable<std::optional<Result<Stream>>> dialed(
      Destination to, steady_clock::time_point deadline) {
    co_return co_await dial(std::move(to), deadline);
  }

  /// Dials as a store would, the deadline being from now.
  Result<Stream> call(Destination to,
                      std::chrono::milliseconds patience = std::chrono::seconds(5)) {
    const auto from = steady_clock::now();
    auto result = run(dialed(std::move(to), from + patience));
    took_ = steady_clock::now() - from;
    if (!result || !*result) return Error(ErrorCode::internal, "dial hangs, or threw");
    return std::move(**result);
  }

  /// An acceptor on a free loopback port.
  Tcp::acceptor listen(const char* address = "127.0.0.1") {
    return {context_, Tcp::endpoint(boost::asio::ip::make_address(address), 0)};
  }
  static Endpoint endpoint_of(const Tcp::acceptor& acceptor) {
    const auto local = acceptor.local_endpoint();
    return {local.address().to_string(), local.port()};
  }

  /// A port that refuses connections.
  Endpoint refused() { return endpoint_of(listen()); }

  boost::asio::io_context context_;
  std::chrono::nanoseconds took_{};
};

/// A port that swallows packets: its queue of connections is full, and nobody accepts.
class Blackhole {
 public:
  explicit Blackhole(boost::asio::io_context& context)
      : acceptor_(context, Tcp::v4()),
        fill_{Tcp::socket(context), Tcp::socket(context), Tcp::socket(context),
              Tcp::socket(context)} {
    acceptor_.bind(Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    acceptor_.listen(0);
    const Tcp::endpoint local = address();
    for (Tcp::socket& socket : fill_) {
      socket.open(Tcp::v4());
      socket.non_blocking(true);
      // Asio's own would wait; these connect later, if ever.
      static_cast<void>(
          ::connect(socket.native_handle(), local.data(), static_cast<socklen_t>(local.size())));
    }
  }

  [[nodiscard]] Tcp::endpoint address() const { return acceptor_.local_endpoint(); }
  [[nodiscard]] Endpoint endpoint() const { return {"127.0.0.1", address().port()}; }

 private:
  Tcp::acceptor acceptor_;
  std::array<Tcp::socket, 4> fill_;
};

}  // namespace semantrix::net
