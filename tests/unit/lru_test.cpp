#include "eviction/lru.hpp"

#include "eviction_fixture.hpp"

#include <list>

namespace semantrix::eviction {
namespace {

using testing::Dice;
using testing::Letters;
using testing::StrictNodes;

static_assert(Policy<Lru<StrictNodes>, StrictNodes>);

TEST(Lru, AUseMovesToTheFront) {
  Letters<Lru> cache;
  cache.put("abcd");
  EXPECT_EQ(cache.queue(), "abcd");
  cache.use("a");
  EXPECT_EQ(cache.queue(), "bcda");
  cache.use("c");
  EXPECT_EQ(cache.queue(), "bdac");
  cache.use("c");
  EXPECT_EQ(cache.queue(), "bdac");
  EXPECT_EQ(cache.leave(5), "bdac-");
}

TEST(Lru, ErasedEntriesLeaveNoTrace) {
  Letters<Lru> cache;
  cache.put("abcd");
  cache.drop("bd");
  EXPECT_EQ(cache.queue(), "ac");
  cache.put("b");
  EXPECT_EQ(cache.queue(), "acb");
  EXPECT_EQ(cache.policy.size(), 3U);
}

TEST(Lru, ComesBackInTheSameOrder) {
  Letters<Lru> cache;
  cache.put("abcdef");
  cache.use("bdb");
  Letters<Lru> again;
  for (const char letter : cache.queue()) again.restore(letter, cache.rank(letter));
  EXPECT_EQ(again.leave(6), cache.leave(6));
}

TEST(Lru, AgreesWithAPlainList) {
  Dice dice(1);
  Letters<Lru> cache;
  std::list<char> model;  // the next to leave first
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
      model.splice(model.end(), model, at);
    }
    ASSERT_EQ(cache.policy.size(), model.size());
  }
  EXPECT_EQ(cache.queue(), std::string(model.begin(), model.end()));
}

TEST(Lru, KeepsTheRulesOfPolicies) { testing::expect_rules_kept<Lru>(); }

}  // namespace
}  // namespace semantrix::eviction
