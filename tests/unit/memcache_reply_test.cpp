#include "protocol/memcache/parser.hpp"
#include "protocol/memcache/reply.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string_view>

namespace semantrix::memcache {
namespace {

/// Parses bytes and keeps what the reply is a view of.
class Parsed {
 public:
  explicit Parsed(std::string_view bytes) : bytes_(bytes) {
    EXPECT_EQ(parser_.parse(bytes_), Parser::State::complete) << bytes;
  }
  [[nodiscard]] Reply operator*() const { return parser_.reply(bytes_); }

 private:
  std::string_view bytes_;
  Parser parser_;
};

TEST(MemcacheReply, TellsTheFlagsOfAMetaReply) {
  const Parsed parsed("VA 2 t59 f4294967295 O12 kfoot c77 b W\r\nab\r\n");
  const Reply reply = *parsed;
  EXPECT_EQ(reply.value(), "ab");
  EXPECT_EQ(reply.ttl(), std::chrono::seconds(59));
  EXPECT_EQ(reply.client_flags(), 4294967295U);
  EXPECT_EQ(reply.opaque(), 12U);
  EXPECT_EQ(reply.flag('k'), "foot");
  EXPECT_EQ(reply.number('c'), 77U);
  EXPECT_EQ(reply.flag('b'), "");
  EXPECT_EQ(reply.flag('W'), "");
  EXPECT_EQ(reply.flag('o'), std::nullopt);
  EXPECT_EQ(reply.number('k'), std::nullopt);
}

TEST(MemcacheReply, ReadsFlagsBehindNeedlessSpaces) {
  EXPECT_EQ((*Parsed("HD  O7\r\n")).opaque(), 7U);
  EXPECT_EQ((*Parsed("HD  O7  t1 \r\n")).ttl(), std::chrono::seconds(1));
  EXPECT_EQ((*Parsed("HD \r\n")).opaque(), std::nullopt);
}

TEST(MemcacheReply, HasNoTtlWithoutAnEnd) {
  EXPECT_EQ((*Parsed("HD t-1\r\n")).ttl(), std::nullopt);
  EXPECT_EQ((*Parsed("HD\r\n")).ttl(), std::nullopt);
  EXPECT_EQ((*Parsed("HD t99999999999\r\n")).ttl(), std::nullopt);
  EXPECT_EQ((*Parsed("HD t0\r\n")).ttl(), std::chrono::seconds(0));
}

TEST(MemcacheReply, TellsTheFlagsOfAClassicValue) {
  EXPECT_EQ((*Parsed("VALUE k 17 1\r\nv\r\nEND\r\n")).client_flags(), 17U);
  EXPECT_EQ((*Parsed("VALUE k 17 1\r\nv\r\nEND\r\n")).ttl(), std::nullopt);
  EXPECT_EQ((*Parsed("EN\r\n")).client_flags(), 0U);
}

TEST(MemcacheReply, IsAbsentWhateverWasAskedFor) {
  for (const std::string_view bytes : {"EN\r\n", "END\r\n", "NF\r\n", "NOT_FOUND\r\n"}) {
    EXPECT_TRUE((*Parsed(bytes)).is_absent()) << bytes;
  }
  for (const std::string_view bytes : {"HD\r\n", "NS\r\n", "ERROR\r\n", "VA 0\r\n\r\n"}) {
    EXPECT_FALSE((*Parsed(bytes)).is_absent()) << bytes;
  }
}

TEST(MemcacheReply, KnowsAnError) {
  EXPECT_TRUE((*Parsed("SERVER_ERROR x\r\n")).is_error());
  EXPECT_FALSE((*Parsed("VA 5\r\nERROR\r\n")).is_error());
}

}  // namespace
}  // namespace semantrix::memcache
