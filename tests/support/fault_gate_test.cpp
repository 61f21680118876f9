#include "support/fault_gate.hpp"

#include "support/blocking_client.hpp"
#include "support/scripted_server.hpp"

#include <boost/asio/error.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

namespace semantrix::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds silence{30};

class FaultGateTest : public ::testing::Test {
 protected:
  /// Answers every PING with PONG.
  ScriptedServer server_{{{AnswerUntil{"QUIT", {{"PING", "+PONG\r\n"}}}, Close{}}}};
  FaultGate gate_{server_.endpoint()};
  const std::string ping_ = resp_command({"PING"});
  const std::string pong_ = "+PONG\r\n";

  std::string ask(BlockingClient& client) {
    client.send(ping_);
    return client.read(pong_.size());
  }
};

TEST_F(FaultGateTest, passes_and_counts) {
  BlockingClient client(gate_.endpoint());
  EXPECT_EQ(ask(client), pong_);
  EXPECT_EQ(ask(client), pong_);
  const auto counts = gate_.counts();
  EXPECT_EQ(counts.connections, 1U);
  EXPECT_EQ(counts.open, 1U);
  EXPECT_EQ(counts.bytes_to_server, 2 * ping_.size());
  EXPECT_EQ(counts.bytes_to_client, 2 * pong_.size());
  EXPECT_NE(gate_.endpoint(), server_.endpoint());
}

TEST_F(FaultGateTest, delays_one_direction) {
  BlockingClient client(gate_.endpoint());
  gate_.delay(Direction::to_client, milliseconds(40));
  const auto start = steady_clock::now();
  EXPECT_EQ(ask(client), pong_);
  EXPECT_GE(steady_clock::now() - start, milliseconds(40));
  gate_.delay(Direction::to_server, milliseconds(30));
  const auto again = steady_clock::now();
  EXPECT_EQ(ask(client), pong_);
  EXPECT_GE(steady_clock::now() - again, milliseconds(70));
}

TEST_F(FaultGateTest, splits_and_loses_nothing) {
  BlockingClient client(gate_.endpoint());
  gate_.split(Direction::to_server);
  gate_.split(Direction::to_client, 3);
  for (int i = 0; i < 20; ++i) ASSERT_EQ(ask(client), pong_);
  EXPECT_EQ(server_.commands().size(), 20U);
}

TEST_F(FaultGateTest, swallows_one_direction) {
  BlockingClient client(gate_.endpoint());
  gate_.drop(Direction::to_client);
  client.send(ping_);
  EXPECT_TRUE(client.silent_for(silence));
  EXPECT_EQ(server_.commands().size(), 1U);
  gate_.pass();
  EXPECT_EQ(ask(client), pong_);
}

TEST_F(FaultGateTest, a_black_hole_accepts_and_says_nothing) {
  BlockingClient before(gate_.endpoint());
  EXPECT_EQ(ask(before), pong_);
  gate_.blackhole();
  BlockingClient after(gate_.endpoint());
  before.send(ping_);
  after.send(ping_);
  EXPECT_TRUE(before.silent_for(silence));
  EXPECT_TRUE(after.silent_for(silence));
  EXPECT_EQ(server_.connections(), 1U);
  EXPECT_EQ(server_.commands().size(), 1U);
}

TEST_F(FaultGateTest, closes_after_so_many_bytes) {
  BlockingClient client(gate_.endpoint());
  gate_.close_after(Direction::to_client, pong_.size() + 3);
  EXPECT_EQ(ask(client), pong_);
  client.send(ping_);
  EXPECT_EQ(client.read_to_end(), pong_.substr(0, 3));
  EXPECT_EQ(client.ended_by, boost::asio::error::eof);
  BlockingClient next(gate_.endpoint());
  EXPECT_EQ(ask(next), pong_);
}

TEST_F(FaultGateTest, half_closes) {
  BlockingClient client(gate_.endpoint());
  EXPECT_EQ(ask(client), pong_);
  gate_.half_close(Direction::to_client);
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_EQ(client.ended_by, boost::asio::error::eof);
  client.send(resp_command({"QUIT"}));
  server_.wait_until_ended();
  EXPECT_EQ(server_.commands().back(), RespCommand{"QUIT"});
}

TEST_F(FaultGateTest, closes_and_resets_all) {
  BlockingClient closed(gate_.endpoint());
  EXPECT_EQ(ask(closed), pong_);
  gate_.close_all();
  EXPECT_EQ(closed.read_to_end(), "");
  EXPECT_EQ(closed.ended_by, boost::asio::error::eof);
  BlockingClient reset(gate_.endpoint());
  EXPECT_EQ(ask(reset), pong_);
  gate_.reset_all();
  EXPECT_EQ(reset.read_to_end(), "");
  EXPECT_EQ(reset.ended_by, boost::asio::error::connection_reset);
  EXPECT_EQ(gate_.counts().open, 0U);
}

TEST_F(FaultGateTest, refuses_and_accepts_again_on_its_port) {
  BlockingClient kept(gate_.endpoint());
  EXPECT_EQ(ask(kept), pong_);
  gate_.refuse();
  EXPECT_THROW(BlockingClient refused(gate_.endpoint()), boost::system::system_error);
  EXPECT_EQ(ask(kept), pong_);
  gate_.accept_again();
  BlockingClient client(gate_.endpoint());
  EXPECT_EQ(ask(client), pong_);
}

TEST(FaultGate, a_server_that_is_gone_looks_like_one_that_leaves) {
  Endpoint gone;
  {
    const ScriptedServer server({{Close{}}});
    gone = server.endpoint();
  }
  FaultGate gate(gone);
  BlockingClient client(gate.endpoint());
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(client.ended_by);
}

}  // namespace
}  // namespace semantrix::testing
