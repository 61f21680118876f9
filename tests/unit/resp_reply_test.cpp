#include "protocol/resp/parser.hpp"
#include "protocol/resp/reply.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::resp {
namespace {

class RespReply : public testing::Test {
 protected:
  Reply read(std::string_view bytes) {
    EXPECT_EQ(parser_.parse(bytes), Parser::State::complete) << bytes;
    return parser_.reply(bytes);
  }

 private:
  Parser parser_;
};

TEST_F(RespReply, TellsNullFromEmpty) {
  EXPECT_TRUE(read("$-1\r\n").is_null());
  EXPECT_TRUE(read("*-1\r\n").is_null());
  EXPECT_TRUE(read("_\r\n").is_null());
  EXPECT_FALSE(read("$0\r\n\r\n").is_null());
  EXPECT_FALSE(read("*0\r\n").is_null());
  EXPECT_FALSE(read("*1\r\n_\r\n").is_null());
}

TEST_F(RespReply, KnowsErrorsByTheRootAlone) {
  EXPECT_TRUE(read("-ERR\r\n").is_error());
  EXPECT_TRUE(read("!3\r\nERR\r\n").is_error());
  EXPECT_FALSE(read("$3\r\nERR\r\n").is_error());
  const Reply list = read("*1\r\n-ERR\r\n");
  EXPECT_FALSE(list.is_error());
  EXPECT_TRUE(list.child(0).is_error());
}

TEST_F(RespReply, GivesIntegers) {
  EXPECT_EQ(read(":0\r\n").integer(), 0);
  EXPECT_EQ(read(":-2\r\n").integer(), -2);
  EXPECT_EQ(read(":+2\r\n").integer(), 2);
  EXPECT_EQ(read(":9223372036854775807\r\n").integer(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(read(":-9223372036854775808\r\n").integer(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(read("$1\r\n5\r\n").integer(), std::nullopt);
  EXPECT_EQ(read("_\r\n").integer(), std::nullopt);
  EXPECT_EQ(read("*1\r\n:5\r\n").integer(), std::nullopt);
}

TEST_F(RespReply, GivesTextsWithoutCopies) {
  const std::string_view bytes = "*3\r\n$5\r\nhello\r\n=7\r\ntxt:abc\r\n+OK\r\n";
  const Reply reply = read(bytes);
  EXPECT_EQ(reply.text(), "");
  EXPECT_EQ(reply.child(0).text(), "hello");
  EXPECT_EQ(reply.child(0).text().data(), bytes.data() + 8);
  EXPECT_EQ(reply.child(1).text(), "abc");
  EXPECT_EQ(reply.child(2).text(), "OK");
}

TEST_F(RespReply, KeepsItsTextsWhenTheBytesMove) {
  const std::string bytes = "*2\r\n$1\r\na\r\n$1\r\nb\r\n";
  Parser parser;
  ASSERT_EQ(parser.parse(bytes), Parser::State::complete);
  const std::string moved(bytes.begin(), bytes.end());
  EXPECT_EQ(parser.reply(moved).child(1).text().data(), moved.data() + 15);
}

TEST_F(RespReply, WalksOverChildrenWithAllTheyHold) {
  const Reply reply = read("*4\r\n*2\r\n:1\r\n*1\r\n:2\r\n$1\r\na\r\n%1\r\n+k\r\n~0\r\n_\r\n");
  std::vector<std::size_t> sizes;
  std::vector<Type> types;
  for (const Reply child : reply.children()) {
    sizes.push_back(child.nodes().size());
    types.push_back(child.type());
  }
  EXPECT_EQ(sizes, (std::vector<std::size_t>{4, 1, 3, 1}));
  EXPECT_EQ(types, (std::vector<Type>{Type::array, Type::bulk_string, Type::map, Type::null}));
  ASSERT_EQ(reply.size(), 4U);
  EXPECT_EQ(reply.child(0).child(1).child(0).integer(), 2);
  EXPECT_EQ(reply.child(2).child(0).text(), "k");
  EXPECT_EQ(reply.child(2).child(1).type(), Type::set);
}

TEST_F(RespReply, HasNoChildrenWhereThereAreNone) {
  for (const std::string_view bytes : {"*0\r\n", ":1\r\n", "_\r\n", "%0\r\n", "$1\r\na\r\n"}) {
    const Reply reply = read(bytes);
    EXPECT_EQ(reply.size(), 0U);
    EXPECT_EQ(reply.children().begin(), reply.children().end());
  }
}

TEST_F(RespReply, SortsTypes) {
  for (const std::string_view bytes : {"+a\r\n", "$1\r\na\r\n", "=5\r\ntxt:a\r\n"}) {
    EXPECT_TRUE(read(bytes).is_string()) << bytes;
    EXPECT_FALSE(read(bytes).is_list()) << bytes;
  }
  for (const std::string_view bytes : {"*0\r\n", "~0\r\n", ">0\r\n"}) {
    EXPECT_TRUE(read(bytes).is_list()) << bytes;
    EXPECT_FALSE(read(bytes).is_string()) << bytes;
  }
  for (const std::string_view bytes : {"%0\r\n", "-E\r\n", ":1\r\n", "_\r\n", "#t\r\n"}) {
    EXPECT_FALSE(read(bytes).is_list() || read(bytes).is_string()) << bytes;
  }
}

}  // namespace
}  // namespace semantrix::resp
