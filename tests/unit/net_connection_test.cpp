// One multiplexed connection. Tests with servers show the rest: tests/integration and tests/fault.
#include "net/connection.hpp"
#include "net_fixture.hpp"
#include "protocol/resp/parser.hpp"
#include "protocol/resp/reply.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace semantrix::net {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct Protocol {
  using Parser = resp::Parser;
  using Reply = resp::Reply;
  static bool is_push(const Reply& reply) noexcept { return reply.type() == resp::Type::push; }
};

/// Calls return their replies' texts, one behind the other.
struct Texts {
  using Answer = std::string;
  std::string all = {};
  void take(const resp::Reply& reply, const ReadBuffer& /*buffer*/) { all += reply.text(); }
  [[nodiscard]] Result<Answer> answer() const { return all; }
};

void ask(OutputBuffer& output) { output.text() += "PING\r\n"; }

class NetConnection : public NetTest {
 protected:
  static std::shared_ptr<Connection<Protocol>> make(asio::io_context& context,
                                                    const Endpoint& peer) {
    ConnectionOptions options;
    options.peer = peer;
    auto open = [peer](steady_clock::time_point deadline) {
      return dial(Destination{.endpoint = peer}, deadline);
    };
    return std::make_shared<Connection<Protocol>>(context.get_executor(), options, open);
  }

  static asio::awaitable<std::optional<Result<std::string>>> answer(
      std::shared_ptr<Connection<Protocol>> connection) {
    auto call =
        connection->async_call(1, steady_clock::now() + 5s, Texts{}, ask, asio::use_awaitable);
    co_return co_await std::move(call);
  }

  /// Says so much to the first request of the first connection, and holds its peace.
  static asio::awaitable<void> say(Tcp::acceptor& acceptor, std::string text) {
    Tcp::socket peer = co_await acceptor.async_accept(asio::use_awaitable);
    std::string request;
    co_await asio::async_read_until(peer, asio::dynamic_buffer(request), "\r\n",
                                    asio::use_awaitable);
    co_await asio::async_write(peer, asio::buffer(text), asio::use_awaitable);
    co_await asio::async_read_until(peer, asio::dynamic_buffer(request), "never",
                                    asio::use_awaitable);
  }
};

TEST_F(NetConnection, WhatTheServerSaysUnaskedIsNobodysAnswer) {
  auto server = listen();
  asio::co_spawn(context_, say(server, ">2\r\n+news\r\n*0\r\n+PONG\r\n"), asio::detached);
  const auto connection = make(context_, endpoint_of(server));
  const auto answered = run(answer(connection));
  connection->close();
  context_.restart();
  context_.run_for(20s);
  ASSERT_TRUE(answered && *answered && **answered);
  EXPECT_EQ(***answered, "PONG");
}

TEST_F(NetConnection, CallsThatOutliveItsContextAreDestroyedUnheard) {
  asio::io_context callers;
  bool heard = false;
  auto held = std::make_shared<int>();
  const std::weak_ptr<int> handler = held;
  {
    asio::io_context never_run;
    const auto connection = make(never_run, refused());
    connection->async_call(
        1, steady_clock::now() + 5s, Texts{}, ask,
        asio::bind_executor(callers, [&heard, held](const Result<std::string>&) { heard = true; }));
    held.reset();
    connection->close();
    EXPECT_FALSE(handler.expired());
  }
  EXPECT_TRUE(handler.expired());
  callers.run();
  EXPECT_FALSE(heard);
}

/// How the peer's side of a connection ends, and what it got before.
struct Ended {
  std::size_t received = 0;
  boost::system::error_code how;
};

asio::awaitable<std::optional<Ended>> end_of(std::shared_ptr<Tcp::socket> peer) {
  Ended ended;
  std::array<char, 65536> bytes;
  while (!ended.how) {
    const auto [failed, size] =
        co_await peer->async_read_some(asio::buffer(bytes), asio::as_tuple(asio::use_awaitable));
    ended.received += size;
    ended.how = failed;
  }
  co_return ended;
}

/// Accepts, awaits the beginning of a request, calls `then`, and sees how it ends.
asio::awaitable<std::optional<Ended>> serve_one(Tcp::acceptor& acceptor,
                                                std::function<std::string()> then) {
  auto peer = std::make_shared<Tcp::socket>(co_await acceptor.async_accept(asio::use_awaitable));
  co_await peer->async_wait(Tcp::socket::wait_read, asio::use_awaitable);
  const std::string reply = then();
  co_await asio::async_write(*peer, asio::buffer(reply), asio::use_awaitable);
  co_return co_await end_of(peer);
}

TEST_F(NetConnection, WhatIsUnansweredDoesNotArriveAfterTheEnd) {
  auto server = listen();
  const auto connection = make(context_, endpoint_of(server));
  constexpr std::size_t more_than_buffers_hold = std::size_t{64} << 20U;
  const auto ask_much = [](OutputBuffer& output) {
    output.text().append(more_than_buffers_hold, 'x');
  };
  std::optional<Result<std::string>> answered;
  connection->async_call(1, steady_clock::now() + 20s, Texts{}, ask_much,
                         [&](Result<std::string> result) { answered = std::move(result); });
  const auto ended = run(serve_one(server, [&] {
    connection->discard(Error(ErrorCode::connection_lost, "the test ends it"));
    return std::string();
  }));
  connection->close();
  context_.restart();
  context_.run_for(1s);
  ASSERT_TRUE(ended && *ended && answered);
  EXPECT_EQ((*ended)->how, asio::error::connection_reset);
  EXPECT_LT((*ended)->received, more_than_buffers_hold);
  EXPECT_EQ(answered->error().code(), ErrorCode::connection_lost);
}

TEST_F(NetConnection, WithNothingToAnswerItEndsInPeace) {
  auto server = listen();
  const auto connection = make(context_, endpoint_of(server));
  connection->async_call(1, steady_clock::now() + 20s, Texts{}, ask,
                         [&](const Result<std::string>&) { connection->close(); });
  const auto ended = run(serve_one(server, [] { return "+PONG\r\n"; }));
  ASSERT_TRUE(ended && *ended);
  EXPECT_EQ((*ended)->how, asio::error::eof);
}

}  // namespace
}  // namespace semantrix::net
