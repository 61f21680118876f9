#include "eviction/s3fifo.hpp"

#include "eviction_fixture.hpp"

namespace semantrix::eviction {
namespace {

using testing::Letters;
using testing::StrictNodes;

static_assert(Policy<S3Fifo<StrictNodes>, StrictNodes>);

constexpr std::uint32_t in_main = 1;

std::uint32_t queue_of(const Letters<S3Fifo>& cache, char letter) {
  return cache.rank(letter) >> 8;
}
std::uint32_t uses_of(const Letters<S3Fifo>& cache, char letter) {
  return cache.rank(letter) & 0xff;
}

TEST(S3Fifo, EntriesUsedOnceAtMostLeaveInOrder) {
  Letters<S3Fifo> cache;
  cache.put("abcd");
  cache.use("b");
  EXPECT_EQ(cache.queue(), "abcd");
  EXPECT_EQ(cache.leave(5), "abcd-");
}

TEST(S3Fifo, EntriesUsedTwiceMoveToTheMainQueue) {
  Letters<S3Fifo> cache;
  cache.put("abcd");
  cache.use("aabb");
  EXPECT_EQ(cache.leave(), 'c');  // small: d, main: a b
  EXPECT_EQ(cache.queue(), "dab");
  EXPECT_EQ(queue_of(cache, 'a'), in_main);
  EXPECT_EQ(uses_of(cache, 'a'), 0U);
}

TEST(S3Fifo, UsesAreCountedToThree) {
  Letters<S3Fifo> cache;
  cache.put("a");
  cache.use("aaaaaaaa");
  EXPECT_EQ(uses_of(cache, 'a'), 3U);
}

TEST(S3Fifo, AGhostThatReturnsEntersTheMainQueue) {
  Letters<S3Fifo> cache;
  cache.put("abcdefghijkl");
  EXPECT_EQ(cache.leave(), 'a');
  cache.put("a");
  EXPECT_EQ(queue_of(cache, 'a'), in_main);
  EXPECT_EQ(cache.queue(), "bcdefghijkla");
}

TEST(S3Fifo, ErasedEntriesAreNoGhosts) {
  Letters<S3Fifo> cache;
  cache.put("abcdefghijkl");
  cache.policy.prepare(12);
  cache.drop("a");
  cache.put("a");
  EXPECT_NE(queue_of(cache, 'a'), in_main);
}

TEST(S3Fifo, TheMainQueueIsAClock) {
  Letters<S3Fifo> cache;
  for (const char letter : std::string("abcd")) cache.restore(letter, in_main << 8);
  cache.use("aab");
  EXPECT_EQ(cache.leave(), 'c');  // a and b go round, d is next
  EXPECT_EQ(cache.queue(), "dab");
  EXPECT_EQ(uses_of(cache, 'a'), 1U);
  EXPECT_EQ(uses_of(cache, 'b'), 0U);
  EXPECT_EQ(cache.leave(3), "dba");
}

TEST(S3Fifo, TheSmallQueueKeepsAFiftieth) {
  Letters<S3Fifo> cache;
  for (char letter = 1; letter <= 97; ++letter) cache.restore(letter, in_main << 8);
  cache.put("xyz{");
  EXPECT_EQ(cache.leave(), 'x');  // of 101, two may stay in the small queue
  EXPECT_EQ(cache.leave(), 'y');  // of 100 too
  EXPECT_EQ(cache.leave(), 'z');  // of 99, one
  EXPECT_EQ(cache.leave(), 1);
  EXPECT_EQ(cache.leave(), 2);
}

TEST(S3Fifo, ComesBackInItsQueues) {
  Letters<S3Fifo> cache;
  cache.put("abcdefgh");
  cache.use("aabbbc");
  EXPECT_EQ(cache.leave(2), "cd");
  cache.use("aeee");
  Letters<S3Fifo> again;
  for (const char letter : cache.queue()) again.restore(letter, cache.rank(letter));
  EXPECT_EQ(again.queue(), cache.queue());
  for (const char letter : cache.queue()) EXPECT_EQ(again.rank(letter), cache.rank(letter));
  EXPECT_EQ(again.leave(6), cache.leave(6));
}

TEST(S3Fifo, KeepsTheRulesOfPolicies) { testing::expect_rules_kept<S3Fifo>(); }

}  // namespace
}  // namespace semantrix::eviction
