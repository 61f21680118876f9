#include "protocol/http/response_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace semantrix::http {
namespace {

using State = ResponseParser::State;

/// What becomes of bytes that arrive so many at a time.
State feed(ResponseParser& parser, std::string_view bytes, std::size_t step) {
  State state = State::need_more;
  while (!bytes.empty() && state == State::need_more) {
    std::size_t taken = 0;
    const std::string_view part = bytes.substr(0, step);
    state = parser.parse(part, taken);
    if (state == State::need_more) {
      EXPECT_EQ(taken, part.size());
    }
    bytes.remove_prefix(taken);
  }
  return state;
}

/// The same, whole and byte by byte.
void expect_body(std::string_view bytes, std::string_view body, bool keeps_alive) {
  for (const std::size_t step : {bytes.size(), std::size_t{1}, std::size_t{3}}) {
    ResponseParser parser;
    ASSERT_EQ(feed(parser, bytes, step), State::complete) << parser.error();
    EXPECT_EQ(parser.response().body, body);
    EXPECT_EQ(parser.keeps_alive(), keeps_alive);
  }
}

void expect_refused(std::string_view bytes, Limits limits = {}) {
  for (const std::size_t step : {bytes.size(), std::size_t{1}}) {
    ResponseParser parser(limits);
    EXPECT_EQ(feed(parser, bytes, step), State::malformed) << bytes;
    EXPECT_FALSE(parser.error().empty());
  }
}

TEST(HttpResponse, ReadsAnOrdinaryOne) {
  ResponseParser parser;
  const std::string_view bytes =
      "HTTP/1.1 200 OK\r\nServer: Server\r\nX-Amz-Crc32:  77 \r\nContent-Length: "
      "5\r\n\r\nhelloHTTP";
  std::size_t taken = 0;
  ASSERT_EQ(parser.parse(bytes, taken), State::complete);
  EXPECT_EQ(taken, bytes.size() - 4);
  EXPECT_EQ(parser.response().status, 200);
  EXPECT_EQ(parser.response().body, "hello");
  EXPECT_EQ(parser.response().header("x-amz-crc32"), "77");
  EXPECT_EQ(parser.response().header("nothing"), "");
  parser.reset();
  EXPECT_FALSE(parser.started());
  ASSERT_EQ(parser.parse("HTTP/1.1 204\r\n\r\n", taken), State::complete);
  EXPECT_EQ(parser.response().status, 204);
}

TEST(HttpResponse, KnowsWhereABodyEnds) {
  expect_body("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", "ab", true);
  expect_body("HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n", "", true);
  expect_body("HTTP/1.1 304 X\r\n\r\n", "", true);
  expect_body("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab", "ab", false);
  expect_body("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nab", "ab",
              true);
  expect_body("HTTP/1.1 200 OK\r\nConnection: x, close\r\nContent-Length: 2\r\n\r\nab", "ab",
              false);
  expect_body("HTTP/1.1 200\nContent-Length: 2\n\nab", "ab", true);
  expect_body(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n"
      "Trailer: x\r\n\r\n",
      "abc0123456789", true);
  expect_body(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: "
      "9\r\n\r\n1\r\na\r\n0\r\n\r\n",
      "a", false);
  expect_body("HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
              "a", true);
}

TEST(HttpResponse, WithoutALengthTheConnectionsEndIsTheBodys) {
  ResponseParser parser;
  EXPECT_EQ(feed(parser, "HTTP/1.1 200 OK\r\n\r\nabc", 4), State::need_more);
  EXPECT_EQ(parser.end(), State::complete);
  EXPECT_EQ(parser.response().body, "abc");
  EXPECT_FALSE(parser.keeps_alive());
  ResponseParser torn;
  EXPECT_EQ(feed(torn, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", 99), State::need_more);
  EXPECT_EQ(torn.end(), State::malformed);
}

TEST(HttpResponse, RefusesWhatCouldBeUnderstoodInTwoWays) {
  expect_refused("+PONG\r\n");
  expect_refused("HTTP/2 200 OK\r\n");
  expect_refused("HTTP/1.1 99 Low\r\n");
  expect_refused("HTTP/1.1 2000 OK\r\n");
  expect_refused("HTTP/1.1 101 Switching\r\n\r\n");
  expect_refused("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n");
  expect_refused("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n");
  expect_refused("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n");
  expect_refused("HTTP/1.1 200 OK\r\nContent-Length : 5\r\n");
  expect_refused("HTTP/1.1 200 OK\r\n Folded: x\r\n");
  expect_refused("HTTP/1.1 200 OK\r\nNo colon\r\n");
  expect_refused("HTTP/1.1 200 OK\r\nX: a\x01z\r\n");
  expect_refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n");
  expect_refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n");
  expect_refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n");
}

TEST(HttpResponse, KeepsItsLimits) {
  const Limits limits{.head_bytes = 64, .body_bytes = 4};
  expect_refused("HTTP/1.1 200 OK\r\nX: " + std::string(64, 'x'), limits);
  expect_refused("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", limits);
  expect_refused("HTTP/1.1 200 OK\r\n\r\nabcde", limits);
  expect_refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\n", limits);
  expect_refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
                 limits);
}

TEST(HttpRequest, IsWrittenAsItWillBeSigned) {
  Request request{.method = "POST", .target = "/a?b=c", .headers = {{"X-A", "1"}}, .body = "four"};
  EXPECT_EQ(encode_head(request, "h:1"),
            "POST /a?b=c HTTP/1.1\r\nHost: h:1\r\nX-A: 1\r\nContent-Length: 4\r\n\r\n");
  request.headers = {{"host", "other"}};
  EXPECT_EQ(encode_head(request, "h:1"),
            "POST /a?b=c HTTP/1.1\r\nhost: other\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(encode_head(Request(), "h"), "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
}

}  // namespace
}  // namespace semantrix::http
