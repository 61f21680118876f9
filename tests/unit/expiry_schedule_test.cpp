#include "memory/expiry_schedule.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <set>

namespace semantrix::memory {
namespace {

using Slot = ExpirySchedule::Slot;
constexpr std::int64_t start = 5'000'000;
constexpr std::int64_t never = ExpirySchedule::never;

class ExpiryScheduleTest : public ::testing::Test {
 protected:
  ExpiryScheduleTest() { schedule_.reserve(1000); }

  void watch(Slot slot, std::int64_t deadline) {
    deadlines_[slot] = deadline;
    schedule_.watch(slot, deadline);
  }
  std::set<Slot> expire(std::int64_t now) {
    std::set<Slot> expired;
    const auto look = [&](Slot slot) {
      ++looks_;
      const auto at = deadlines_.find(slot);
      if (at == deadlines_.end()) return never;
      if (at->second > now) return at->second;
      expired.insert(slot);
      deadlines_.erase(at);
      return never;
    };
    while (!schedule_.advance(now, 64, look)) {
    }
    return expired;
  }

  ExpirySchedule schedule_{start};
  std::map<Slot, std::int64_t> deadlines_;
  int looks_ = 0;
};

TEST_F(ExpiryScheduleTest, ExpiresNeighboursEachAtItsTime) {
  watch(0, start + 100);
  watch(1, start + 50);
  watch(15, start + 5000);
  EXPECT_TRUE(expire(start + 49).empty());
  EXPECT_EQ(expire(start + 50), std::set<Slot>{1});
  EXPECT_EQ(expire(start + 4999), std::set<Slot>{0});
  EXPECT_FALSE(schedule_.empty());
  EXPECT_EQ(expire(start + 5000), std::set<Slot>{15});
  EXPECT_TRUE(schedule_.empty());
}

TEST_F(ExpiryScheduleTest, AnEntryThatLeftCostsOneLook) {
  watch(20, start + 100);
  deadlines_.erase(20);
  EXPECT_TRUE(expire(start + 200).empty());
  EXPECT_EQ(looks_, 16);
  EXPECT_TRUE(schedule_.empty());
}

TEST_F(ExpiryScheduleTest, AShorterDeadlineInAUsedSlotCounts) {
  watch(40, start + 10'000);
  watch(40, start + 10);
  EXPECT_EQ(expire(start + 10), std::set<Slot>{40});
}

TEST_F(ExpiryScheduleTest, AgreesWithAMap) {
  std::mt19937_64 random(7);
  std::int64_t now = start;
  for (int turn = 0; turn < 50'000; ++turn) {
    const auto slot = static_cast<Slot>(random() % 1000);
    if (const auto dice = random() % 10; dice < 6) {
      watch(slot, now + 1 + static_cast<std::int64_t>(random() % 100'000));
    } else if (dice < 8) {
      deadlines_.erase(slot);
    } else {
      now += static_cast<std::int64_t>(random() % 3000);
      std::set<Slot> due;
      for (const auto& [each, deadline] : deadlines_) {
        if (deadline <= now) due.insert(each);
      }
      ASSERT_EQ(expire(now), due) << turn;
    }
  }
}

}  // namespace
}  // namespace semantrix::memory
