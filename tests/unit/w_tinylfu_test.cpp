#include "eviction/w_tinylfu.hpp"

#include "eviction_fixture.hpp"

namespace semantrix::eviction {
namespace {

using testing::hash_of;
using testing::Letters;
using testing::StrictNodes;

static_assert(Policy<WTinyLfu<StrictNodes>, StrictNodes>);

constexpr std::uint32_t in_window = 0;
constexpr std::uint32_t in_probation = 1;
constexpr std::uint32_t in_protected = 2;

std::uint32_t queue_of(const Letters<WTinyLfu>& cache, char letter) {
  return cache.rank(letter) >> 8;
}
std::uint32_t uses_of(const Letters<WTinyLfu>& cache, char letter) {
  return cache.rank(letter) & 0xff;
}

Letters<WTinyLfu>& prepared(Letters<WTinyLfu>& cache, std::size_t capacity) {
  cache.policy.prepare(capacity);
  return cache;
}

TEST(WTinyLfu, EntriesBeforeTheSketchCountTheirUsesThemselves) {
  Letters<WTinyLfu> cache;
  cache.put("ab");
  cache.use("aaa");
  EXPECT_EQ(uses_of(cache, 'a'), 4U);
  EXPECT_EQ(uses_of(cache, 'b'), 1U);
  EXPECT_EQ(queue_of(cache, 'a'), in_window);
}

TEST(WTinyLfu, WhatCameBeforeTheSketchIsNotForgotten) {
  Letters<WTinyLfu> cache;
  cache.put("abcdef");
  cache.use("aeeff");
  prepared(cache, 12).put("ghij");  // the window keeps the newest
  EXPECT_EQ(queue_of(cache, 'e'), in_protected);
  EXPECT_EQ(queue_of(cache, 'f'), in_protected);
  EXPECT_EQ(queue_of(cache, 'a'), in_probation);
  EXPECT_EQ(queue_of(cache, 'j'), in_window);
  EXPECT_EQ(uses_of(cache, 'e'), 3U);
  EXPECT_EQ(uses_of(cache, 'a'), 2U);
  EXPECT_EQ(uses_of(cache, 'c'), 1U);
}

TEST(WTinyLfu, ACandidateMustBeAskedForMoreOften) {
  Letters<WTinyLfu> cache;
  prepared(cache, 100).put("abcde");  // window: d e, probation: a b c
  EXPECT_EQ(cache.queue(), "abcde");
  EXPECT_EQ(cache.leave(), 'd');  // no more often than a
  cache.put("d");
  EXPECT_EQ(cache.leave(), 'e');
  cache.put("f");                 // d has been asked for twice by now
  EXPECT_EQ(cache.leave(), 'a');  // window: f, probation: b c d
  EXPECT_EQ(queue_of(cache, 'd'), in_probation);
}

TEST(WTinyLfu, AUseOnProbationProtects) {
  Letters<WTinyLfu> cache;
  prepared(cache, 100).put("abcdefgh");  // window: g h, probation: a b c d e f
  cache.use("a");
  EXPECT_EQ(queue_of(cache, 'a'), in_probation);  // moved when it comes to the end, not before
  EXPECT_EQ(cache.leave(), 'g');
  EXPECT_EQ(queue_of(cache, 'a'), in_protected);
  EXPECT_EQ(uses_of(cache, 'a'), 2U);
  EXPECT_EQ(cache.queue(), "bcdefha");
}

TEST(WTinyLfu, TheProtectedAreFourFifthsOfTheMainPart) {
  Letters<WTinyLfu> cache;
  prepared(cache, 100).put("abcdefghijkl");  // window: k l, probation: ten
  cache.use("abcdefghij");
  cache.leave();
  std::string is_protected;
  for (const char letter : cache.queue()) {
    if (queue_of(cache, letter) == in_protected) is_protected += letter;
  }
  EXPECT_EQ(is_protected.size(), 8U);
}

TEST(WTinyLfu, AWarmCandidateGetsInNowAndThen) {
  // However popular the incumbents are: their popularity may be an attacker's doing.
  StrictNodes nodes(40);
  WTinyLfu<StrictNodes> policy(nodes);
  policy.prepare(1000);
  for (Slot slot = 0; slot < 30; ++slot) {
    nodes.open(slot, hash_of(slot));
    policy.restore(slot, in_probation << 8 | 15);
  }
  for (Slot slot = 30; slot < 32; ++slot) {
    nodes.open(slot, hash_of(1000));  // one warm key, over and over
    policy.insert(slot);
  }
  int refused = 0;
  for (int i = 0; i < 4000; ++i) {
    const Slot victim = policy.victim();
    refused += victim >= 30 ? 1 : 0;
    if (victim < 30) break;
    policy.erase(victim);
    nodes.close(victim);
    nodes.open(victim, hash_of(1000));
    policy.insert(victim);
  }
  EXPECT_GT(refused, 10);
  EXPECT_LT(refused, 1000);
}

TEST(WTinyLfu, ResizingKeepsFrequencies) {
  Letters<WTinyLfu> cache;
  prepared(cache, 50).put("abcdef");
  for (int i = 0; i < 4; ++i) cache.use("a");
  cache.leave();
  const std::uint32_t before = uses_of(cache, 'a');
  cache.policy.prepare(5000);
  EXPECT_EQ(uses_of(cache, 'a'), before);
  cache.policy.prepare(10);
  EXPECT_EQ(uses_of(cache, 'a'), before);
}

TEST(WTinyLfu, ComesBackInItsQueuesWithItsFrequencies) {
  for (const bool before_the_sketch : {false, true}) {
    Letters<WTinyLfu> cache;
    prepared(cache, 100).put("abcdefghijkl");
    cache.use("aabbbk");
    cache.leave(3);
    Letters<WTinyLfu> again;
    if (!before_the_sketch) again.policy.prepare(100);
    for (const char letter : cache.queue()) again.restore(letter, cache.rank(letter));
    EXPECT_EQ(again.queue(), cache.queue());
    for (const char letter : cache.queue()) {
      EXPECT_EQ(again.rank(letter), cache.rank(letter)) << letter;
    }
    again.policy.prepare(100);
    for (const char letter : cache.queue()) {
      EXPECT_EQ(again.rank(letter), cache.rank(letter)) << letter;
    }
  }
}

TEST(WTinyLfu, BadRanksDoNoHarm) {
  Letters<WTinyLfu> cache;
  cache.restore('a', 0xffffffff);
  cache.restore('b', 0);
  prepared(cache, 10).restore('c', 0xffffff00);
  EXPECT_EQ(queue_of(cache, 'a'), in_protected);
  EXPECT_EQ(uses_of(cache, 'a'), 15U);
  EXPECT_EQ(cache.queue().size(), 3U);
  EXPECT_EQ(cache.leave(4).back(), '-');
}

TEST(WTinyLfu, ALongTimeOfHitsIsNotPaidForByOneInsertion) {
  constexpr Slot entries = 20'000;
  StrictNodes nodes(entries + 1);
  WTinyLfu<StrictNodes> policy(nodes);
  policy.prepare(entries);
  for (Slot slot = 0; slot < entries; ++slot) {
    nodes.open(slot, hash_of(slot));
    policy.insert(slot);
  }
  for (Slot slot = 0; slot < entries; ++slot) policy.hit(slot, nodes.state(slot));
  policy.victim();
  std::uint32_t looked_at = 0;
  for (Slot slot = 0; slot < entries; ++slot) looked_at += nodes.state(slot).frequency == 0 ? 1 : 0;
  EXPECT_LE(looked_at, 1000U);
}

TEST(WTinyLfu, KeepsTheRulesOfPolicies) { testing::expect_rules_kept<WTinyLfu>(); }
TEST(WTinyLfu, TheNewestStays) { testing::expect_newest_stays<WTinyLfu>(); }

}  // namespace
}  // namespace semantrix::eviction
