#include "protocol/resp/parser.hpp"
#include "stores/redis/commands.hpp"
#include "stores/redis/decoders.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace semantrix::redis {
namespace {

std::string written(bool asking) {
  net::OutputBuffer out;
  Commands commands(out, asking);
  commands.next().text().append("one ");
  commands.next().text().append("two ");
  return out.text();
}

TEST(Commands, are_written_as_they_are) { EXPECT_EQ(written(false), "one two "); }

TEST(Commands, are_announced_one_by_one_where_a_slot_is_on_the_move) {
  const std::string asking = "*1\r\n$6\r\nASKING\r\n";
  EXPECT_EQ(written(true), asking + "one " + asking + "two ");
}

/// Feeds the replies; the error of each command.
std::vector<bool> failed(bool asking, const std::vector<std::string_view>& replies) {
  AskingDecoder<OutcomesDecoder> decoder(asking);
  const net::ReadBuffer buffer;
  for (const std::string_view text : replies) {
    resp::Parser parser;
    EXPECT_EQ(parser.parse(text), resp::Parser::State::complete);
    decoder.take(parser.reply(text), buffer);
  }
  std::vector<bool> failed;
  const auto answer = decoder.answer();
  for (const auto& outcome : *answer) failed.push_back(outcome.has_value());
  return failed;
}

TEST(AskingDecoder, hands_every_reply_on) {
  const std::vector<bool> outcomes{false, true};
  EXPECT_EQ(failed(false, {"+OK\r\n", "-ERR no\r\n"}), outcomes);
}

TEST(AskingDecoder, leaves_out_the_replies_to_asking) {
  const std::vector<bool> outcomes{true, false};
  EXPECT_EQ(failed(true, {"+OK\r\n", "-ERR no\r\n", "+OK\r\n", "+OK\r\n"}), outcomes);
}

}  // namespace
}  // namespace semantrix::redis
