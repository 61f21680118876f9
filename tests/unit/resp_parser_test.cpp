#include "protocol/resp/parser.hpp"
#include "resp_fixture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace semantrix::resp {
namespace {

using namespace std::string_literals;

struct Sample {
  std::string bytes;
  std::string reply;
};

/// Replies of every kind, as servers send them.
const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = {
      {"+OK\r\n", "simple_string'OK'"},
      {"+\r\n", "simple_string''"},
      {"-ERR unknown command\r\n", "error'ERR unknown command'"},
      {":0\r\n", "integer'0'"},
      {":-1\r\n", "integer'-1'"},
      {":+7\r\n", "integer'+7'"},
      {":9223372036854775807\r\n", "integer'9223372036854775807'"},
      {":-9223372036854775808\r\n", "integer'-9223372036854775808'"},
      {"$5\r\nhello\r\n", "bulk_string'hello'"},
      {"$0\r\n\r\n", "bulk_string''"},
      {"$2\r\n\r\n\r\n", "bulk_string'\r\n'"},
      {"$4\r\n\0\r\n\xff\r\n"s, "bulk_string'\0\r\n\xff'"s},
      {"$-1\r\n", "null"},
      {"*-1\r\n", "null"},
      {"_\r\n", "null"},
      {"*0\r\n", "array(0){}"},
      {"*3\r\n$1\r\na\r\n$-1\r\n:5\r\n", "array(3){bulk_string'a' null integer'5'}"},
      {"*2\r\n*2\r\n:1\r\n*0\r\n*1\r\n+x\r\n",
       "array(2){array(2){integer'1' array(0){}} array(1){simple_string'x'}}"},
      {"#t\r\n", "boolean't'"},
      {"#f\r\n", "boolean'f'"},
      {",1.5\r\n", "real'1.5'"},
      {",-1.5e-3\r\n", "real'-1.5e-3'"},
      {",10\r\n", "real'10'"},
      {",inf\r\n", "real'inf'"},
      {",-inf\r\n", "real'-inf'"},
      {",nan\r\n", "real'nan'"},
      {"(3492890328409238509324850943850943825024385\r\n",
       "big_number'3492890328409238509324850943850943825024385'"},
      {"(-1\r\n", "big_number'-1'"},
      {"!9\r\nERR no\r\ny\r\n", "bulk_error'ERR no\r\ny'"},
      {"=8\r\ntxt:text\r\n", "verbatim'text'"},
      {"=4\r\nmkd:\r\n", "verbatim''"},
      {"%2\r\n+a\r\n:1\r\n+b\r\n*1\r\n_\r\n",
       "map(4){simple_string'a' integer'1' simple_string'b' array(1){null}}"},
      {"%0\r\n", "map(0){}"},
      {"~2\r\n:1\r\n:2\r\n", "set(2){integer'1' integer'2'}"},
      {">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n",
       "push(2){bulk_string'invalidate' array(1){bulk_string'k'}}"},
      {"|1\r\n+ttl\r\n:3600\r\n$1\r\nv\r\n", "bulk_string'v'"},
      {"|0\r\n:1\r\n", "integer'1'"},
      {"*2\r\n|1\r\n+a\r\n*2\r\n:1\r\n%1\r\n+k\r\n+v\r\n:7\r\n|0\r\n|1\r\n+b\r\n|1\r\n+c\r\n_\r\n:0"
       "\r\n:8\r\n",
       "array(2){integer'7' integer'8'}"},
      {"*1\r\n|1\r\n+a\r\n_\r\n*1\r\n:1\r\n", "array(1){array(1){integer'1'}}"},
      {"%7\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$6\r\n7.0.15\r\n$5\r\nproto\r\n:3\r\n"
       "$2\r\nid\r\n:10\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n$4\r\nrole\r\n$6\r\nmaster\r\n"
       "$7\r\nmodules\r\n*0\r\n",
       "map(14){bulk_string'server' bulk_string'redis' bulk_string'version' bulk_string'7.0.15' "
       "bulk_string'proto' integer'3' bulk_string'id' integer'10' bulk_string'mode' "
       "bulk_string'standalone' bulk_string'role' bulk_string'master' bulk_string'modules' "
       "array(0){}}"},
  };
  return all;
}

std::string expected(const Sample& sample) {
  return std::to_string(sample.bytes.size()) + " " + sample.reply;
}

TEST(RespParser, ReadsEveryKindOfReply) {
  for (const Sample& sample : samples()) {
    EXPECT_EQ(parse_whole(sample.bytes), expected(sample)) << sample.bytes;
  }
}

TEST(RespParser, ReadsTheSameByteByByte) {
  for (const Sample& sample : samples()) {
    EXPECT_EQ(parse_bytes(sample.bytes), expected(sample)) << sample.bytes;
  }
}

TEST(RespParser, ReadsTheSameFromTwoPieces) {
  for (const Sample& sample : samples()) {
    for (std::size_t at = 0; at <= sample.bytes.size(); ++at) {
      ASSERT_EQ(parse_split(sample.bytes, at), expected(sample)) << sample.bytes << " at " << at;
    }
  }
}

TEST(RespParser, ReadsTheSameFromThreePieces) {
  for (const Sample& sample : samples()) {
    const std::string_view bytes = sample.bytes;
    for (std::size_t first = 0; first <= bytes.size(); ++first) {
      for (std::size_t second = first; second < bytes.size(); ++second) {
        Parser parser;
        ASSERT_TRUE(first == bytes.size() || parser.parse(Exactly(bytes.substr(0, first)).view()) ==
                                                 Parser::State::need_more);
        ASSERT_EQ(parser.parse(Exactly(bytes.substr(0, second)).view()), Parser::State::need_more);
        const Exactly whole(bytes);
        ASSERT_EQ(outcome(parser, parser.parse(whole.view()), whole.view()), expected(sample));
      }
    }
  }
}

TEST(RespParser, LeavesWhatFollowsAlone) {
  for (const Sample& sample : samples()) {
    for (const std::string_view rest : {"+next\r\n", "\xff garbage", "\r\n", "$"}) {
      EXPECT_EQ(parse_whole(sample.bytes + std::string(rest)), expected(sample));
    }
  }
}

TEST(RespParser, ReadsOneReplyAfterTheOther) {
  std::string all;
  for (const Sample& sample : samples()) all += sample.bytes;
  Parser parser;
  std::string_view rest = all;
  for (const Sample& sample : samples()) {
    ASSERT_EQ(parser.parse(rest), Parser::State::complete);
    EXPECT_EQ(describe(parser.reply(rest)), sample.reply);
    rest.remove_prefix(parser.consumed());
  }
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(parser.parse(rest), Parser::State::need_more);
}

TEST(RespParser, KnowsHowManyBytesABulkNeeds) {
  Parser parser;
  EXPECT_EQ(parser.wanted(), 1U);
  ASSERT_EQ(parser.parse("*2\r\n:1\r\n$1000\r\nab"), Parser::State::need_more);
  EXPECT_EQ(parser.wanted(), 8U + 7 + 1000 + 2);
  std::string whole = "*2\r\n:1\r\n$1000\r\n" + std::string(1000, 'v');
  ASSERT_EQ(parser.parse(whole + "\r"), Parser::State::need_more);
  EXPECT_EQ(parser.wanted(), whole.size() + 2);
  ASSERT_EQ(parser.parse(whole + "\r\n"), Parser::State::complete);
  EXPECT_EQ(parser.consumed(), whole.size() + 2);
}

TEST(RespParser, WantsNoMoreThanOneByteWhereNoLengthIsKnown) {
  for (const std::string_view begun :
       {"$", "$1", "$10\r", "+OK", "+OK\r", "*2\r\n", "|1\r\n+a\r\n"}) {
    Parser parser;
    ASSERT_EQ(parser.parse(begun), Parser::State::need_more) << begun;
    EXPECT_EQ(parser.wanted(), begun.size() + 1) << begun;
  }
}

TEST(RespParser, ForgetsAReplyWhenReset) {
  Parser parser;
  ASSERT_EQ(parser.parse("*3\r\n|1\r\n:1\r\n$100\r\nabc"), Parser::State::need_more);
  parser.reset();
  EXPECT_EQ(parser.wanted(), 1U);
  const std::string_view next = "*1\r\n:1\r\n";
  ASSERT_EQ(parser.parse(next), Parser::State::complete);
  EXPECT_EQ(describe(parser.reply(next)), "array(1){integer'1'}");
}

TEST(RespParser, ServesAgainAfterAReplyOfManyElements) {
  std::string many = "*100000\r\n";
  for (int i = 0; i < 100'000; ++i) many += ":1\r\n";
  Parser parser;
  for (int round = 0; round < 2; ++round) {
    ASSERT_EQ(parser.parse(many), Parser::State::complete);
    EXPECT_EQ(parser.reply(many).nodes().size(), 100'001U);
    ASSERT_EQ(parser.parse("+OK\r\n"), Parser::State::complete);
    EXPECT_EQ(describe(parser.reply("+OK\r\n")), "simple_string'OK'");
  }
}

}  // namespace
}  // namespace semantrix::resp
