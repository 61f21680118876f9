#include "memory/budget.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace semantrix::memory {
namespace {

using Amount = Budget::Amount;

bool take(Budget& budget, Amount wanted) {
  Amount held;
  if (budget.take(wanted, held)) return true;
  budget.give_back(held);
  return false;
}

TEST(Budget, HoldsBothBounds) {
  Budget budget(2, 100);
  EXPECT_TRUE(take(budget, {1, 60}));
  EXPECT_FALSE(take(budget, {1, 41}));
  EXPECT_TRUE(take(budget, {1, 40}));
  EXPECT_FALSE(take(budget, {1, 0}));
  budget.give_back({1, 60});
  EXPECT_TRUE(take(budget, {1, 60}));
}

TEST(Budget, ARefusalTakesNothing) {
  Budget budget(1, 100);
  EXPECT_FALSE(take(budget, {1, 101}));
  EXPECT_TRUE(take(budget, {1, 100}));
}

TEST(Budget, SaysWhatItTookBeforeItRefused) {
  Budget budget(5, 10);
  Amount held;
  EXPECT_FALSE(budget.take({1, 11}, held));
  EXPECT_EQ(held.entries, 1U);
  EXPECT_EQ(held.bytes, 0U);
}

TEST(Budget, GivesBackWhatIsHeldTooMuch) {
  Budget budget(3, 100);
  Amount held;
  ASSERT_TRUE(budget.take({3, 100}, held));
  ASSERT_TRUE(budget.take({1, 30}, held));
  EXPECT_EQ(held.entries, 1U);
  EXPECT_EQ(held.bytes, 30U);
  EXPECT_TRUE(take(budget, {2, 70}));
  EXPECT_FALSE(take(budget, {1, 0}));
}

TEST(Budget, TakesOnlyWhatIsMissing) {
  Budget budget(2, 100);
  Amount held;
  ASSERT_TRUE(budget.take({1, 80}, held));
  EXPECT_TRUE(budget.take({1, 100}, held));
  EXPECT_FALSE(take(budget, {1, 1}));
}

TEST(Budget, DoesNotCountBytesWithoutALimit) {
  Budget budget(2, Budget::unlimited);
  EXPECT_FALSE(budget.counts_bytes());
  EXPECT_TRUE(take(budget, {1, Budget::unlimited - 1}));
  EXPECT_TRUE(take(budget, {1, Budget::unlimited - 1}));
  EXPECT_FALSE(take(budget, {1, 0}));
}

TEST(Budget, IsExceededOnlyAfterAReset) {
  Budget budget(10, 1000);
  ASSERT_TRUE(take(budget, {10, 1000}));
  EXPECT_FALSE(budget.exceeded());
  budget.reset(9, 1000, {10, 1000});
  EXPECT_TRUE(budget.exceeded());
  budget.give_back({1, 100});
  EXPECT_FALSE(budget.exceeded());
  budget.reset(10, 899, {9, 900});
  EXPECT_TRUE(budget.exceeded());
  budget.reset(10, Budget::unlimited, {9, 900});
  EXPECT_FALSE(budget.exceeded());
}

TEST(Budget, IsHalfFullByEitherBound) {
  Budget budget(10, 1000);
  EXPECT_FALSE(budget.half_full());
  ASSERT_TRUE(take(budget, {1, 500}));
  EXPECT_TRUE(budget.half_full());
  budget.reset(10, 2000, {1, 500});
  EXPECT_FALSE(budget.half_full());
  ASSERT_TRUE(take(budget, {4, 0}));
  EXPECT_TRUE(budget.half_full());
}

// What is counted beside the budget is at most what the budget has given out.
TEST(Budget, IsNeverExceededByThreads) {
  constexpr std::size_t most = 7;
  constexpr std::size_t most_bytes = 1000;
  Budget budget(most, most_bytes);
  std::atomic<std::size_t> entries{0};
  std::atomic<std::size_t> bytes{0};
  std::atomic<int> faults{0};
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (std::size_t number = 0; number < 4; ++number) {
    threads.emplace_back([&, number] {
      for (std::size_t turn = 0; turn < 20'000; ++turn) {
        const Amount wanted{1 + turn % 3, (turn * 7 + number) % 600};
        if (!take(budget, wanted)) continue;
        ++taken;
        const std::size_t now = entries += wanted.entries;
        const std::size_t bytes_now = bytes += wanted.bytes;
        if (now > most || bytes_now > most_bytes) ++faults;
        entries -= wanted.entries;
        bytes -= wanted.bytes;
        budget.give_back(wanted);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(faults, 0);
  EXPECT_GT(taken, 0);
  EXPECT_TRUE(take(budget, {most, most_bytes}));  // all came back
}

}  // namespace
}  // namespace semantrix::memory
