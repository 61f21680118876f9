// What a server must not send: each is refused, at the first byte that shows it, and for good.

#include "protocol/resp/parser.hpp"
#include "resp_fixture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace semantrix::resp {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

void expect_malformed(std::string_view bytes, std::string_view why, Limits limits = {}) {
  const std::string expected = "malformed: " + std::string(why);
  EXPECT_EQ(parse_whole(bytes, limits), expected) << bytes;
  EXPECT_EQ(parse_bytes(bytes, limits), expected) << bytes;
  for (std::size_t at = 0; at <= bytes.size(); ++at) {
    EXPECT_EQ(parse_split(bytes, at, limits), expected) << bytes << " at " << at;
  }
}

std::string nested(std::size_t depth, std::string_view mark = "*1\r\n") {
  std::string bytes;
  for (std::size_t level = 0; level < depth; ++level) bytes += mark;
  return bytes;
}

constexpr std::string_view no_type = "a byte is no type of the protocol";
constexpr std::string_view no_number = "a number is not written as one";
constexpr std::string_view too_large = "a number is too large";
constexpr std::string_view no_crlf = "a line does not end in CR LF";
constexpr std::string_view negative = "a length is negative";
constexpr std::string_view unfit = "a value does not fit its type";
constexpr std::string_view too_many = "a reply has more elements than the limit";
constexpr std::string_view too_deep = "aggregates nest deeper than the limit";

TEST(RespMalformed, UnknownTypes) {
  for (int byte = 0; byte < 256; ++byte) {
    const char mark = static_cast<char>(byte);
    if ("$+:*-_#,(!=%~>|"s.find(mark) != std::string::npos) continue;
    expect_malformed(std::string(1, mark) + "1\r\n", no_type);
    expect_malformed("*1\r\n"s + mark, no_type);
  }
}

TEST(RespMalformed, LengthsThatAreNone) {
  for (const std::string_view mark : {"$", "!", "=", "*", "%", "~", ">", "|", ":"}) {
    const std::string begin(mark);
    expect_malformed(begin + "\r\n", no_number);
    expect_malformed(begin + "-\r\n", no_number);
    expect_malformed(begin + "+\r\n", no_number);
    expect_malformed(begin + "-0\r\n", no_number);
    expect_malformed(begin + "00\r\n", no_number);
    expect_malformed(begin + "01\r\n", no_number);
    expect_malformed(begin + std::string(30, '0'), no_number);
    expect_malformed(begin + "-01\r\n", no_number);
    expect_malformed(begin + " 1\r\n", no_number);
    expect_malformed(begin + "1 \r\n", no_number);
    expect_malformed(begin + "1x\r\n", no_number);
    expect_malformed(begin + "0x10\r\n", no_number);
    expect_malformed(begin + "--1\r\n", no_number);
    expect_malformed(begin + "1.5\r\n", no_number);
    expect_malformed(begin + "1\n", no_number);
    expect_malformed(begin + "1\0\r\n"s, no_number);
    expect_malformed(begin + "?\r\n", no_number);
  }
}

TEST(RespMalformed, LengthsThatOverflow) {
  for (const std::string_view mark : {"$", "!", "=", "*", "%", "~", ">", "|", ":"}) {
    const std::string begin(mark);
    for (const std::string_view digits :
         {"18446744073709551615", "18446744073709551616", "18446744073709551614",
          "9223372036854775808", "-9223372036854775809", "99999999999999999999999999"}) {
      expect_malformed(begin + std::string(digits) + "\r\n", too_large);
    }
    expect_malformed(begin + std::string(100, '9'), too_large);
  }
}

TEST(RespMalformed, LengthsWithASign) {
  for (const std::string_view mark : {"$", "!", "=", "*", "%", "~", ">", "|"}) {
    expect_malformed(std::string(mark) + "+1\r\n", "a length has a sign");
    expect_malformed(std::string(mark) + "-2\r\n", negative);
    expect_malformed(std::string(mark) + "-9223372036854775808\r\n", negative);
  }
}

TEST(RespMalformed, NullsOfTypesThatHaveNone) {
  for (const std::string_view mark : {"!", "=", "%", "~", ">", "|"}) {
    expect_malformed(std::string(mark) + "-1\r\n", negative);
  }
}

TEST(RespMalformed, StreamedTypes) {
  expect_malformed("$?\r\n;4\r\nabcd\r\n;0\r\n", no_number);
  expect_malformed("*?\r\n:1\r\n.\r\n", no_number);
  expect_malformed("%?\r\n", no_number);
}

TEST(RespMalformed, StringsWithoutTheirEnd) {
  for (const std::string_view end : {"XX"sv, "\rX"sv, "X\n"sv, "\n\r"sv, "\0\0"sv}) {
    expect_malformed("$5\r\nhello" + std::string(end), "a string does not end in CR LF");
  }
  expect_malformed("$5\r\nhello\n$1", "a string does not end in CR LF");
  expect_malformed("$0\r\n+OK\r\n", "a string does not end in CR LF");
  expect_malformed("!3\r\nERRXX", "a string does not end in CR LF");
}

TEST(RespMalformed, LinesWithoutTheirEnd) {
  for (const std::string_view mark : {"+", "-", "(", ",", "#", "_"}) {
    const std::string begin(mark);
    expect_malformed(begin + "1\n", no_crlf);
    expect_malformed(begin + "1\r1\r\n", no_crlf);
    expect_malformed(begin + "1\r\r\n", no_crlf);
    expect_malformed(begin + "1\n1\r\n", no_crlf);
  }
  expect_malformed(":1\r1\r\n", no_crlf);
  expect_malformed("$1\r1\r\n", no_crlf);
}

TEST(RespMalformed, ValuesThatDoNotFitTheirType) {
  for (const std::string_view bytes :
       {"_x\r\n",  "#\r\n",    "#x\r\n",   "#tt\r\n",    "#T\r\n",   ",\r\n",         ",.\r\n",
        ",e5\r\n", ",1e\r\n",  ",1e+\r\n", ",1.5.5\r\n", ",+\r\n",   ",infinity\r\n", ",0x1p3\r\n",
        ", 1\r\n", ",1,5\r\n", "(\r\n",    "(-\r\n",     "(1.5\r\n", "(1e5\r\n",      "(0x1\r\n"}) {
    expect_malformed(bytes, unfit);
  }
  for (const std::string_view bytes : {"=0\r\n\r\n", "=3\r\ntxt\r\n", "=5\r\ntext:\r\n"}) {
    expect_malformed(bytes, "a verbatim string does not name its format");
  }
}

TEST(RespMalformed, APushWithinAReply) {
  expect_malformed("*1\r\n>1\r\n+x\r\n", "a push is within another reply");
  expect_malformed("%1\r\n+x\r\n>0\r\n", "a push is within another reply");
  expect_malformed("|1\r\n>0\r\n", "a push is within another reply");
}

TEST(RespMalformed, EndlessNesting) {
  for (const std::string_view mark : {"*1\r\n", "~1\r\n", "%1\r\n", "|1\r\n"}) {
    expect_malformed(nested(65, mark), too_deep);
  }
  expect_malformed(nested(64) + "*0\r\n", too_deep);
  expect_malformed(">1\r\n" + nested(64), too_deep);
  EXPECT_EQ(parse_whole(nested(1'000'000)), "malformed: " + std::string(too_deep));
}

TEST(RespMalformed, SixtyFourLevelsAreStillWellFormed) {
  for (const std::string_view mark : {"*1\r\n", "~1\r\n", "%1\r\n+k\r\n"}) {
    const std::string bytes = nested(64, mark) + ":1\r\n";
    EXPECT_EQ(parse_whole(bytes).find("malformed"), std::string::npos);
    EXPECT_EQ(parse_bytes(bytes), parse_whole(bytes));
  }
  EXPECT_EQ(parse_whole("*1\r\n:1\r\n", {.depth = 1}), "8 array(1){integer'1'}");
  expect_malformed("*0\r\n", too_deep, {.depth = 0});
}

TEST(RespMalformed, StringsOverTheLimit) {
  const Limits limits{.bulk_bytes = 10};
  EXPECT_EQ(parse_whole("$10\r\n0123456789\r\n", limits), "17 bulk_string'0123456789'");
  expect_malformed("$11\r\n", "a string is longer than the limit", limits);
  expect_malformed("$600000000\r\n", "a string is longer than the limit");
  expect_malformed("$9223372036854775807\r\n", "a string is longer than the limit",
                   {.bulk_bytes = static_cast<std::size_t>(-1)});
  EXPECT_EQ(parse_whole("$536870912\r\n"), "more");
}

TEST(RespMalformed, LinesOverTheLimit) {
  const Limits limits{.line_bytes = 10};
  EXPECT_EQ(parse_whole("+0123456789\r\n", limits), "13 simple_string'0123456789'");
  EXPECT_EQ(parse_bytes("+0123456789\r\n", limits), "13 simple_string'0123456789'");
  for (const std::string_view mark : {"+", "-", "(", ","}) {
    expect_malformed(std::string(mark) + "01234567890", "a line is too long", limits);
    expect_malformed(std::string(mark) + "01234567890\r\n", "a line is too long", limits);
  }
  EXPECT_EQ(parse_whole("+" + std::string(65'536, 'x')), "more");
  EXPECT_EQ(parse_whole("+" + std::string(65'537, 'x')), "malformed: a line is too long");
}

TEST(RespMalformed, MoreElementsThanTheLimit) {
  EXPECT_EQ(parse_whole("*1000000\r\n"), "more");
  EXPECT_EQ(parse_whole("%500000\r\n"), "more");
  expect_malformed("*1000001\r\n", too_many);
  expect_malformed("%500001\r\n", too_many);
  expect_malformed("*9223372036854775807\r\n", too_many);
  expect_malformed("%9223372036854775807\r\n", too_many);
  expect_malformed("|9223372036854775807\r\n", too_many);
  EXPECT_EQ(parse_whole("*2\r\n*999998\r\n"), "more");
  expect_malformed("*2\r\n*999999\r\n", too_many);
}

TEST(RespMalformed, CountsTheElementsOfAllAggregates) {
  const Limits limits{.elements = 4};
  EXPECT_EQ(parse_whole("*2\r\n:1\r\n*2\r\n", limits), "more");
  expect_malformed("*2\r\n:1\r\n*3\r\n", too_many, limits);
  expect_malformed("*2\r\n:1\r\n%2\r\n", too_many, limits);
  expect_malformed("*3\r\n:1\r\n|1\r\n", too_many, limits);
  expect_malformed("|0\r\n|0\r\n|0\r\n|0\r\n|0\r\n", too_many, limits);
}

TEST(RespMalformed, AMillionElementsAreRead) {
  std::string bytes = "*1000000\r\n";
  for (int i = 0; i < 1'000'000; ++i) bytes += "_\r\n";
  Parser parser;
  ASSERT_EQ(parser.parse(bytes), Parser::State::complete);
  EXPECT_EQ(parser.consumed(), bytes.size());
  EXPECT_EQ(parser.reply(bytes).nodes().size(), 1'000'001U);
}

TEST(RespMalformed, StaysSoUntilReset) {
  Parser parser;
  ASSERT_EQ(parser.parse("?"), Parser::State::malformed);
  EXPECT_EQ(parser.parse("+OK\r\n"), Parser::State::malformed);
  EXPECT_EQ(parser.error(), no_type);
  parser.reset();
  EXPECT_EQ(parser.parse("+OK\r\n"), Parser::State::complete);
}

}  // namespace
}  // namespace semantrix::resp
