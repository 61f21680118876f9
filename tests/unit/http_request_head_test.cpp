#include "protocol/http/request_head.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace semantrix::http {
namespace {

constexpr std::size_t most = 1000;

int status_of(std::string_view bytes) {
  const auto head = read_request_head(bytes, most);
  return head ? head->status : 0;
}

TEST(RequestHead, tells_method_and_path) {
  const auto head = read_request_head("GET /metrics?a=b HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\n", most);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->method, "GET");
  EXPECT_EQ(head->path, "/metrics");
  EXPECT_EQ(status_of("HEAD / HTTP/1.0\r\n\r\n"), 200);
}

TEST(RequestHead, no_beginning_of_a_good_one_is_refused) {
  const std::string whole = "GET /metrics HTTP/1.1\r\nHost: x\r\nAccept:\t*/*\r\n\r\n";
  for (std::size_t length = 0; length != whole.size(); ++length) {
    EXPECT_EQ(status_of(std::string_view(whole).substr(0, length)), 0) << length;
  }
  EXPECT_EQ(status_of(whole + "and a body\x01"), 200);
}

TEST(RequestHead, what_is_malformed_is_refused) {
  for (const std::string_view line :
       {"GET", "GET /", " GET / HTTP/1.1", "GET  / HTTP/1.1", "GET / / HTTP/1.1", "GET x HTTP/1.1",
        "G(T / HTTP/1.1", "GET / HTPT/1.1", "GET / ", "", "GET http://x/ HTTP/1.1"}) {
    EXPECT_EQ(status_of(std::string(line) + "\r\nHost: x\r\n\r\n"), 400) << line;
  }
  for (const std::string_view headers :
       {"", "Host : x\r\n", "Host: x\r\nhost: y\r\n", "Host: x\r\n folded\r\n", "Host\r\n",
        ": x\r\nHost: x\r\n", "Host: x\r\nA\tB: c\r\n", "Host: x\r\r\n"}) {
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\n" + std::string(headers) + "\r\n"), 400) << headers;
  }
  EXPECT_EQ(status_of("GET / HTTP/2.0\r\nHost: x\r\n\r\n"), 505);
}

TEST(RequestHead, another_protocol_is_refused_before_its_end) {
  EXPECT_EQ(status_of(std::string_view("\x16\x03\x01\x02\x00", 5)), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\nHost: x\n\n"), 400);
  EXPECT_EQ(status_of("*1\r\n$4\r\rPING"), 400);
  EXPECT_EQ(status_of(std::string_view("GET /\0", 6)), 400);
}

TEST(RequestHead, a_long_one_is_refused_whether_it_ends_or_not) {
  const std::string begun = "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(most, 'a');
  EXPECT_EQ(status_of(begun), 431);
  EXPECT_EQ(status_of(begun + "\r\n\r\n"), 431);
}

}  // namespace
}  // namespace semantrix::http
