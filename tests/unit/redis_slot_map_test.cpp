#include "stores/redis/slot_map.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace semantrix::redis {
namespace {

resp::ClusterNode node(std::uint16_t port) { return {"10.0.0.1", port, {}}; }
net::Endpoint endpoint(std::uint16_t port) { return {"10.0.0.1", port}; }

TEST(SlotMap, of_no_ranges_covers_nothing) {
  const SlotMap map({});
  EXPECT_EQ(map.covered(), 0U);
  EXPECT_TRUE(map.shards().empty());
  EXPECT_FALSE(map.shard_of(0));
  EXPECT_FALSE(map.shard_of(resp::slots - 1));
}

TEST(SlotMap, finds_the_shard_at_both_ends_of_its_range) {
  const SlotMap map(
      {{0, 5460, node(1), {}}, {5461, 10922, node(2), {}}, {10923, 16383, node(3), {}}});
  ASSERT_EQ(map.shards().size(), 3U);
  EXPECT_EQ(map.covered(), std::size_t{resp::slots});
  EXPECT_EQ(map.shard_of(0), 0U);
  EXPECT_EQ(map.shard_of(5460), 0U);
  EXPECT_EQ(map.shard_of(5461), 1U);
  EXPECT_EQ(map.shard_of(16383), 2U);
  EXPECT_EQ(map.shards()[1].primary, endpoint(2));
}

TEST(SlotMap, tells_where_nobody_serves) {
  const SlotMap map({{0, 99, node(1), {}}, {200, 16383, node(2), {}}});
  EXPECT_EQ(map.covered(), std::size_t{resp::slots} - 100);
  EXPECT_EQ(map.shard_of(99), 0U);
  EXPECT_FALSE(map.shard_of(100));
  EXPECT_FALSE(map.shard_of(199));
  EXPECT_EQ(map.shard_of(200), 1U);
}

TEST(SlotMap, joins_the_ranges_of_one_primary_and_all_their_replicas) {
  const SlotMap map(
      {{0, 9, node(1), {node(7)}}, {10, 19, node(2), {}}, {20, 29, node(1), {node(7), node(8)}}});
  ASSERT_EQ(map.shards().size(), 2U);
  EXPECT_EQ(map.shard_of(5), map.shard_of(25));
  const std::vector<net::Endpoint> replicas{endpoint(7), endpoint(8)};
  EXPECT_EQ(map.shards()[0].replicas, replicas);
}

TEST(SlotMap, takes_the_later_of_two_ranges_that_overlap) {
  const SlotMap map({{0, 100, node(1), {}}, {50, 60, node(2), {}}});
  EXPECT_EQ(map.shard_of(49), 0U);
  EXPECT_EQ(map.shard_of(50), 1U);
  EXPECT_EQ(map.shard_of(60), 1U);
  EXPECT_EQ(map.shard_of(61), 0U);
}

TEST(SlotMap, of_more_shards_than_slots_stops_there) {
  std::vector<resp::SlotRange> ranges;
  for (std::uint32_t i = 0; i != 20'000; ++i) {
    const auto slot = static_cast<std::uint16_t>(i % resp::slots);
    ranges.push_back({slot, slot, {"host" + std::to_string(i), 1, {}}, {}});
  }
  const SlotMap map(ranges);
  EXPECT_EQ(map.shards().size(), std::size_t{resp::slots});
  EXPECT_EQ(map.covered(), std::size_t{resp::slots});
}

}  // namespace
}  // namespace semantrix::redis
