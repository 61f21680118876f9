#include "support/answering_server.hpp"

#include "support/blocking_client.hpp"

#include <gtest/gtest.h>

#include <string>

namespace semantrix::testing {
namespace {

using Arrival = AnsweringServer::Arrival;
using Answer = std::optional<std::string>;

TEST(AnsweringServer, answers_each_command_by_what_it_is) {
  AnsweringServer server;
  server.answer([](const Arrival& arrival) { return Answer("+" + arrival.words.back() + "\r\n"); });
  BlockingClient client(server.endpoint());
  client.send(resp_command({"GET", "a"}) + resp_command({"GET", "bc"}));
  EXPECT_EQ(client.read(9), "+a\r\n+bc\r\n");
  server.answer([](const Arrival&) { return Answer(":5\r\n"); });
  client.send(resp_command({"del", "a"}));
  EXPECT_EQ(client.read(4), ":5\r\n");
  EXPECT_EQ(server.count("GET"), 2U);
  EXPECT_EQ(server.count("DEL"), 1U);
}

TEST(AnsweringServer, tells_its_connections_apart) {
  AnsweringServer server;
  server.answer([](const Arrival& arrival) { return Answer(std::to_string(arrival.connection)); });
  BlockingClient first(server.endpoint());
  first.send(resp_command({"PING"}));
  EXPECT_EQ(first.read(1), "0");
  BlockingClient second(server.endpoint());
  second.send(resp_command({"PING"}));
  EXPECT_EQ(second.read(1), "1");
  EXPECT_EQ(server.connections(), 2U);
  EXPECT_EQ(server.arrivals().at(1).words, RespCommand{"PING"});
}

TEST(AnsweringServer, closes_where_there_is_no_answer_and_says_what_came_before) {
  AnsweringServer server;
  server.answer([](const Arrival& arrival) -> Answer {
    if (arrival.words[0] == "QUIT") return std::nullopt;
    return "+OK\r\n";
  });
  BlockingClient client(server.endpoint());
  client.send(resp_command({"SET", "a", "b"}) + resp_command({"QUIT"}));
  EXPECT_EQ(client.read_to_end(), "+OK\r\n");
}

}  // namespace
}  // namespace semantrix::testing
