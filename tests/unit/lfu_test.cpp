#include "eviction/lfu.hpp"

#include "eviction_fixture.hpp"

#include <map>

namespace semantrix::eviction {
namespace {

using testing::Dice;
using testing::Letters;
using testing::StrictNodes;

static_assert(Policy<Lfu<StrictNodes>, StrictNodes>);

TEST(Lfu, CountsUses) {
  Letters<Lfu> cache;
  cache.put("abc");  // 1: abc
  cache.use("aab");  // 1: c, 2: b, 3: a
  EXPECT_EQ(cache.queue(), "cba");
  EXPECT_EQ(cache.rank('a'), 3U);
  EXPECT_EQ(cache.rank('b'), 2U);
  EXPECT_EQ(cache.rank('c'), 1U);
  cache.use("ccc");  // 2: b, 3: a, 4: c
  EXPECT_EQ(cache.queue(), "bac");
  EXPECT_EQ(cache.leave(4), "bac-");
}

TEST(Lfu, AmongEqualsTheLeastRecentlyUsedLeaves) {
  Letters<Lfu> cache;
  cache.put("abcd");
  cache.use("dbca");  // 2: dbca
  EXPECT_EQ(cache.queue(), "dbca");
  cache.put("e");  // 1: e, 2: dbca
  EXPECT_EQ(cache.queue(), "edbca");
  cache.use("e");  // 2: dbcae
  EXPECT_EQ(cache.queue(), "dbcae");
}

TEST(Lfu, CountsBeyondAByte) {
  Letters<Lfu> cache;
  cache.put("ab");
  for (int i = 0; i < 1000; ++i) cache.use("a");
  for (int i = 0; i < 999; ++i) cache.use("b");
  EXPECT_EQ(cache.rank('a'), 1001U);
  EXPECT_EQ(cache.queue(), "ba");
}

TEST(Lfu, TheHighestCountStays) {
  constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  Letters<Lfu> cache;
  cache.restore('a', most);
  cache.restore('b', most);
  cache.use("a");
  EXPECT_EQ(cache.rank('a'), most);
  EXPECT_EQ(cache.queue(), "ba");
}

TEST(Lfu, AnEntryThatReturnsStartsAtOne) {
  Letters<Lfu> cache;
  cache.put("ab");
  cache.use("aaaa");
  cache.drop("a");
  cache.put("a");
  EXPECT_EQ(cache.rank('a'), 1U);
  EXPECT_EQ(cache.queue(), "ba");
}

TEST(Lfu, ComesBackWithItsCounts) {
  Letters<Lfu> cache;
  cache.put("abcdef");
  cache.use("bdbeeed");
  Letters<Lfu> again;
  for (const char letter : cache.queue()) again.restore(letter, cache.rank(letter));
  EXPECT_EQ(again.queue(), cache.queue());
  again.use("a");
  cache.use("a");
  EXPECT_EQ(again.leave(6), cache.leave(6));
}

TEST(Lfu, ComesBackInAnyOrder) {
  Letters<Lfu> cache;
  cache.restore('a', 7);
  cache.restore('b', 2);
  cache.restore('c', 5);
  cache.restore('d', 1);
  cache.restore('e', 5);
  cache.restore('f', 0);  // as a new entry
  EXPECT_EQ(cache.queue(), "dfbcea");
}

TEST(Lfu, AgreesWithAPlainTable) {
  struct Uses {
    std::uint64_t count;
    int last;
  };
  Dice dice(3);
  Letters<Lfu> cache;
  std::map<char, Uses> model;
  const auto coldest = [&] {
    return std::min_element(model.begin(), model.end(), [](const auto& a, const auto& b) {
      return std::pair(a.second.count, a.second.last) < std::pair(b.second.count, b.second.last);
    });
  };
  for (int step = 0; step < 50'000; ++step) {
    const char letter = static_cast<char>('A' + std::min(dice(40), dice(40)));
    const std::string name(1, letter);
    if (!model.contains(letter)) {
      if (model.size() == 24) {
        ASSERT_EQ(cache.leave(), coldest()->first) << step;
        model.erase(coldest());
      }
      cache.put(name);
      model[letter] = {1, step};
    } else if (dice(8) == 0) {
      cache.drop(name);
      model.erase(letter);
    } else {
      cache.use(name);
      model[letter] = {model[letter].count + 1, step};
    }
  }
  while (!model.empty()) {
    ASSERT_EQ(cache.leave(), coldest()->first);
    model.erase(coldest());
  }
}

TEST(Lfu, KeepsTheRulesOfPolicies) { testing::expect_rules_kept<Lfu>(); }

}  // namespace
}  // namespace semantrix::eviction
