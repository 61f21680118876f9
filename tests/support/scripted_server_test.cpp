#include "support/scripted_server.hpp"

#include "support/blocking_client.hpp"

#include <boost/asio/error.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace semantrix::testing {
namespace {

using std::chrono::milliseconds;

TEST(ScriptedServer, plays_a_dialogue) {
  ScriptedServer server({{ExpectBytes{"hello\r\n"}, Send{"+half"}, ExpectCommand{"get"},
                          Send{"$5\r\nhal"}, Close{}}});
  BlockingClient client(server.endpoint());
  client.send("hello\r\n");
  EXPECT_EQ(client.read(5), "+half");
  const std::string get = resp_command({"GET", std::string("a\0\r\n", 4)});
  for (const char byte : get) client.send(std::string(1, byte));
  EXPECT_EQ(client.read_to_end(), "$5\r\nhal");
  EXPECT_EQ(client.ended_by, boost::asio::error::eof);
  server.wait_until_ended();
  EXPECT_EQ(server.received(), "hello\r\n" + get);
  EXPECT_EQ(server.failure(), "");
}

TEST(ScriptedServer, answers_a_handshake_in_whatever_order) {
  ScriptedServer server({{AnswerUntil{"GET", redis_handshake()}, Send{"-MOVED 1 ?:7\r\n"}}});
  BlockingClient client(server.endpoint());
  const RespCommand get{"GET", "key1"};
  client.send(resp_command({"hello", "3"}) + resp_command({"CLIENT", "SETNAME", "x"}) +
              resp_command({"PING"}) + resp_command(get));
  const std::string expected = redis_handshake().at("HELLO") + "+OK\r\n+PONG\r\n-MOVED 1 ?:7\r\n";
  EXPECT_EQ(client.read(expected.size()), expected);
  ASSERT_EQ(server.commands().size(), 4U);
  EXPECT_EQ(server.commands().back(), get);
}

TEST(ScriptedServer, pauses_until_it_is_told) {
  ScriptedServer server({{ExpectCommand{"PING"}, Pause{}, Send{"+PONG\r\n"}}});
  BlockingClient client(server.endpoint());
  client.send(resp_command({"PING"}));
  server.wait_until_paused();
  EXPECT_TRUE(client.silent_for(milliseconds(20)));
  server.resume();
  EXPECT_EQ(client.read(7), "+PONG\r\n");
}

TEST(ScriptedServer, gives_each_connection_its_dialogue_and_later_ones_the_last) {
  ScriptedServer server({{Reset{}}, {Send{"second"}, Close{}}});
  BlockingClient first(server.endpoint());
  EXPECT_EQ(first.read_to_end(), "");
  EXPECT_EQ(first.ended_by, boost::asio::error::connection_reset);
  for (int i = 0; i < 2; ++i) {
    BlockingClient later(server.endpoint());
    EXPECT_EQ(later.read_to_end(), "second");
  }
  server.wait_until_ended(3);
  EXPECT_EQ(server.connections(), 3U);
}

TEST(ScriptedServer, tells_what_did_not_fit) {
  const std::vector<std::pair<Step, std::string>> cases = {
      {ExpectBytes{"*2"}, "expected '*2', received '*1\r\n$4\r\nPING\r\n'"},
      {ExpectCommand{"GET"}, "expected the command GET, received PING"},
      {AnswerUntil{"GET", {}}, "no answer was given for the command PING"}};
  for (const auto& [step, failure] : cases) {
    ScriptedServer server({{step, Send{"never"}}});
    BlockingClient client(server.endpoint());
    client.send(resp_command({"PING"}));
    EXPECT_EQ(client.read_to_end(), "");
    server.wait_until_ended();
    EXPECT_EQ(server.failure(), failure);
  }
}

TEST(ScriptedServer, after_its_dialogue_it_records_in_silence) {
  ScriptedServer server({Dialogue{}});
  BlockingClient client(server.endpoint());
  server.wait_until_ended();
  client.send(resp_command({"PING"}));
  EXPECT_TRUE(client.silent_for(milliseconds(20)));
  EXPECT_EQ(server.commands().size(), 1U);
  EXPECT_THROW(server.wait_until_paused(milliseconds(1)), std::runtime_error);
}

TEST(RespCommand, is_taken_only_when_it_is_whole) {
  const std::string whole = resp_command({"SET", "key", ""});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::string part = whole.substr(0, size);
    ASSERT_FALSE(take_command(part)) << size;
  }
  std::string two = whole + "*";
  EXPECT_EQ(take_command(two), (RespCommand{"SET", "key", ""}));
  EXPECT_EQ(two, "*");
  std::string wrong = "PING\r\n";
  EXPECT_THROW(take_command(wrong), std::runtime_error);
}

}  // namespace
}  // namespace semantrix::testing
