// What a server must not send: each is refused, however it arrives, and for good.

#include "memcache_fixture.hpp"
#include "protocol/memcache/parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace semantrix::memcache {
namespace {

constexpr std::string_view no_reply = "a line begins with no word of the protocol";
constexpr std::string_view no_item = "a value is not announced as it should be";
constexpr std::string_view no_crlf = "a line does not end in CR LF";
constexpr std::string_view no_data_end = "a value does not end in CR LF";
constexpr std::string_view out_of_place = "a line stands where it does not belong";
constexpr std::string_view too_long = "a line is too long";
constexpr std::string_view too_large = "a value is longer than the limit";
constexpr std::string_view too_many = "a reply has more items than the limit";

void expect_malformed(std::string_view bytes, std::string_view why, Limits limits = {}) {
  const std::string expected = "malformed: " + std::string(why);
  EXPECT_EQ(parse_whole(bytes, limits), expected) << bytes;
  EXPECT_EQ(parse_bytes(bytes, limits), expected) << bytes;
  for (std::size_t at = 0; at <= bytes.size(); ++at) {
    EXPECT_EQ(parse_split(bytes, at, limits), expected) << bytes << " at " << at;
  }
}

TEST(MemcacheMalformed, OtherProtocolsShowAtTheFirstByte) {
  for (int byte = 0; byte < 256; ++byte) {
    const char first = static_cast<char>(byte);
    if (first >= 'A' && first <= 'Z') continue;
    expect_malformed(std::string(1, first), no_reply);
  }
  expect_malformed("-ERR unknown command 'mg'\r\n", no_reply);
  expect_malformed("VALUE a 0 1\r\nA\r\nend\r\n", no_reply);
}

TEST(MemcacheMalformed, WordsThatAreNone) {
  for (const std::string_view bytes :
       {"HTTP/1.1 400 Bad Request\r\n", "VALUES a 0 1\r\n", "V\r\n", "HDX\r\n", "ERRORS\r\n",
        "SERVER_ERRORS x\r\n", "Hd\r\n", "KEY x\r\n", "DEBUG\r\n"}) {
    expect_malformed(bytes, no_reply);
  }
}

TEST(MemcacheMalformed, WordsThatStandAlone) {
  for (const std::string_view word : {"END", "STORED", "NOT_STORED", "EXISTS", "NOT_FOUND",
                                      "DELETED", "TOUCHED", "OK", "RESET"}) {
    expect_malformed(std::string(word) + " x\r\n", out_of_place);
    expect_malformed(std::string(word) + " \r\n", out_of_place);
  }
}

TEST(MemcacheMalformed, LinesWithoutTheirEnd) {
  for (const std::string_view bytes :
       {"HD\n", "EN\rX\r\n", "END\n", "VA 1\nA\r\n", "VERSION 1\r2\r\n", "STORED\r\r\n",
        "VALUE a 0 1\r\nA\r\nEND\n", "SERVER_ERROR a\rb\r\n"}) {
    expect_malformed(bytes, no_crlf);
  }
}

TEST(MemcacheMalformed, ValuesWithoutTheirEnd) {
  for (const std::string_view bytes :
       {"VA 5\r\nhello!\r\n", "VA 5\r\nhello\n\n", "VA 0\r\nEN\r\n", "VA 5\r\nhello\r\r",
        "VALUE a 0 1\r\nABEND\r\n", "CONFIG cluster 0 1\r\n12\r\n"}) {
    expect_malformed(bytes, no_data_end);
  }
}

TEST(MemcacheMalformed, SizesThatAreNone) {
  for (const std::string_view bytes :
       {"VA\r\n", "VA \r\n", "VA x\r\n", "VA -1\r\n", "VA +1\r\n", "VA 01\r\n", "VA 1x\r\n",
        "VA 0x1\r\n", "VA 18446744073709551616\r\n", "VA t5\r\n"}) {
    expect_malformed(bytes, no_item);
  }
  for (const std::string_view rest :
       {"", " ", " a", " a 0", " a 0 x", " a x 1", " a -1 1", " a 4294967296 1", " a 0 -1",
        " a 0 1 x", " a 0 1 2 3", " a 00 1", " a 0 01", " a 0 1 18446744073709551616", "  0 5"}) {
    expect_malformed("VALUE" + std::string(rest) + "\r\n", no_item);
    expect_malformed("CONFIG" + std::string(rest) + "\r\n", no_item);
  }
}

TEST(MemcacheMalformed, LinesThatDoNotBelongWhereTheyAre) {
  for (const std::string_view line :
       {"EN\r\n", "STAT a b\r\n", "VA 1\r\nA\r\n", "STORED\r\n", "END \r\n", "NOTSTARTED x\r\n"}) {
    expect_malformed("VALUE a 0 1\r\nA\r\n" + std::string(line), out_of_place);
  }
  for (const std::string_view line : {"VALUE a 0 1\r\n", "EN\r\n", "OK\r\n", "END x\r\n"}) {
    expect_malformed("STAT a b\r\n" + std::string(line), out_of_place);
  }
  for (const std::string_view line : {"VALUE a 0 1\r\n", "STAT a b\r\n", "CONFIG a 0 1\r\n"}) {
    expect_malformed("CONFIG cluster 0 1\r\nA\r\n" + std::string(line), out_of_place);
  }
  expect_malformed("STAT\r\n", "a statistic has no name");
  expect_malformed("STAT a b\r\nSTAT \r\n", "a statistic has no name");
}

TEST(MemcacheMalformed, ValuesOverTheLimit) {
  const Limits limits{.value_bytes = 10};
  EXPECT_EQ(parse_whole("VA 10\r\n0123456789\r\n", limits), "19 values{=0123456789}");
  expect_malformed("VA 11\r\n", too_large, limits);
  expect_malformed("VALUE a 0 11\r\n", too_large, limits);
  EXPECT_EQ(parse_whole("VA 1073741824\r\n"), "more");
  expect_malformed("VA 1073741825\r\n", too_large);
  expect_malformed("VA 18446744073709551615\r\n", too_large,
                   {.value_bytes = static_cast<std::size_t>(-1)});
}

TEST(MemcacheMalformed, LinesOverTheLimit) {
  const Limits limits{.line_bytes = 11};
  EXPECT_EQ(parse_whole("VERSION 123\r\n", limits), "13 version'123'");
  EXPECT_EQ(parse_bytes("VERSION 123\r\n", limits), "13 version'123'");
  for (const std::string_view end : {"\r\n", "\n", "5\r\n", "56", "\r\r\n"}) {
    expect_malformed("VERSION 1234" + std::string(end), too_long, limits);
  }
  EXPECT_EQ(parse_whole("VERSION 123\r", limits), "more");
  EXPECT_EQ(parse_whole("VERSION 1234", limits), "more");
  expect_malformed("VALUE a 0 1\r\nA\r\nVERSION 12345", too_long, limits);
  const std::string longest = "VERSION " + std::string(8192 - 8, 'x');
  EXPECT_EQ(parse_whole(longest), "more");
  EXPECT_EQ(parse_whole(longest + "\r\n").find("malformed"), std::string::npos);
  EXPECT_EQ(parse_whole(longest + "x\r\n"), "malformed: a line is too long");
}

TEST(MemcacheMalformed, MoreItemsThanTheLimit) {
  const Limits limits{.items = 2};
  const std::string value = "VALUE a 0 1\r\nA\r\n";
  EXPECT_EQ(parse_whole(value + value + "END\r\n", limits), "37 values{a=A a=A}");
  expect_malformed(value + value + value, too_many, limits);
  expect_malformed("STAT a b\r\nSTAT a b\r\nSTAT a b\r\n", too_many, limits);
}

TEST(MemcacheMalformed, StaysSoUntilReset) {
  Parser parser;
  ASSERT_EQ(parser.parse("?"), Parser::State::malformed);
  EXPECT_EQ(parser.parse("EN\r\n"), Parser::State::malformed);
  EXPECT_EQ(parser.error(), no_reply);
  parser.reset();
  EXPECT_EQ(parser.parse("EN\r\n"), Parser::State::complete);
}

}  // namespace
}  // namespace semantrix::memcache
