#include "net/retry_budget.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace semantrix::net {
namespace {

int spend(RetryBudget& budget) {
  int retries = 0;
  while (budget.try_retry()) ++retries;
  return retries;
}

TEST(RetryBudget, HoldsAHundredRetries) {
  RetryBudget budget;
  EXPECT_EQ(budget.left(), 100);
  EXPECT_EQ(spend(budget), 100);
  EXPECT_EQ(budget.left(), 0);
  EXPECT_FALSE(budget.try_retry());
}

TEST(RetryBudget, TenSuccessesBuyOneRetry) {
  RetryBudget budget;
  spend(budget);
  for (int i = 0; i < 9; ++i) budget.succeeded();
  EXPECT_FALSE(budget.try_retry());
  budget.succeeded();
  EXPECT_TRUE(budget.try_retry());
  EXPECT_FALSE(budget.try_retry());
}

TEST(RetryBudget, SavesNoMoreThanItHolds) {
  RetryBudget budget;
  for (int i = 0; i < 10'000; ++i) budget.succeeded();
  EXPECT_EQ(spend(budget), 100);
  for (int i = 0; i < 10'000; ++i) budget.succeeded();
  EXPECT_EQ(spend(budget), 100);
}

TEST(RetryBudget, ThreadsNeitherLoseNorInventTokens) {
  RetryBudget budget;
  spend(budget);
  std::atomic<int> retries{0};
  std::vector<std::jthread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      // 200 successes a thread: 80 tokens in all, below what the budget holds.
      for (int i = 0; i < 200; ++i) {
        budget.succeeded();
        if (budget.try_retry()) ++retries;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(retries + spend(budget), 80);
}

}  // namespace
}  // namespace semantrix::net
