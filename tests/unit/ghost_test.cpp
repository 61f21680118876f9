#include "eviction/ghost.hpp"

#include "eviction_fixture.hpp"

namespace semantrix::eviction {
namespace {

using testing::hash_of;

TEST(Ghosts, KnowNothingAndTakeNoMemoryAtFirst) {
  Ghost ghost;
  EXPECT_FALSE(ghost.allocated());
  EXPECT_EQ(ghost.bytes(), 0U);
  ghost.remember(1);
  EXPECT_FALSE(ghost.recall(1));
}

TEST(Ghosts, AreRecalledOnce) {
  Ghost ghost;
  ghost.resize(100);
  ghost.remember(hash_of(1));
  EXPECT_FALSE(ghost.recall(hash_of(2)));
  EXPECT_TRUE(ghost.recall(hash_of(1)));
  EXPECT_FALSE(ghost.recall(hash_of(1)));
}

TEST(Ghosts, AreForgottenAfterAsManyOthers) {
  for (const std::uint32_t capacity : {12U, 100U, 1000U, 5000U, 50'000U}) {
    Ghost ghost;
    ghost.resize(capacity);
    for (std::uint32_t key = 0; key < 4 * capacity; ++key) ghost.remember(hash_of(key));
    std::uint32_t young = 0;
    std::uint32_t old = 0;
    for (std::uint32_t key = 0; key < 4 * capacity; ++key) {
      (key >= 3 * capacity ? young : old) += ghost.recall(hash_of(key)) ? 1 : 0;
    }
    // A full line of cells forgets early; the coarse clock rounds.
    EXPECT_GE(young, capacity * 94 / 100) << capacity;
    EXPECT_LE(young, capacity);
    EXPECT_LE(old, capacity / 100 + 1) << capacity;
  }
}

TEST(Ghosts, AreRarelyMistaken) {
  Ghost ghost;
  ghost.resize(10'000);
  for (std::uint32_t key = 0; key < 10'000; ++key) ghost.remember(hash_of(key));
  std::uint32_t mistaken = 0;
  for (std::uint32_t key = 10'000; key < 1'010'000; ++key) mistaken += ghost.recall(hash_of(key));
  EXPECT_LE(mistaken, 40U);  // 16 cells a question, 20 bits of fingerprint
}

TEST(Ghosts, TakeAboutFiveBytesEach) {
  Ghost ghost;
  ghost.resize(120'000);
  EXPECT_EQ(ghost.bytes(), 640'000U);
  EXPECT_EQ(ghost.capacity(), 120'000U);
}

TEST(Ghosts, SuitACapacityALittleSmaller) {
  Ghost ghost;
  EXPECT_FALSE(ghost.suits(0));
  ghost.resize(100);
  EXPECT_TRUE(ghost.suits(100));
  EXPECT_TRUE(ghost.suits(50));
  EXPECT_FALSE(ghost.suits(49));
  EXPECT_FALSE(ghost.suits(101));
}

}  // namespace
}  // namespace semantrix::eviction
