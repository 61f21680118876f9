#include "eviction/fifo.hpp"

#include "eviction_fixture.hpp"

#include <deque>

namespace semantrix::eviction {
namespace {

using testing::Dice;
using testing::Letters;
using testing::StrictNodes;

static_assert(Policy<Fifo<StrictNodes>, StrictNodes>);

TEST(Fifo, AUseOrAReplacementChangesNothing) {
  Letters<Fifo> cache;
  cache.put("abcd");
  cache.use("aaab");
  EXPECT_EQ(cache.queue(), "abcd");
  EXPECT_EQ(cache.leave(), 'a');
  cache.put("e");
  EXPECT_EQ(cache.queue(), "bcde");
  EXPECT_EQ(cache.leave(5), "bcde-");
}

TEST(Fifo, AnErasedEntryThatReturnsIsTheNewest) {
  Letters<Fifo> cache;
  cache.put("abc");
  cache.drop("a");
  EXPECT_EQ(cache.queue(), "bc");
  cache.put("a");
  EXPECT_EQ(cache.queue(), "bca");
}

TEST(Fifo, ComesBackInTheSameOrder) {
  Letters<Fifo> cache;
  cache.put("fedcba");
  cache.drop("c");
  Letters<Fifo> again;
  for (const char letter : cache.queue()) again.restore(letter, cache.rank(letter));
  EXPECT_EQ(again.leave(5), "fedba");
}

TEST(Fifo, AgreesWithAPlainQueue) {
  Dice dice(2);
  Letters<Fifo> cache;
  std::deque<char> model;
  for (int step = 0; step < 50'000; ++step) {
    const char letter = static_cast<char>('A' + dice(40));
    const auto at = std::find(model.begin(), model.end(), letter);
    const std::string name(1, letter);
    if (at == model.end()) {
      if (model.size() == 24) {
        ASSERT_EQ(cache.leave(), model.front()) << step;
        model.pop_front();
      }
      cache.put(name);
      model.push_back(letter);
    } else if (dice(8) == 0) {
      cache.drop(name);
      model.erase(at);
    } else {
      cache.use(name);
    }
  }
  EXPECT_EQ(cache.queue(), std::string(model.begin(), model.end()));
}

TEST(Fifo, KeepsTheRulesOfPolicies) { testing::expect_rules_kept<Fifo>(); }
TEST(Fifo, TheNewestStays) { testing::expect_newest_stays<Fifo>(); }

}  // namespace
}  // namespace semantrix::eviction
