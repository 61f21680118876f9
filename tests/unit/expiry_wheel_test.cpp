#include "memory/expiry_wheel.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace semantrix::memory {
namespace {

using Slot = ExpiryWheel::Slot;
using Slots = std::set<Slot>;

constexpr std::int64_t second = 1000;
constexpr std::int64_t hour = 3600 * second;
constexpr std::int64_t day = 24 * hour;
constexpr std::size_t a_pass = 100;

class ExpiryWheelTest : public ::testing::Test {
 protected:
  static constexpr std::int64_t start = 123'456'789;

  Slot make_slot() {
    wheel_.reserve(slots_ + 1);
    return slots_++;
  }
  Slot schedule(std::int64_t deadline) {
    const Slot slot = make_slot();
    deadlines_[slot] = deadline;
    wheel_.schedule(slot, deadline);
    return slot;
  }
  /// One pass; those expired are added to `expired_`.
  std::size_t pass(std::int64_t now) {
    return wheel_.advance(
        now, a_pass, [this](Slot slot) { return deadlines_.at(slot); },
        [&](Slot slot) {
          EXPECT_LE(deadlines_.at(slot), now);
          EXPECT_TRUE(expired_.insert(slot).second);
        });
  }
  /// Passes until all are done; those that expired.
  Slots expire(std::int64_t now) {
    expired_.clear();
    for (std::size_t passes = 0; pass(now) == a_pass; ++passes) {
      if (passes > std::size_t{2} * slots_ / a_pass + 2) {
        ADD_FAILURE() << "passes do not come to an end";
        break;
      }
    }
    return expired_;
  }

  ExpiryWheel wheel_{start};
  Slot slots_ = 0;
  std::map<Slot, std::int64_t> deadlines_;
  Slots expired_;
};

TEST_F(ExpiryWheelTest, ExpiresToTheMillisecond) {
  for (const std::int64_t ahead :
       {std::int64_t{1}, std::int64_t{15}, std::int64_t{16}, std::int64_t{17}, std::int64_t{1023},
        std::int64_t{1024}, second, hour, day, 30 * day, 198 * day, 199 * day, 400 * day,
        365'000 * day}) {
    ExpiryWheel wheel(start);
    wheel.reserve(64);
    const Slot slot = make_slot();
    wheel.schedule(slot, start + ahead);
    int expired = 0;
    const auto deadline_of = [&](Slot) { return start + ahead; };
    const auto expire = [&](Slot) { ++expired; };
    wheel.advance(start + ahead - 1, a_pass, deadline_of, expire);
    EXPECT_EQ(expired, 0) << ahead;
    EXPECT_EQ(wheel.size(), 1U);
    wheel.advance(start + ahead, a_pass, deadline_of, expire);
    EXPECT_EQ(expired, 1) << ahead;
    EXPECT_EQ(wheel.size(), 0U);
  }
}

TEST_F(ExpiryWheelTest, ExpiresAtOnceWhatIsPast) {
  EXPECT_TRUE(expire(start).empty());
  const Slot past = schedule(start - 5);
  const Slot now = schedule(start);
  EXPECT_EQ(expire(start), (Slots{past, now}));
}

TEST_F(ExpiryWheelTest, IsDueOnlyWhenATickHasPassed) {
  EXPECT_FALSE(wheel_.due(start + day));  // nothing is scheduled
  schedule(start + hour);
  EXPECT_FALSE(wheel_.due(start));
  EXPECT_TRUE(wheel_.due(start + 16));
  expire(start + 16);
  EXPECT_FALSE(wheel_.due(start + 16));
}

TEST_F(ExpiryWheelTest, LooksAtNoMoreThanAskedFor) {
  for (int i = 0; i < 1000; ++i) schedule(start + 50);
  EXPECT_EQ(pass(start + 60), a_pass);
  EXPECT_EQ(expired_.size(), a_pass);
  EXPECT_EQ(wheel_.size(), 1000 - a_pass);
  EXPECT_TRUE(wheel_.due(start + 60));
  EXPECT_EQ(expire(start + 60).size(), 1000 - a_pass);
}

// Entries of the tick that passes are looked at although some are due only later in it.
TEST_F(ExpiryWheelTest, ComesToAnEndWithinATick) {
  const std::int64_t tick = (start / 16 + 1) * 16;
  for (int i = 0; i < 1000; ++i) schedule(tick + 5);
  for (int i = 0; i < 1000; ++i) schedule(tick + 9);
  EXPECT_TRUE(expire(tick + 4).empty());
  EXPECT_EQ(expire(tick + 5).size(), 1000U);
  EXPECT_EQ(expire(tick + 9).size(), 1000U);
}

TEST_F(ExpiryWheelTest, AsksForTheDeadlineOfTheMoment) {
  const Slot slot = schedule(start + second);
  deadlines_[slot] = start + hour;  // it was used meanwhile
  EXPECT_TRUE(expire(start + second).empty());
  EXPECT_TRUE(expire(start + hour - 1).empty());
  EXPECT_EQ(expire(start + hour), Slots{slot});
}

TEST_F(ExpiryWheelTest, ForgetsWhatIsUnscheduled) {
  std::vector<Slot> slots;
  slots.reserve(5);
  for (int i = 0; i < 5; ++i) slots.push_back(schedule(start + 100));
  wheel_.unschedule(slots[0]);
  wheel_.unschedule(slots[4]);
  wheel_.unschedule(slots[2]);
  wheel_.unschedule(slots[2]);  // twice does no harm
  EXPECT_EQ(wheel_.size(), 2U);
  EXPECT_EQ(expire(start + 100), (Slots{slots[1], slots[3]}));
}

TEST_F(ExpiryWheelTest, ForgetsWhatIsUnscheduledWhilePending) {
  std::vector<Slot> slots;
  slots.reserve(300);
  for (std::int64_t i = 0; i < 300; ++i) slots.push_back(schedule(start + 10 + i % 3 * 20));
  expired_.clear();
  ASSERT_EQ(pass(start + 100), a_pass);
  std::size_t left = 0;
  for (const Slot slot : slots) {
    if (expired_.contains(slot)) continue;
    if (++left % 2 == 0) wheel_.unschedule(slot);
  }
  EXPECT_EQ(wheel_.size(), 100U);
  EXPECT_EQ(expire(start + 100).size(), 100U);
}

/// Spans from within a tick to beyond all levels.
std::int64_t random_span(std::mt19937_64& random) {
  constexpr std::array<std::int64_t, 13> spans{4,           16,        17,        100,     second,
                                               20 * second, hour,      5 * hour,  3 * day, 40 * day,
                                               190 * day,   300 * day, 3000 * day};
  return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(spans[random() % 13])) + 1;
}

TEST_F(ExpiryWheelTest, AgreesWithASortedList) {
  std::multimap<std::int64_t, Slot> sorted;
  std::mt19937_64 random(3);
  std::int64_t now = start;
  std::vector<Slot> idle;
  for (int turn = 0; turn < 60'000; ++turn) {
    const auto dice = random() % 10;
    if (dice < 5) {
      if (idle.empty()) idle.push_back(make_slot());
      const Slot slot = idle.back();
      idle.pop_back();
      deadlines_[slot] = now + random_span(random);
      wheel_.schedule(slot, deadlines_[slot]);
      sorted.emplace(deadlines_[slot], slot);
    } else if (dice < 8 && !sorted.empty()) {
      auto at = sorted.lower_bound(now + random_span(random));
      if (at == sorted.end()) --at;
      wheel_.unschedule(at->second);
      idle.push_back(at->second);
      sorted.erase(at);
    } else {
      // Small steps are the rule, but sometimes nobody looks for months.
      now += random() % 50 == 0 ? random_span(random) : static_cast<std::int64_t>(random() % 5000);
      Slots due;
      for (auto at = sorted.begin(); at != sorted.end() && at->first <= now;) {
        due.insert(at->second);
        at = sorted.erase(at);
      }
      ASSERT_EQ(expire(now), due) << turn;
      idle.insert(idle.end(), due.begin(), due.end());
    }
    ASSERT_EQ(wheel_.size(), sorted.size()) << turn;
  }
}

}  // namespace
}  // namespace semantrix::memory
