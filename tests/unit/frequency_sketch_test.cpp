#include "eviction/frequency_sketch.hpp"

#include "eviction_fixture.hpp"

namespace semantrix::eviction {
namespace {

using testing::hash_of;

FrequencySketch sketch_for(std::size_t capacity) {
  FrequencySketch sketch;
  sketch.resize(capacity);
  return sketch;
}

TEST(FrequencySketches, KnowNothingAndTakeNoMemoryAtFirst) {
  FrequencySketch sketch;
  EXPECT_FALSE(sketch.allocated());
  EXPECT_EQ(sketch.bytes(), 0U);
  sketch.add(1, 5);
  EXPECT_EQ(sketch.estimate(1), 0U);
}

TEST(FrequencySketches, CountToFifteen) {
  FrequencySketch sketch = sketch_for(1000);
  for (std::uint32_t uses = 1; uses <= 20; ++uses) {
    sketch.add(hash_of(1));
    EXPECT_EQ(sketch.estimate(hash_of(1)), std::min(uses, 15U));
  }
  EXPECT_EQ(sketch.estimate(hash_of(2)), 0U);
  sketch.add(hash_of(2), 100);
  EXPECT_EQ(sketch.estimate(hash_of(2)), 15U);
}

TEST(FrequencySketches, NeverCountTooLittleBeforeTheyAge) {
  FrequencySketch sketch = sketch_for(1000);
  for (std::uint32_t key = 0; key < 1000; ++key) sketch.add(hash_of(key), key % 8);
  std::uint32_t exact = 0;
  for (std::uint32_t key = 0; key < 1000; ++key) {
    EXPECT_GE(sketch.estimate(hash_of(key)), key % 8);
    exact += sketch.estimate(hash_of(key)) == key % 8 ? 1 : 0;
  }
  EXPECT_GE(exact, 700U);
}

TEST(FrequencySketches, HalveWhenTheyAge) {
  FrequencySketch sketch = sketch_for(100);
  sketch.add(hash_of(1), 12);
  std::uint32_t key = 2;
  std::uint32_t before = 12;
  while (sketch.estimate(hash_of(1)) == before && key < 10'000) sketch.add(hash_of(key++));
  EXPECT_EQ(sketch.estimate(hash_of(1)), 6U);
  EXPECT_NEAR(key, 2000, 250);  // twenty uses for each entry of capacity; colliding keys count less
}

TEST(FrequencySketches, TakeFiveBytesAnEntryInWholeLines) {
  EXPECT_EQ(sketch_for(64'000).bytes(), 320'000U);
  EXPECT_EQ(sketch_for(1).bytes(), 64U);
  EXPECT_EQ(sketch_for(0).bytes(), 64U);
}

TEST(FrequencySketches, ServeAShardWhoseHashesAgreeInSomeBits) {
  for (const std::uint32_t fixed : {0xf0000000U, 0x0000000fU}) {
    FrequencySketch sketch = sketch_for(1000);
    std::vector<std::uint32_t> hashes;
    for (std::uint32_t key = 0; hashes.size() < 2000; ++key) {
      if ((hash_of(key) & fixed) == 0) hashes.push_back(hash_of(key));
    }
    for (std::size_t i = 0; i < 1000; ++i) sketch.add(hashes[i], 4);
    std::uint32_t mistaken = 0;
    for (std::size_t i = 1000; i < 2000; ++i) mistaken += sketch.estimate(hashes[i]) != 0 ? 1 : 0;
    EXPECT_LE(mistaken, 300U) << fixed;
  }
}

}  // namespace
}  // namespace semantrix::eviction
