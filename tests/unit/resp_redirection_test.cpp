#include "protocol/resp/redirection.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace semantrix::resp {
namespace {

TEST(RespRedirection, ReadsHostAndPort) {
  EXPECT_EQ(parse_redirection("MOVED 3999 127.0.0.1:6381"), (Redirection{3999, "127.0.0.1", 6381}));
  EXPECT_EQ(parse_redirection("ASK 16383 node-1.example.com:1"),
            (Redirection{16383, "node-1.example.com", 1}));
  EXPECT_EQ(parse_redirection("MOVED 0 a:65535"), (Redirection{0, "a", 65535}));
}

TEST(RespRedirection, TakesThePortBehindTheLastColon) {
  EXPECT_EQ(parse_redirection("MOVED 1 2001:db8::1:6379"), (Redirection{1, "2001:db8::1", 6379}));
  EXPECT_EQ(parse_redirection("MOVED 1 ::1:6379"), (Redirection{1, "::1", 6379}));
  EXPECT_EQ(parse_redirection("MOVED 1 [2001:db8::1]:6379"), (Redirection{1, "2001:db8::1", 6379}));
}

TEST(RespRedirection, KeepsAnEmptyHostForTheOneAsked) {
  const auto to = parse_redirection("MOVED 1 :6379");
  EXPECT_EQ(to, (Redirection{1, "", 6379}));
  EXPECT_FALSE(to->host_is_unknown());
}

TEST(RespRedirection, TellsAnUnknownHost) {
  const auto to = parse_redirection("MOVED 1 ?:6379");
  ASSERT_TRUE(to.has_value());
  EXPECT_TRUE(to->host_is_unknown());
}

TEST(RespRedirection, RefusesWhatIsNone) {
  for (const std::string_view text : {"",
                                      "MOVED",
                                      "MOVED ",
                                      "MOVED 1",
                                      "MOVED 1 ",
                                      "MOVED 1 host",
                                      "MOVED 1 host:",
                                      "MOVED 1 host:0",
                                      "MOVED 1 host:65536",
                                      "MOVED 1 host:-1",
                                      "MOVED 1 host:1x",
                                      "MOVED 16384 host:1",
                                      "MOVED -1 host:1",
                                      "MOVED x host:1",
                                      "MOVED  1 host:1",
                                      "MOVED 1:1 host",
                                      "MOVED 1 ho st:1",
                                      "MOVED 1 [host:1",
                                      "MOVED 1 host:1 more",
                                      "TRYAGAIN 1 host:1",
                                      "ERR MOVED 1 host:1",
                                      "MOVED\t1 host:1"}) {
    EXPECT_EQ(parse_redirection(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace semantrix::resp
