#include "net/endpoint.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace semantrix::net {
namespace {

TEST(Endpoint, ReadsEveryForm) {
  struct Case {
    std::string_view text;
    Endpoint wanted;
  };
  const std::vector<Case> cases{
      {"cache.example", {"cache.example", 6379}},
      {"cache.example:7000", {"cache.example", 7000}},
      {"10.0.0.1:1", {"10.0.0.1", 1}},
      {"host:65535", {"host", 65535}},
      {"[::1]:6380", {"::1", 6380}},
      {"[2001:db8::7]", {"2001:db8::7", 6379}},
      {"2001:db8::7", {"2001:db8::7", 6379}},
      {"::1", {"::1", 6379}},
      {"clustercfg.my-cache.abc123.euw1.cache.amazonaws.com:6379",
       {"clustercfg.my-cache.abc123.euw1.cache.amazonaws.com", 6379}},
  };
  for (const auto& [text, wanted] : cases) {
    const auto endpoint = parse_endpoint(text, 6379);
    ASSERT_TRUE(endpoint) << text << ": " << endpoint.error().to_string();
    EXPECT_EQ(*endpoint, wanted) << text;
  }
}

TEST(Endpoint, RefusesWhatIsNone) {
  struct Case {
    std::string_view text;
    std::string_view why;
  };
  const std::vector<Case> cases{
      {"", "is empty"},
      {":6379", "no host"},
      {"[]:6379", "no IPv6 address"},
      {"host:", "port"},
      {"host:0", "port"},
      {"host:65536", "port"},
      {"host:99999999999999999999", "port"},
      {"host:-1", "port"},
      {"host:+1", "port"},
      {"host:63x", "port"},
      {"host:1:2", "too many colons"},
      {"redis://host:6379", "is a URL"},
      {"https://host", "is a URL"},
      {"host:6379/0", "goes on"},
      {"host?x=1", "goes on"},
      {"user@host", "user name"},
      {" host", "white space"},
      {"host ", "white space"},
      {"ho st", "white space"},
      {"host\r\nFLUSHALL", "white space"},
      {std::string_view("host\0", 5), "white space"},
      {"[::1", "brackets"},
      {"::1]", "brackets"},
      {"[::1]x:1", "brackets"},
      {"[host]:1", "no IPv6 address"},
      {"a[b]", "brackets"},
      {"[", "brackets"},
      {"]", "brackets"},
  };
  for (const auto& [text, why] : cases) {
    const auto endpoint = parse_endpoint(text, 6379);
    ASSERT_FALSE(endpoint) << text;
    EXPECT_EQ(endpoint.error().code(), ErrorCode::invalid_argument) << text;
    EXPECT_NE(endpoint.error().message().find(why), std::string::npos)
        << text << ": " << endpoint.error().message();
  }
}

TEST(Endpoint, ErrorsHideSecrets) {
  const auto endpoint = parse_endpoint("redis://user:hunter2@host", 6379);
  ASSERT_FALSE(endpoint);
  EXPECT_EQ(endpoint.error().to_string().find("hunter2"), std::string::npos);
  const auto bare = parse_endpoint("user:hunter2@host", 6379);
  ASSERT_FALSE(bare);
  EXPECT_EQ(bare.error().to_string().find("hunter2"), std::string::npos);
}

TEST(Endpoint, TextReadsBack) {
  for (const Endpoint& endpoint : {Endpoint{"host", 1}, Endpoint{"::1", 6379}}) {
    const auto read = parse_endpoint(to_string(endpoint), 7);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, endpoint);
  }
  EXPECT_EQ(to_string({"::1", 6379}), "[::1]:6379");
}

}  // namespace
}  // namespace semantrix::net
