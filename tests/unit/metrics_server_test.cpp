// Figures over HTTP, asked for by good clients and by bad ones.
#include "support/blocking_client.hpp"
#include <semantrix/in_memory_store.hpp>
#include <semantrix/metrics_server.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace semantrix {
namespace {

using namespace std::chrono_literals;
using testing::BlockingClient;

awaitable<std::string> figures() { co_return "semantrix_hits_total 1\n"; }

awaitable<std::string> broken() {
  throw std::runtime_error("no figures today");
  co_return std::string();
}

/// Ends a server that waits for what does not come before a test gives up.
MetricsServerOptions quick(std::size_t connections = 16) {
  return {.port = 0, .max_connections = connections, .timeout = 30s};
}

std::string answer_to(std::uint16_t port, std::string_view request) {
  BlockingClient client({.port = port});
  client.send(request);
  return client.read_to_end();
}

std::string get(std::uint16_t port, const std::string& path = "/metrics") {
  return answer_to(port, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

TEST(MetricsServer, tells_the_figures_of_a_store) {
  MetricsServer server(std::make_shared<InMemoryStore>(), quick());
  const std::uint16_t port = server.start();
  for (const auto& path : {"/metrics", "/metrics?name=x"}) {
    const std::string answer = get(port, path);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
    EXPECT_TRUE(holds(answer, "text/plain; version=0.0.4"));
    EXPECT_TRUE(holds(answer, "\nsemantrix_hits_total{store=\"memory\"} 0\n"));
  }
}

TEST(MetricsServer, head_is_an_answer_without_its_body) {
  MetricsServer server(figures, quick());
  const std::string answer = answer_to(server.start(), "HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(holds(answer, "Content-Length: 23\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST(MetricsServer, what_is_not_a_good_question_is_refused) {
  MetricsServer server(figures, quick());
  const std::uint16_t port = server.start();
  EXPECT_TRUE(holds(get(port, "/"), " 404 "));
  EXPECT_TRUE(holds(get(port, "/metrics/../etc/passwd"), " 404 "));
  EXPECT_TRUE(holds(answer_to(port, "GET /metrics HTTP/1.1\r\n\r\n"), " 400 "));
  EXPECT_TRUE(holds(answer_to(port, "\x16\x03\x01\x02"), " 400 "));
  const std::string large = "GET /metrics HTTP/1.1\r\nHost: x\r\nA: " + std::string(100'000, 'a');
  EXPECT_TRUE(holds(answer_to(port, large), " 431 "));
  const std::string post = "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n" +
                           std::string(50'000, 'a');
  const std::string refused = answer_to(port, post);
  EXPECT_TRUE(holds(refused, " 405 ")) << refused;
  EXPECT_TRUE(holds(refused, "Allow: GET, HEAD\r\n"));
  EXPECT_TRUE(holds(get(port), " 200 "));
}

TEST(MetricsServer, a_source_that_fails_is_told) {
  MetricsServer server(broken, quick());
  const std::string answer = get(server.start());
  EXPECT_TRUE(holds(answer, " 500 ")) << answer;
  EXPECT_TRUE(holds(answer, "no figures today"));
}

TEST(MetricsServer, those_above_the_bound_are_closed_and_make_room_when_they_end) {
  MetricsServer server(figures, quick(2));
  const std::uint16_t port = server.start();
  {
    BlockingClient first({.port = port});
    BlockingClient second({.port = port});
    BlockingClient third({.port = port});
    EXPECT_EQ(third.read_to_end(), "");
    second.send("GET /metrics HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(holds(second.read_to_end(), " 200 "));
  }
  const auto until = std::chrono::steady_clock::now() + 20s;
  std::string answer;
  // How soon the server sees that they are gone, nobody says.
  while (!holds(answer, " 200 ") && std::chrono::steady_clock::now() < until) {
    try {
      answer = get(port);
    } catch (const boost::system::system_error&) {
      answer.clear();  // closed before all of the question was written
    }
  }
  EXPECT_TRUE(holds(answer, " 200 "));
}

TEST(MetricsServer, a_slow_one_is_cut_off) {
  MetricsServerOptions options = quick();
  options.timeout = 50ms;
  MetricsServer server(figures, options);
  BlockingClient client({.port = server.start()});
  client.send("GET /met");
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(MetricsServer, ends_with_its_connections) {
  auto server = std::make_unique<MetricsServer>(figures, quick());
  const std::uint16_t port = server->start();
  BlockingClient client({.port = port});
  EXPECT_TRUE(holds(get(port), " 200 "));  // and so both were accepted
  server.reset();
  EXPECT_EQ(client.read_to_end(), "");
}

ErrorCode start_fails(MetricsServer& server) {
  try {
    server.start();
  } catch (const CacheError& failure) {
    return failure.code();
  }
  return ErrorCode::internal;
}

TEST(MetricsServer, says_why_it_cannot_start) {
  MetricsServer first(figures, quick());
  const std::uint16_t port = first.start();
  EXPECT_EQ(start_fails(first), ErrorCode::busy);
  MetricsServer second(figures, {.port = port});
  EXPECT_EQ(start_fails(second), ErrorCode::busy);
  MetricsServer nowhere(figures, {.address = "localhost"});
  EXPECT_EQ(start_fails(nowhere), ErrorCode::invalid_argument);
  MetricsServer deaf(figures, quick(0));
  EXPECT_EQ(start_fails(deaf), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace semantrix
