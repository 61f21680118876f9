#include "memcache_fixture.hpp"
#include "protocol/memcache/parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace semantrix::memcache {
namespace {

using namespace std::string_literals;

struct Sample {
  std::string bytes;
  std::string reply;
};

/// Replies of every kind, as servers send them.
const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = {
      {"VA 5\r\nhello\r\n", "values{=hello}"},
      {"VA 0\r\n\r\n", "values{=}"},
      {"VA 2\r\n\r\n\r\n", "values{=\r\n}"},
      {"VA 4 \r\na  \t\r\n", "values{=a  \t}"},
      {"VA 5 t-1 f30 O7\r\nEN\r\n \r\n", "values't-1 f30 O7'{=EN\r\n }"},
      {"VA 4 ksemantrix:key1 s4\r\n\0\r\n\xff\r\n"s, "values'ksemantrix:key1 s4'{=\0\r\n\xff}"s},
      {"HD\r\n", "done"},
      {"HD \r\n", "done"},
      {"HD t59 O1\r\n", "done't59 O1'"},
      {"HD  O1\r\n", "done' O1'"},
      {"EN\r\n", "miss"},
      {"EN O3\r\n", "miss'O3'"},
      {"NF\r\n", "not_found"},
      {"NF  O12\r\n", "not_found' O12'"},
      {"NS\r\n", "not_stored"},
      {"EX O1\r\n", "exists'O1'"},
      {"MN\r\n", "no_op"},
      {"ME key1 exp=-1 la=2 cas=4 fetch=no cls=1 size=63\r\n",
       "debug'key1 exp=-1 la=2 cas=4 fetch=no cls=1 size=63'"},
      {"END\r\n", "miss"},
      {"VALUE key1 0 5\r\nhello\r\nEND\r\n", "values{key1=hello}"},
      {"VALUE key1 5 0 77\r\n\r\nEND\r\n", "values{key1=/5}"},
      {"VALUE a 0 1\r\nA\r\nVALUE b 4294967295 5\r\nEND\r\n\r\nVALUE c 0 3 18446744073709551615\r\n"
       "c  \r\nEND\r\n",
       "values{a=A b=END\r\n/4294967295 c=c  }"},
      {"VALUE a 0 1\r\nA\r\nSERVER_ERROR out of memory writing get response\r\n",
       "error'SERVER_ERROR out of memory writing get response'"},
      {"STORED\r\n", "done"},
      {"NOT_STORED\r\n", "not_stored"},
      {"EXISTS\r\n", "exists"},
      {"NOT_FOUND\r\n", "not_found"},
      {"DELETED\r\n", "done"},
      {"TOUCHED\r\n", "done"},
      {"OK\r\n", "done"},
      {"RESET\r\n", "done"},
      {"VERSION 1.6.18\r\n", "version'1.6.18'"},
      {"VERSION \r\n", "version"},
      {"STAT pid 1\r\nSTAT version 1.6.18\r\nSTAT empty \r\nSTAT bare\r\nSTAT words a b  "
       "c\r\nEND\r\n",
       "statistics{pid=1 version=1.6.18 empty= bare= words=a b  c}"},
      {"STAT pid 1\r\nSERVER_ERROR out of memory writing stats\r\n",
       "error'SERVER_ERROR out of memory writing stats'"},
      {"CONFIG cluster 0 25\r\n12\nhost|10.0.0.1|11211\n\r\n\r\nEND\r\n",
       "configuration{cluster=12\nhost|10.0.0.1|11211\n\r\n}"},
      {"ERROR\r\n", "error'ERROR'"},
      {"ERROR Too many open connections\r\n", "error'ERROR Too many open connections'"},
      {"CLIENT_ERROR bad command line format\r\n", "error'CLIENT_ERROR bad command line format'"},
      {"SERVER_ERROR object too large for cache\r\n",
       "error'SERVER_ERROR object too large for cache'"},
      {"BUSY currently processing crawler request\r\n",
       "error'BUSY currently processing crawler request'"},
  };
  return all;
}

std::string expected(const Sample& sample) {
  return std::to_string(sample.bytes.size()) + " " + sample.reply;
}

TEST(MemcacheParser, ReadsEveryKindOfReply) {
  for (const Sample& sample : samples()) {
    EXPECT_EQ(parse_whole(sample.bytes), expected(sample)) << sample.bytes;
  }
}

TEST(MemcacheParser, ReadsTheSameByteByByte) {
  for (const Sample& sample : samples()) {
    EXPECT_EQ(parse_bytes(sample.bytes), expected(sample)) << sample.bytes;
  }
}

TEST(MemcacheParser, ReadsTheSameFromTwoPieces) {
  for (const Sample& sample : samples()) {
    for (std::size_t at = 0; at <= sample.bytes.size(); ++at) {
      ASSERT_EQ(parse_split(sample.bytes, at), expected(sample)) << sample.bytes << " at " << at;
    }
  }
}

TEST(MemcacheParser, ReadsTheSameFromThreePieces) {
  for (const Sample& sample : samples()) {
    const std::string_view bytes = sample.bytes;
    for (std::size_t first = 0; first < bytes.size(); ++first) {
      for (std::size_t second = first; second < bytes.size(); ++second) {
        Parser parser;
        ASSERT_EQ(parser.parse(Exactly(bytes.substr(0, first)).view()), Parser::State::need_more);
        ASSERT_EQ(parser.parse(Exactly(bytes.substr(0, second)).view()), Parser::State::need_more);
        const Exactly whole(bytes);
        ASSERT_EQ(outcome(parser, parser.parse(whole.view()), whole.view()), expected(sample));
      }
    }
  }
}

TEST(MemcacheParser, LeavesWhatFollowsAlone) {
  for (const Sample& sample : samples()) {
    for (const std::string_view rest : {"EN\r\n", "\xff garbage", "\r\n", "VALUE"}) {
      EXPECT_EQ(parse_whole(sample.bytes + std::string(rest)), expected(sample));
    }
  }
}

TEST(MemcacheParser, ReadsOneReplyAfterTheOther) {
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

TEST(MemcacheParser, KnowsHowManyBytesAValueNeeds) {
  Parser parser;
  EXPECT_EQ(parser.wanted(), 1U);
  ASSERT_EQ(parser.parse("VA 1000 t5\r\nab"), Parser::State::need_more);
  EXPECT_EQ(parser.wanted(), 12U + 1000 + 2);
  std::string whole = "VA 1000 t5\r\n" + std::string(1000, 'v');
  ASSERT_EQ(parser.parse(whole + "\r"), Parser::State::need_more);
  EXPECT_EQ(parser.wanted(), whole.size() + 2);
  ASSERT_EQ(parser.parse(whole + "\r\n"), Parser::State::complete);
  EXPECT_EQ(parser.consumed(), whole.size() + 2);

  ASSERT_EQ(parser.parse("VALUE k 0 3\r\n"), Parser::State::need_more);
  EXPECT_EQ(parser.wanted(), 13U + 3 + 2);
  ASSERT_EQ(parser.parse("VALUE k 0 3\r\nabc\r\n"), Parser::State::need_more);
  EXPECT_EQ(parser.wanted(), 13U + 3 + 2 + 1);
}

TEST(MemcacheParser, WantsNoMoreThanOneByteWhereNoLengthIsKnown) {
  for (const std::string_view begun :
       {"V", "VA", "VA 1", "VA 10\r", "HD\r", "VALUE a 0 1\r\nA\r\n", "STAT pid 1\r\n"}) {
    Parser parser;
    ASSERT_EQ(parser.parse(begun), Parser::State::need_more) << begun;
    EXPECT_EQ(parser.wanted(), begun.size() + 1) << begun;
  }
}

TEST(MemcacheParser, ForgetsAReplyWhenReset) {
  Parser parser;
  ASSERT_EQ(parser.parse("VALUE a 0 1\r\nA\r\nVALUE b 0 100\r\nabc"), Parser::State::need_more);
  parser.reset();
  EXPECT_EQ(parser.wanted(), 1U);
  ASSERT_EQ(parser.parse("VA 1\r\nx\r\n"), Parser::State::complete);
  EXPECT_EQ(describe(parser.reply("VA 1\r\nx\r\n")), "values{=x}");
}

TEST(MemcacheParser, ServesAgainAfterAReplyOfManyValues) {
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "VALUE k 0 1\r\nv\r\n";
  many += "END\r\n";
  Parser parser;
  for (int round = 0; round < 2; ++round) {
    ASSERT_EQ(parser.parse(many), Parser::State::complete);
    EXPECT_EQ(parser.reply(many).items().size(), 100'000U);
    ASSERT_EQ(parser.parse("EN\r\n"), Parser::State::complete);
    EXPECT_EQ(describe(parser.reply("EN\r\n")), "miss");
  }
}

TEST(MemcacheParser, LooksAtALongLineOnceHoweverItArrives) {
  // Byte by byte through a line of many: quadratic work would take minutes.
  const std::string bytes = "VERSION " + std::string(1'000'000, 'x') + "\r\n";
  Parser parser(Limits{.line_bytes = 2'000'000});
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    ASSERT_EQ(parser.parse(std::string_view(bytes).substr(0, size)), Parser::State::need_more);
  }
  EXPECT_EQ(parser.parse(bytes), Parser::State::complete);
}

}  // namespace
}  // namespace semantrix::memcache
