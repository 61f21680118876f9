#include "protocol/resp/command.hpp"
#include "protocol/resp/parser.hpp"
#include "resp_fixture.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::resp {
namespace {

using namespace std::string_literals;

TEST(RespCommand, WritesArraysOfBulkStrings) {
  std::string out;
  append_command(out, {"SET", "key1", "value1", "PX", "60000"});
  EXPECT_EQ(out, "*5\r\n$3\r\nSET\r\n$4\r\nkey1\r\n$6\r\nvalue1\r\n$2\r\nPX\r\n$5\r\n60000\r\n");
}

TEST(RespCommand, AppendsToWhatIsThere) {
  std::string out = "*1\r\n$4\r\nPING\r\n";
  append_command(out, {"PING"});
  EXPECT_EQ(out, "*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nPING\r\n");
}

TEST(RespCommand, TakesAnyBytes) {
  const std::vector<std::string> words = {"GET",        "",        "a b",
                                          "\r\n*1\r\n", "\0\xff"s, std::string(65'536, 'k')};
  const std::vector<std::string_view> views(words.begin(), words.end());
  std::string out;
  append_command(out, views);
  Parser parser;
  ASSERT_EQ(parser.parse(out), Parser::State::complete);
  EXPECT_EQ(parser.consumed(), out.size());
  const Reply reply = parser.reply(out);
  ASSERT_EQ(reply.size(), words.size());
  std::size_t index = 0;
  for (const Reply word : reply.children()) EXPECT_EQ(word.text(), words[index++]);
}

TEST(RespCommand, WritesTheSameInPieces) {
  std::string whole;
  append_command(whole, {"SET", "k", "a large value"});
  std::string pieces;
  append_array_header(pieces, 3);
  append_bulk(pieces, "SET");
  append_bulk(pieces, "k");
  append_bulk_header(pieces, 13);
  pieces += "a large value\r\n";
  EXPECT_EQ(pieces, whole);
}

TEST(RespCommand, WritesHeadersOfEverySize) {
  for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{9}, std::uint64_t{10},
                                     std::uint64_t{1} << 32U, ~std::uint64_t{0}}) {
    std::string out;
    append_array_header(out, number);
    append_bulk_header(out, number);
    EXPECT_EQ(out, "*" + std::to_string(number) + "\r\n$" + std::to_string(number) + "\r\n");
  }
}

TEST(RespCommand, WritesNumbersAsText) {
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{60'000},
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    std::string out;
    append_bulk_number(out, number);
    const std::string digits = std::to_string(number);
    EXPECT_EQ(out, "$" + std::to_string(digits.size()) + "\r\n" + digits + "\r\n");
  }
}

}  // namespace
}  // namespace semantrix::resp
