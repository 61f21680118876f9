#include "net/http_client.hpp"

#include "net_fixture.hpp"
#include "support/http_server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace semantrix::net {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::http_response;
using testing::HttpArrival;
using testing::HttpReply;
using testing::HttpServer;
using Outcome = Result<HttpResponse>;

HttpReply echo(const HttpArrival& arrival) { return {http_response(200, arrival.body)}; }

class HttpClientTest : public NetTest {
 protected:
  HttpClient& client(const HttpServer& server, HttpOptions options = {}) {
    const HttpEndpoint to{Endpoint{server.endpoint().host, server.endpoint().port}};
    client_ = std::make_unique<HttpClient>(context_.get_executor(), to, options);
    return *client_;
  }

  static asio::awaitable<std::optional<Outcome>> sent(HttpClient& client, HttpRequest request,
                                                      std::chrono::milliseconds patience) {
    co_return co_await client.send(std::move(request), steady_clock::now() + patience);
  }

  Outcome post(std::string body, std::chrono::milliseconds patience = 5s) {
    HttpRequest request{.method = "POST", .body = std::move(body)};
    auto result = run(sent(*client_, std::move(request), patience));
    if (!result || !*result) return Error(ErrorCode::internal, "it hangs, or threw");
    return std::move(**result);
  }

  /// So many at once.
  std::vector<Outcome> post_many(int count, std::chrono::milliseconds patience = 5s) {
    std::vector<Outcome> outcomes;
    for (int i = 0; i != count; ++i) {
      asio::co_spawn(context_, gathered(std::to_string(i), patience, outcomes), asio::detached);
    }
    context_.restart();
    const auto until = steady_clock::now() + 20s;
    while (outcomes.size() != static_cast<std::size_t>(count) && steady_clock::now() < until) {
      context_.run_one_for(1s);
    }
    return outcomes;
  }
  asio::awaitable<void> gathered(std::string body, std::chrono::milliseconds patience,
                                 std::vector<Outcome>& outcomes) {
    HttpRequest request{.method = "POST", .body = std::move(body)};
    auto sending = client_->send(std::move(request), steady_clock::now() + patience);
    outcomes.push_back(co_await std::move(sending));
  }

  /// Lets the connections notice what has happened to them.
  void settle() {
    context_.restart();
    context_.run_for(20ms);
  }

  std::unique_ptr<HttpClient> client_;
};

TEST_F(HttpClientTest, SendsWhatItIsGivenAndKeepsTheConnection) {
  HttpServer server(echo);
  client(server);
  for (const std::string body : {"one", "two", ""}) {
    const Outcome response = post(body);
    ASSERT_TRUE(response) << response.error().to_string();
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, body);
  }
  EXPECT_EQ(server.connections(), 1U);
  const HttpArrival first = server.arrivals().front();
  EXPECT_EQ(first.method, "POST");
  EXPECT_EQ(first.header("host"), "127.0.0.1:" + std::to_string(server.endpoint().port));
  EXPECT_EQ(first.header("content-length"), "3");
  EXPECT_EQ(client_->counts().connects, 1U);
}

TEST_F(HttpClientTest, KeepsTheConnectionWhateverTheStatusSays) {
  HttpServer server([](const HttpArrival& arrival) {
    return HttpReply{http_response(std::stoi(arrival.body), "no")};
  });
  client(server);
  for (const int status : {400, 403, 404, 429, 500, 503}) {
    const Outcome response = post(std::to_string(status));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, status);
  }
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(HttpClientTest, LargeBodiesGoBothWays) {
  HttpServer server(echo);
  client(server, {.read_timeout = 10s});
  std::string body;
  body.resize(9'000'000, 'x');
  const Outcome response = post(body, 10s);
  ASSERT_TRUE(response) << response.error().to_string();
  EXPECT_TRUE(response->body == body);
}

TEST_F(HttpClientTest, OpensNoMoreConnectionsThanItMay) {
  HttpServer server([](const HttpArrival& arrival) {
    HttpReply reply = echo(arrival);
    reply.delay = 2ms;
    return reply;
  });
  client(server, {.max_connections = 3});
  const auto outcomes = post_many(20);
  ASSERT_EQ(outcomes.size(), 20U);
  for (const Outcome& outcome : outcomes) EXPECT_TRUE(outcome);
  EXPECT_EQ(server.connections(), 3U);
}

TEST_F(HttpClientTest, AnIdleConnectionThatEndedCostsNothing) {
  HttpServer server(echo);
  client(server);
  ASSERT_TRUE(post("one"));
  server.close_idle();
  // Whether its end has come yet or crosses the request: both are tried.
  ASSERT_TRUE(post("two"));
  server.close_idle();
  settle();
  ASSERT_TRUE(post("three"));
  EXPECT_EQ(server.connections(), 3U);
}

TEST_F(HttpClientTest, ARequestThatMeetsTheEndOfAnIdleConnectionGoesOnceMore) {
  HttpServer server([](const HttpArrival& arrival) {
    if (arrival.body == "two" && arrival.connection == 0) return HttpReply{"", true};
    return echo(arrival);
  });
  client(server);
  ASSERT_TRUE(post("one"));
  const Outcome response = post("two");
  ASSERT_TRUE(response) << response.error().to_string();
  EXPECT_EQ(client_->counts().resent, 1U);
}

TEST_F(HttpClientTest, AFreshConnectionThatEndsIsAnError) {
  HttpServer server([](const HttpArrival&) { return HttpReply{"", true}; });
  client(server);
  const Outcome response = post("one");
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), ErrorCode::connection_lost);
  EXPECT_EQ(response.error().info().phase, Phase::sent);
  EXPECT_EQ(server.arrivals().size(), 1U);
}

TEST_F(HttpClientTest, ATornResponseIsAnError) {
  HttpServer server([](const HttpArrival&) {
    return HttpReply{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", true};
  });
  client(server);
  const Outcome response = post("one");
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), ErrorCode::connection_lost);
}

TEST_F(HttpClientTest, WhatIsNoHttpIsAnError) {
  HttpServer server([](const HttpArrival&) { return HttpReply{"+PONG\r\n"}; });
  client(server);
  const Outcome response = post("one");
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), ErrorCode::protocol_error);
}

TEST_F(HttpClientTest, ALimitOnTheBodyHolds) {
  HttpServer server(echo);
  client(server, {.max_body_bytes = 100});
  ASSERT_TRUE(post(std::string(100, 'x')));
  const Outcome response = post(std::string(101, 'x'));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), ErrorCode::protocol_error);
}

TEST_F(HttpClientTest, ASilentServerRunsIntoReadTimeout) {
  HttpServer server([](const HttpArrival& arrival) {
    return arrival.body == "silence" ? HttpReply{} : echo(arrival);
  });
  client(server, {.read_timeout = 30ms});
  ASSERT_TRUE(post("one"));
  const auto before = steady_clock::now();
  const Outcome response = post("silence");
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), ErrorCode::timeout);
  EXPECT_EQ(response.error().info().phase, Phase::sent);
  EXPECT_GE(steady_clock::now() - before, 29ms);
  // Its answer may still come: it must not be taken for another's.
  const Outcome next = post("next");
  ASSERT_TRUE(next);
  EXPECT_EQ(next->body, "next");
  EXPECT_EQ(server.connections(), 2U);
}

TEST_F(HttpClientTest, AnEarlierDeadlineEndsTheCallEarlier) {
  HttpServer server([](const HttpArrival& arrival) {
    return arrival.body == "silence" ? HttpReply{} : echo(arrival);
  });
  client(server, {.read_timeout = 10s});
  ASSERT_TRUE(post("one"));
  const Outcome response = post("silence", 30ms);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), ErrorCode::timeout);
}

TEST_F(HttpClientTest, WhoWaitsForAConnectionGivesUpAtTheDeadline) {
  HttpServer server([](const HttpArrival&) { return HttpReply{}; });
  client(server, {.max_connections = 1, .read_timeout = 10s});
  const auto outcomes = post_many(3, 50ms);
  ASSERT_EQ(outcomes.size(), 3U);
  for (const Outcome& outcome : outcomes) {
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code(), ErrorCode::timeout);
  }
}

TEST_F(HttpClientTest, ARefusedConnectFailsAllWhoWait) {
  const HttpEndpoint nobody{refused()};
  client_ = std::make_unique<HttpClient>(context_.get_executor(), nobody,
                                         HttpOptions{.max_connections = 1});
  const auto outcomes = post_many(5);
  ASSERT_EQ(outcomes.size(), 5U);
  for (const Outcome& outcome : outcomes) {
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code(), ErrorCode::connect_failed);
  }
}

TEST_F(HttpClientTest, ACancelledCallsResponseReachesNobody) {
  HttpServer server([](const HttpArrival& arrival) {
    HttpReply reply = echo(arrival);
    if (arrival.body == "slow") reply.delay = 30ms;
    return reply;
  });
  client(server, {.max_connections = 1});
  ASSERT_TRUE(post("one"));
  asio::cancellation_signal stop;
  std::exception_ptr thrown;
  HttpRequest request{.method = "POST", .body = "slow"};
  asio::co_spawn(context_, sent(*client_, std::move(request), 5s),
                 asio::bind_cancellation_slot(
                     stop.slot(), [&](const std::exception_ptr& e, const std::optional<Outcome>&) {
                       thrown = e;
                     }));
  context_.restart();
  context_.run_for(5ms);
  stop.emit(asio::cancellation_type::terminal);
  const Outcome next = post("next");
  ASSERT_TRUE(next) << next.error().to_string();
  EXPECT_EQ(next->body, "next");
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(HttpClientTest, CloseFailsWhatIsUnderWayAndWhatComesLater) {
  HttpServer server([](const HttpArrival&) { return HttpReply{}; });
  client(server, {.max_connections = 1, .read_timeout = 10s});
  asio::steady_timer soon(context_, 10ms);
  soon.async_wait([this](const boost::system::error_code&) { client_->close(); });
  const auto outcomes = post_many(2);
  ASSERT_EQ(outcomes.size(), 2U);
  for (const Outcome& outcome : outcomes) {
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code(), ErrorCode::closed);
  }
  const Outcome late = post("late");
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code(), ErrorCode::closed);
}

TEST_F(HttpClientTest, AContextThatIsDestroyedTakesItsCallsAlong) {
  HttpServer server([](const HttpArrival&) { return HttpReply{}; });
  auto context = std::make_unique<asio::io_context>();
  const HttpEndpoint to{Endpoint{server.endpoint().host, server.endpoint().port}};
  auto held = std::make_shared<int>(0);
  for (int i = 0; i != 3; ++i) {
    auto client = std::make_shared<HttpClient>(context->get_executor(), to,
                                               HttpOptions{.max_connections = 1});
    for (int call = 0; call != 3; ++call) {
      auto waits = [](std::shared_ptr<HttpClient> mine,
                      std::shared_ptr<int>) -> asio::awaitable<void> {
        auto sending = mine->send(HttpRequest(), steady_clock::now() + 1h);
        static_cast<void>(co_await std::move(sending));
      };
      asio::co_spawn(*context, waits(client, held), asio::detached);
    }
  }
  context->run_for(10ms);
  EXPECT_GT(held.use_count(), 1);
  context.reset();
  EXPECT_EQ(held.use_count(), 1);
}

TEST(HostHeader, LeavesOutTheUsualPort) {
  EXPECT_EQ(host_header({{"cache.example", 80}}), "cache.example");
  EXPECT_EQ(host_header({{"cache.example", 8000}}), "cache.example:8000");
  EXPECT_EQ(host_header({{"::1", 80}}), "[::1]");
  EXPECT_EQ(host_header({{"::1", 8000}}), "[::1]:8000");
}

}  // namespace
}  // namespace semantrix::net
