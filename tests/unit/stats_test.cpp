#include <semantrix/eviction_policy.hpp>
#include <semantrix/stats.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace semantrix {
namespace {

namespace json = boost::json;

TEST(Stats, HitRatioOfNothingIsZero) { EXPECT_EQ(Stats().hit_ratio(), 0.0); }

TEST(Stats, HitRatioIsHitsOfAllThatWasAsked) {
  Stats stats;
  stats.hits = 3;
  EXPECT_EQ(stats.hit_ratio(), 1.0);
  stats.misses = 1;
  EXPECT_EQ(stats.hit_ratio(), 0.75);
}

TEST(Stats, HitRatioDoesNotOverflow) {
  Stats stats;
  stats.hits = std::numeric_limits<std::uint64_t>::max();
  stats.misses = stats.hits;
  EXPECT_EQ(stats.hit_ratio(), 0.5);
}

TEST(Stats, ErrorCountIsTheSumOverAllCodes) {
  Stats stats;
  EXPECT_EQ(stats.error_count(), 0U);
  stats.errors = {{"timeout", 2}, {"corrupt", 3}};
  EXPECT_EQ(stats.error_count(), 5U);
}

TEST(Stats, JsonHasItsFieldsInAFixedOrder) {
  Stats stats;
  stats.store = "memory";
  stats.hits = 3;
  stats.misses = 1;
  stats.size = 7;
  stats.errors = {{"timeout", 2}, {"busy", 1}};
  EXPECT_EQ(stats.to_json(),
            R"({"store":"memory","hits":3,"misses":1,"adds":0,"deletes":0,"evictions":0,)"
            R"("expirations":0,"errors":3,"retries":0,"size":7,"hit_ratio":0.75,"rejected":0,)"
            R"("corrupt":0,"bytes":0,"value_bytes_in":0,"value_bytes_out":0,"raw_bytes":0,)"
            R"("stored_bytes":0,"errors_by_code":{"busy":1,"timeout":2},"hot_keys":[]})");
}

TEST(Stats, JsonNamesHotKeysByTheirDigests) {
  Stats stats;
  stats.hot_keys = {{0xabcU, 0.5, "a secret"}, {1, 0.25, ""}};
  const json::value parsed = json::parse(stats.to_json());
  EXPECT_EQ(json::serialize(parsed.at("hot_keys")),
            R"([{"digest":"0000000000000abc","share":5E-1},)"
            R"({"digest":"0000000000000001","share":2.5E-1}])");
}

TEST(Stats, JsonEscapesNames) {
  Stats stats;
  stats.store = "a \"quoted\"\nname\\";
  const json::value parsed = json::parse(stats.to_json());
  EXPECT_EQ(parsed.at("store").as_string(), "a \"quoted\"\nname\\");
}

TEST(Stats, JsonKeepsTheLargestNumbers) {
  Stats stats;
  stats.bytes = std::numeric_limits<std::uint64_t>::max();
  const json::value parsed = json::parse(stats.to_json());
  EXPECT_EQ(parsed.at("bytes").as_uint64(), stats.bytes);
}

TEST(RemovalCauses, HaveNames) {
  EXPECT_EQ(to_string(RemovalCause::erased), "erased");
  EXPECT_EQ(to_string(RemovalCause::replaced), "replaced");
  EXPECT_EQ(to_string(RemovalCause::expired), "expired");
  EXPECT_EQ(to_string(RemovalCause::evicted), "evicted");
  EXPECT_EQ(to_string(RemovalCause::cleared), "cleared");
  EXPECT_EQ(static_cast<std::size_t>(RemovalCause::cleared) + 1, removal_cause_count);
}

}  // namespace
}  // namespace semantrix
