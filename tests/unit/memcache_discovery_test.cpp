#include "protocol/memcache/discovery.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace semantrix::memcache {
namespace {

TEST(MemcacheDiscovery, ReadsVersionAndNodes) {
  const auto configuration = parse_cluster_configuration(
      "12\nc.abcdef.0001.use1.cache.amazonaws.com|10.82.235.120|11211 "
      "c.abcdef.0002.use1.cache.amazonaws.com|10.80.249.27|11212\n");
  ASSERT_TRUE(configuration.has_value());
  const ClusterConfiguration expected{
      12,
      {{"c.abcdef.0001.use1.cache.amazonaws.com", "10.82.235.120", 11211},
       {"c.abcdef.0002.use1.cache.amazonaws.com", "10.80.249.27", 11212}}};
  EXPECT_EQ(*configuration, expected);
}

TEST(MemcacheDiscovery, TakesLinesAsServersEndThem) {
  const ClusterConfiguration expected{3, {{"a", "10.0.0.1", 1}}};
  for (const std::string_view payload :
       {"3\na|10.0.0.1|1", "3\na|10.0.0.1|1\n", "3\r\na|10.0.0.1|1\r\n", "3\na|10.0.0.1|1\n\r\n",
        "3\n a|10.0.0.1|1 \n", "3\na|10.0.0.1|1 a|10.0.0.1|1\n"}) {
    const auto configuration = parse_cluster_configuration(payload);
    ASSERT_TRUE(configuration.has_value()) << payload;
    EXPECT_EQ(*configuration, expected) << payload;
  }
}

TEST(MemcacheDiscovery, FallsBackToTheAddress) {
  const auto configuration =
      parse_cluster_configuration("1\n|10.0.0.1|11211 b||11211 |::1|11211\n");
  ASSERT_TRUE(configuration.has_value());
  EXPECT_EQ(configuration->nodes,
            (std::vector<ClusterNode>{
                {"10.0.0.1", "10.0.0.1", 11211}, {"b", "", 11211}, {"::1", "::1", 11211}}));
}

TEST(MemcacheDiscovery, RefusesAnythingElse) {
  for (const std::string_view payload : {"",
                                         "\n",
                                         "12",
                                         "12\n",
                                         "12\n\n",
                                         "x\na|b|1\n",
                                         "-1\na|b|1\n",
                                         "a|b|1\n",
                                         "12 13\na|b|1\n",
                                         "12\na|b\n",
                                         "12\na|b|\n",
                                         "12\na|b|0\n",
                                         "12\na|b|65536\n",
                                         "12\na|b|x\n",
                                         "12\n||1\n",
                                         "12\na|b|1|2\n",
                                         "12\na/b|c|1\n",
                                         "12\na|b|1\na|b|2\n",
                                         "12\na|b|01\n",
                                         "12\na\t|b|1\n",
                                         "99999999999999999999\na|b|1\n"}) {
    const auto configuration = parse_cluster_configuration(payload);
    ASSERT_TRUE(configuration.has_error()) << payload;
    EXPECT_EQ(configuration.error().code(), ErrorCode::protocol_error);
  }
}

}  // namespace
}  // namespace semantrix::memcache
