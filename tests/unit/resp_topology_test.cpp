#include "protocol/resp/parser.hpp"
#include "protocol/resp/topology.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace semantrix::resp {
namespace {

Result<std::vector<SlotRange>> read(std::string_view bytes) {
  Parser parser;
  EXPECT_EQ(parser.parse(bytes), Parser::State::complete) << bytes;
  return parse_cluster_slots(parser.reply(bytes), "asked");
}

/// A reply with one range, of which `nodes` are the elements from the third on.
std::string range(std::string_view nodes, int count) {
  return "*1\r\n*" + std::to_string(count + 2) + "\r\n:0\r\n:100\r\n" + std::string(nodes);
}

void expect_malformed(std::string_view bytes) {
  const auto ranges = read(bytes);
  ASSERT_TRUE(ranges.has_error()) << bytes;
  EXPECT_EQ(ranges.error().code(), ErrorCode::protocol_error);
}

TEST(RespTopology, ReadsPrimariesAndReplicas) {
  const auto ranges = read(
      "*2\r\n"
      "*4\r\n:0\r\n:8191\r\n*3\r\n$9\r\n127.0.0.1\r\n:30001\r\n$2\r\naa\r\n"
      "*3\r\n$9\r\n127.0.0.1\r\n:30004\r\n$2\r\ndd\r\n"
      "*3\r\n:8192\r\n:16383\r\n*3\r\n$3\r\n::1\r\n:30002\r\n$2\r\nbb\r\n");
  ASSERT_TRUE(ranges.has_value());
  const std::vector<SlotRange> expected = {
      {0, 8191, {"127.0.0.1", 30001, "aa"}, {{"127.0.0.1", 30004, "dd"}}},
      {8192, 16383, {"::1", 30002, "bb"}, {}}};
  EXPECT_EQ(*ranges, expected);
}

TEST(RespTopology, PassesOverMetadata) {
  for (const std::string_view metadata : {"*0\r\n", "*2\r\n$8\r\nhostname\r\n$6\r\nhost-1\r\n",
                                          "%1\r\n$8\r\nhostname\r\n$0\r\n\r\n", "_\r\n"}) {
    const std::string node = "*4\r\n$1\r\nh\r\n:1\r\n$2\r\nid\r\n" + std::string(metadata);
    const auto ranges = read(range(node + node, 2));
    ASSERT_TRUE(ranges.has_value());
    const std::vector<SlotRange> expected = {{0, 100, {"h", 1, "id"}, {{"h", 1, "id"}}}};
    EXPECT_EQ(*ranges, expected);
  }
}

TEST(RespTopology, AnswersFromAsking) {
  for (const std::string_view host : {"$0\r\n\r\n", "$-1\r\n", "_\r\n"}) {
    const auto ranges = read(range("*2\r\n" + std::string(host) + ":7\r\n", 1));
    ASSERT_TRUE(ranges.has_value());
    const std::vector<SlotRange> expected = {{0, 100, {"asked", 7, ""}, {}}};
    EXPECT_EQ(*ranges, expected);
  }
}

TEST(RespTopology, LeavesOutWhatCannotBeReached) {
  const std::string unknown = "*2\r\n$1\r\n?\r\n:7\r\n";
  const std::string no_port = "*2\r\n$1\r\nh\r\n:0\r\n";
  const std::string good = "*2\r\n$1\r\nh\r\n:7\r\n";
  const auto replicas = read(range(good + unknown + no_port + good, 4));
  ASSERT_TRUE(replicas.has_value());
  const std::vector<SlotRange> expected = {{0, 100, {"h", 7, ""}, {{"h", 7, ""}}}};
  EXPECT_EQ(*replicas, expected);
  for (const std::string& nodes : {unknown + good, no_port + good}) {
    const auto ranges = read(range(nodes, 2));
    ASSERT_TRUE(ranges.has_value());
    EXPECT_TRUE(ranges->empty());
  }
  EXPECT_TRUE(read(range("", 0))->empty());
}

TEST(RespTopology, ReadsAClusterThatServesNothing) {
  const auto ranges = read("*0\r\n");
  ASSERT_TRUE(ranges.has_value());
  EXPECT_TRUE(ranges->empty());
}

TEST(RespTopology, RefusesSlotsThatAreNone) {
  const std::string node = "*2\r\n$1\r\nh\r\n:7\r\n";
  for (const std::string_view slots :
       {":5\r\n:4\r\n", ":0\r\n:16384\r\n", ":-1\r\n:5\r\n", ":16384\r\n:16385\r\n",
        ":0\r\n:65536\r\n", "$1\r\n0\r\n:5\r\n", ":0\r\n_\r\n"}) {
    expect_malformed("*1\r\n*3\r\n" + std::string(slots) + node);
  }
}

TEST(RespTopology, RefusesWhatIsNoTopology) {
  for (const std::string_view bytes : {"+OK\r\n", ":1\r\n", "_\r\n", "%1\r\n:1\r\n:2\r\n",
                                       "*1\r\n+x\r\n", "*1\r\n*1\r\n:0\r\n", "*1\r\n*0\r\n"}) {
    expect_malformed(bytes);
  }
  for (const std::string_view node :
       {"+x\r\n", "*0\r\n", "*1\r\n$1\r\nh\r\n", "*2\r\n:1\r\n:7\r\n", "*2\r\n$1\r\nh\r\n_\r\n",
        "*2\r\n$1\r\nh\r\n:65536\r\n", "*2\r\n$1\r\nh\r\n:-1\r\n", "*3\r\n$1\r\nh\r\n:7\r\n:9\r\n",
        "*2\r\n-E\r\n:7\r\n", "*2\r\n*0\r\n:7\r\n"}) {
    expect_malformed(range(node, 1));
  }
}

TEST(RespTopology, PassesOnAnErrorReply) {
  const auto ranges = read("-NOAUTH Authentication required.\r\n");
  ASSERT_TRUE(ranges.has_error());
  EXPECT_EQ(ranges.error().code(), ErrorCode::authentication_failed);
}

}  // namespace
}  // namespace semantrix::resp
