#include <semantrix/eviction_policy.hpp>

#include <gtest/gtest.h>

#include <string>

namespace semantrix {
namespace {

TEST(EvictionPolicyNames, ReadBack) {
  for (const EvictionPolicy policy : all_eviction_policies) {
    EXPECT_EQ(parse_eviction_policy(to_string(policy)), policy) << to_string(policy);
  }
}

TEST(EvictionPolicyNames, AreReadInAnyCase) {
  EXPECT_EQ(parse_eviction_policy("LRU"), EvictionPolicy::lru);
  EXPECT_EQ(parse_eviction_policy("Lfu"), EvictionPolicy::lfu);
  EXPECT_EQ(parse_eviction_policy("FIFO"), EvictionPolicy::fifo);
}

TEST(EvictionPolicyNames, AreReadAsThePapersWriteThem) {
  EXPECT_EQ(parse_eviction_policy("W-TinyLFU"), EvictionPolicy::w_tinylfu);
  EXPECT_EQ(parse_eviction_policy("wtinylfu"), EvictionPolicy::w_tinylfu);
  EXPECT_EQ(parse_eviction_policy("S3-FIFO"), EvictionPolicy::s3fifo);
  EXPECT_EQ(parse_eviction_policy("s3_fifo"), EvictionPolicy::s3fifo);
}

TEST(EvictionPolicyNames, OthersAreUnknown) {
  for (const std::string_view name : {"", "-", "lr", "lruu", "lru ", "tinylfu", "random", "arc"}) {
    EXPECT_FALSE(parse_eviction_policy(name)) << name;
  }
  EXPECT_FALSE(parse_eviction_policy(std::string(1'000'000, 'l')));
  EXPECT_FALSE(parse_eviction_policy(std::string_view("lru\0", 4)));
}

TEST(EvictionPolicyDescriptions, AreOneSentenceEach) {
  for (const EvictionPolicy policy : all_eviction_policies) {
    const std::string_view text = describe(policy);
    EXPECT_EQ(text.find('.'), text.size() - 1) << text;
  }
}

}  // namespace
}  // namespace semantrix
