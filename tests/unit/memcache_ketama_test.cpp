// The expected places were made with libmemcached 1.1.4, as Debian 12 packages it: a memcached_st
// with MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED and these servers, asked by memcached_generate_hash.
#include "protocol/memcache/ketama.hpp"
#include "protocol/memcache/wire_key.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::memcache {
namespace {

using Servers = std::vector<Ketama::Server>;

constexpr auto keys = std::to_array<std::string_view>(
    {"semantrix:key1", "semantrix:key2", "a", "user:42", "",
     "semantrix:#sha256:yGh6CKpdbtIEQyj6aml6uOltw0KR6MIDSujDjm/MbWU", "caf\xc3\xa9"});

std::vector<std::size_t> places(const Ketama& ring) {
  std::vector<std::size_t> found;
  found.reserve(keys.size());
  for (const std::string_view key : keys) found.push_back(ring.server_of(key));
  return found;
}

/// The places of "key0" to "key9999": how many each server has, and all of them in one number.
struct Spread {
  std::vector<std::size_t> counts;
  std::uint64_t sum = 0;
  friend bool operator==(const Spread&, const Spread&) = default;
};

Spread spread(const Ketama& ring, std::size_t servers) {
  Spread result{std::vector<std::size_t>(servers), 0};
  for (int i = 0; i < 10'000; ++i) {
    const std::size_t place = ring.server_of("key" + std::to_string(i));
    ++result.counts.at(place);
    result.sum = (result.sum * 31 + place) % 1'000'000'007;
  }
  return result;
}

struct Case {
  Servers servers;
  std::vector<std::size_t> places;
  Spread spread;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {{{"10.0.0.1"}, {"10.0.0.2"}, {"10.0.0.3"}},
       {1, 1, 1, 0, 1, 1, 1},
       {{3853, 3151, 2996}, 985303001}},
      {{{"10.0.0.1", 11211}, {"10.0.0.2", 11212}, {"10.0.0.3", 22122}},
       {1, 2, 1, 0, 1, 2, 2},
       {{3273, 3443, 3284}, 398308968}},
      {{{"10.0.0.1", 11211, 1}, {"10.0.0.2", 11211, 2}, {"10.0.0.3", 11211, 3}},
       {1, 1, 1, 1, 1, 1, 1},
       {{1887, 3249, 4864}, 207152455}},
      {{{"127.0.0.1", 20001}, {"127.0.0.1", 20002}, {"127.0.0.1", 20003}},
       {2, 2, 1, 0, 2, 0, 0},
       {{3212, 3348, 3440}, 942829169}},
      {{{"c.abcdef.0001.use1.cache.amazonaws.com"}, {"c.abcdef.0002.use1.cache.amazonaws.com"}},
       {1, 0, 1, 0, 0, 0, 0},
       {{5222, 4778}, 423190353}},
  };
  return all;
}

TEST(MemcacheKetama, PutsKeysWhereLibmemcachedDoes) {
  for (const Case& each : cases()) {
    const auto ring = Ketama::of(each.servers);
    ASSERT_TRUE(ring.has_value());
    EXPECT_EQ(places(*ring), each.places) << each.servers.front().host;
    EXPECT_TRUE(spread(*ring, each.servers.size()) == each.spread) << each.servers.front().host;
  }
}

// For 10.1.0.1 to 10.1.0.N of 4 to 49 servers: at some of these numbers single precision gives
// every server four points less.
constexpr auto sums = std::to_array<std::uint64_t>(
    {512039818, 763781414, 815699223, 495405506, 699137530, 363036597, 826593867, 980795143,
     462320687, 990406300, 376082595, 131290250, 488970644, 171256610, 974679882, 757773361,
     591060176, 103903655, 783096326, 129432251, 538231786, 21806621,  999054363, 624774873,
     766285143, 523881457, 977595584, 753344457, 699762689, 488962783, 816294818, 648886667,
     525239470, 169724492, 725164560, 505152958, 706251372, 259643782, 233593544, 646711170,
     749505091, 530834111, 162026104, 497637425, 33290291,  529961470});

TEST(MemcacheKetama, PutsKeysWhereLibmemcachedDoesForManyServers) {
  Servers servers = {{"10.1.0.1"}, {"10.1.0.2"}, {"10.1.0.3"}};
  for (const std::uint64_t sum : sums) {
    servers.push_back({"10.1.0." + std::to_string(servers.size() + 1)});
    const auto ring = Ketama::of(servers);
    ASSERT_TRUE(ring.has_value());
    EXPECT_EQ(spread(*ring, servers.size()).sum, sum) << servers.size();
  }
}

TEST(MemcacheKetama, NeedsNoRingForOneServer) {
  const auto ring = Ketama::of(Servers{{"a"}});
  ASSERT_TRUE(ring.has_value());
  EXPECT_TRUE(ring->points().empty());
  EXPECT_EQ(ring->server_of("any"), 0U);
}

TEST(MemcacheKetama, NeedsAServer) {
  for (const Servers& servers : {Servers{}, Servers{{"a", 1, 0}, {"b", 1, 0}}}) {
    const auto ring = Ketama::of(servers);
    ASSERT_TRUE(ring.has_error());
    EXPECT_EQ(ring.error().code(), ErrorCode::invalid_argument);
  }
}

TEST(MemcacheKetama, HasItsPointsInOrder) {
  const auto ring = Ketama::of(Servers{{"a"}, {"b"}});
  EXPECT_EQ(ring->points().size(), 320U);
  EXPECT_TRUE(std::is_sorted(ring->points().begin(), ring->points().end(),
                             [](const auto& l, const auto& r) { return l.value < r.value; }));
}

TEST(MemcacheKetama, MovesFewKeysWhenAServerGoes) {
  Servers servers = {{"a"}, {"b"}, {"c"}, {"d"}};
  const auto before = Ketama::of(servers);
  servers.pop_back();
  const auto after = Ketama::of(servers);
  for (int i = 0; i < 10'000; ++i) {
    const std::string key = "key" + std::to_string(i);
    const std::size_t place = before->server_of(key);
    if (place != 3) {
      EXPECT_EQ(after->server_of(key), place) << key;
    }
  }
}

TEST(MemcacheKetama, HashesThePrefixWithTheKey) {
  const auto ring = Ketama::of(Servers{{"a"}, {"b"}, {"c"}});
  const KeyPrefix prefix = *KeyPrefix::of("semantrix:");
  std::size_t elsewhere = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string key = std::to_string(i);
    const std::size_t place = ring->server_of(prefix.key(key).text());
    EXPECT_EQ(place, ring->server_of("semantrix:" + key));
    if (place != ring->server_of(key)) ++elsewhere;
  }
  EXPECT_GT(elsewhere, 0U);
}

}  // namespace
}  // namespace semantrix::memcache
