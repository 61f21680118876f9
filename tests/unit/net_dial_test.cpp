#include "net/connect_race.hpp"
#include "net/dial.hpp"
#include "net_fixture.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <fcntl.h>
#include <netinet/tcp.h>

#include <array>
#include <future>
#include <string>
#include <vector>

namespace semantrix::net {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class DialTest : public NetTest {
 protected:
  Result<Tcp::socket> race(Addresses addresses, std::chrono::milliseconds patience) {
    auto result =
        run(raced(std::move(addresses), context_.get_executor(), steady_clock::now() + patience));
    if (!result || !*result) return Error(ErrorCode::internal, "no result");
    return std::move(**result);
  }

 private:
  static asio::awaitable<std::optional<Result<Tcp::socket>>> raced(
      Addresses addresses, asio::any_io_executor executor, steady_clock::time_point deadline) {
    Endpoint endpoint{"cache.example", 6379};
    co_return co_await connect_first(std::move(endpoint), std::move(addresses), executor, deadline);
  }
};

TEST_F(DialTest, ConnectsAndSetsTheSocketUp) {
  auto server = listen();
  auto stream = call({.endpoint = endpoint_of(server)});
  ASSERT_TRUE(stream) << stream.error().to_string();
  EXPECT_FALSE(stream->encrypted());
  EXPECT_TRUE(stream->is_open());
  EXPECT_EQ(stream->get_executor(), asio::any_io_executor(context_.get_executor()));
  int on = 0;
  socklen_t size = sizeof on;
  ::getsockopt(stream->native_handle(), IPPROTO_TCP, TCP_NODELAY, &on, &size);
  EXPECT_NE(on, 0);
  ::getsockopt(stream->native_handle(), SOL_SOCKET, SO_KEEPALIVE, &on, &size);
  EXPECT_NE(on, 0);
  EXPECT_NE(::fcntl(stream->native_handle(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(DialTest, ConnectsByName) {
  auto server = listen();
  auto stream = call({.endpoint = {"localhost", endpoint_of(server).port}});
  ASSERT_TRUE(stream) << stream.error().to_string();
}

TEST_F(DialTest, ConnectsOverIPv6) {
  boost::system::error_code missing;
  Tcp::acceptor server(context_);
  server.open(Tcp::v6(), missing);
  if (!missing) server.bind({asio::ip::address_v6::loopback(), 0}, missing);
  if (missing) {
    // No IPv6 here: then dialing it is an error in the system's words.
    EXPECT_EQ(call({.endpoint = {"::1", 1}}).error().code(), ErrorCode::connect_failed);
    return;
  }
  server.listen();
  auto stream = call({.endpoint = endpoint_of(server)});
  ASSERT_TRUE(stream) << stream.error().to_string();
}

TEST_F(DialTest, RefusedPortSaysSoAtOnce) {
  const Endpoint to = refused();
  const auto stream = call({.endpoint = to});
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().code(), ErrorCode::connect_failed);
  EXPECT_EQ(stream.error().info().phase, Phase::connecting);
  EXPECT_TRUE(stream.error().retryable());
  EXPECT_NE(stream.error().message().find(to_string(to)), std::string::npos);
  EXPECT_NE(stream.error().message().find("refused"), std::string::npos);
  EXPECT_FALSE(stream.error().remedy().empty());
  EXPECT_LT(took_, 2s);
}

TEST_F(DialTest, SwallowedPacketsEndAtTheDeadline) {
  const Blackhole hole(context_);
  const auto stream = call({.endpoint = hole.endpoint()}, 150ms);
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().code(), ErrorCode::timeout);
  EXPECT_EQ(stream.error().info().phase, Phase::connecting);
  EXPECT_TRUE(stream.error().retryable());
  EXPECT_GE(took_, 150ms);
  EXPECT_LT(took_, 5s);
}

TEST_F(DialTest, DeadlineInThePastFailsAtOnce) {
  const Blackhole hole(context_);
  const auto stream = call({.endpoint = hole.endpoint()}, -1s);
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().code(), ErrorCode::timeout);
}

TEST_F(DialTest, UnknownNameSaysSo) {
  const auto stream = call({.endpoint = {"nowhere.invalid", 6379}});
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().code(), ErrorCode::resolve_failed);
  EXPECT_NE(stream.error().message().find("nowhere.invalid"), std::string::npos);
  EXPECT_LT(took_, 10s);
}

TEST_F(DialTest, NextAddressAfterARefusalComesAtOnce) {
  auto server = listen();
  const Tcp::endpoint closed(asio::ip::address_v4::loopback(), refused().port);
  Addresses addresses(20, closed);
  addresses.push_back(server.local_endpoint());
  const auto from = steady_clock::now();
  auto socket = race(addresses, 10s);
  ASSERT_TRUE(socket) << socket.error().to_string();
  EXPECT_EQ(socket->remote_endpoint(), server.local_endpoint());
  EXPECT_LT(steady_clock::now() - from, 20 * connection_attempt_delay) << "the timer was awaited";
}

TEST_F(DialTest, NextAddressBesideASilentOneComesAfterAWhile) {
  const Blackhole hole(context_);
  auto server = listen();
  const auto from = steady_clock::now();
  auto socket = race({hole.address(), server.local_endpoint()}, 10s);
  ASSERT_TRUE(socket) << socket.error().to_string();
  EXPECT_EQ(socket->remote_endpoint(), server.local_endpoint());
  EXPECT_GE(steady_clock::now() - from, connection_attempt_delay);
  EXPECT_LT(steady_clock::now() - from, 5s);
}

TEST_F(DialTest, TheMostTellingFailureIsReported) {
  const Tcp::endpoint closed(asio::ip::address_v4::loopback(), refused().port);
  // TCP reaches no group of machines.
  const Tcp::endpoint nowhere(asio::ip::make_address("224.0.0.1"), 1);
  const auto socket = race({nowhere, closed}, 10s);
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().code(), ErrorCode::connect_failed);
  EXPECT_NE(socket.error().message().find("refused"), std::string::npos)
      << socket.error().message();
}

TEST_F(DialTest, SilentAddressesOutlastRefusals) {
  const Blackhole hole(context_);
  const Tcp::endpoint closed(asio::ip::address_v4::loopback(), refused().port);
  const auto socket = race({closed, hole.address()}, 200ms);
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().code(), ErrorCode::timeout);
}

TEST_F(DialTest, CancellingEndsItAtOnce) {
  const Blackhole hole(context_);
  asio::cancellation_signal cancel;
  std::optional<Result<Stream>> result;
  // The caller's own cancellation state must not turn the error into an exception.
  auto caller = [&]() -> asio::awaitable<void> {
    Destination to{.endpoint = hole.endpoint()};
    auto dialed = co_await dial(std::move(to), steady_clock::now() + 1h);
    result.emplace(std::move(dialed));
  };
  asio::co_spawn(context_, caller(), asio::bind_cancellation_slot(cancel.slot(), asio::detached));
  asio::steady_timer timer(context_, 50ms);
  timer.async_wait([&](auto) { cancel.emit(asio::cancellation_type::terminal); });
  context_.run_for(10s);
  EXPECT_TRUE(context_.stopped()) << "something is still open";
  ASSERT_TRUE(result);
  ASSERT_FALSE(*result);
  EXPECT_EQ(result->error().code(), ErrorCode::cancelled);
}

TEST_F(DialTest, ContextMayEndInTheMiddle) {
  asio::io_context context;
  const Blackhole hole(context_);
  Destination to{.endpoint = hole.endpoint()};
  asio::co_spawn(context, dialed(std::move(to), steady_clock::now() + 1h), asio::detached);
  context.poll();
}

TEST_F(DialTest, ManyAtOnceOnThreadsWithoutAStrand) {
  auto server = listen();
  asio::thread_pool pool(4);
  std::vector<std::future<std::optional<Result<Stream>>>> calls;
  for (int i = 0; i < 50; ++i) {
    Destination to{.endpoint = endpoint_of(server)};
    calls.push_back(
        asio::co_spawn(pool, dialed(std::move(to), steady_clock::now() + 10s), asio::use_future));
  }
  for (auto& each : calls) {
    auto result = each.get();
    ASSERT_TRUE(result && *result);
  }
}

}  // namespace
}  // namespace semantrix::net
