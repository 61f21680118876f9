#include "net/circuit_breaker.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <set>
#include <thread>
#include <vector>

namespace semantrix::net {
namespace {

using namespace std::chrono_literals;
using State = CircuitBreaker::State;

/// A breaker and the time that the test lets pass.
class CircuitBreakerTest : public testing::Test {
 protected:
  void fail(int times) {
    for (int i = 0; i < times; ++i) breaker_.failed(now_);
  }
  void succeed(int times) {
    for (int i = 0; i < times; ++i) breaker_.succeeded(now_);
  }
  void refuse(int times) {
    for (int i = 0; i < times; ++i) breaker_.refused(now_);
  }
  /// Opens the breaker and waits until it has been open for long enough, jitter included.
  void open_and_wait() {
    refuse(5);
    ASSERT_EQ(breaker_.state(), State::open);
    now_ += 6250ms;
  }
  bool allow() { return breaker_.allow(now_); }

  CircuitBreaker breaker_{{}, 1};
  CircuitBreaker::time_point now_{1h};
};

TEST_F(CircuitBreakerTest, StaysClosedWhileNothingFails) {
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(allow());
    succeed(1);
    now_ += 1ms;
  }
  EXPECT_EQ(breaker_.state(), State::closed);
}

TEST_F(CircuitBreakerTest, OpensAtFiftyFailures) {
  fail(49);
  EXPECT_TRUE(allow());
  fail(1);
  EXPECT_FALSE(allow());
  EXPECT_EQ(breaker_.state(), State::open);
}

TEST_F(CircuitBreakerTest, OpensOnlyIfHalfOfTheCallsFail) {
  fail(1);  // the count starts here
  succeed(60);
  fail(58);
  EXPECT_TRUE(allow()) << "59 of 119 failed";
  fail(1);
  EXPECT_FALSE(allow()) << "60 of 120 failed";
}

TEST_F(CircuitBreakerTest, CountsOneWindowAtATime) {
  fail(49);
  now_ += 10s;
  fail(49);
  EXPECT_TRUE(allow());
  now_ += 9999ms;
  fail(1);
  EXPECT_FALSE(allow());
}

TEST_F(CircuitBreakerTest, SuccessesOfAnEarlierWindowDoNotCount) {
  fail(1);
  succeed(1000);
  now_ += 10s;
  succeed(1);
  fail(50);
  EXPECT_FALSE(allow());
}

TEST_F(CircuitBreakerTest, OpensAtOnceWhenConnectsAreRefusedInARow) {
  refuse(4);
  EXPECT_TRUE(allow());
  refuse(1);
  EXPECT_FALSE(allow());
}

TEST_F(CircuitBreakerTest, AnswerBetweenRefusalsBreaksTheRow) {
  refuse(4);
  succeed(1);
  refuse(4);
  EXPECT_TRUE(allow());
  fail(1);
  refuse(4);
  EXPECT_TRUE(allow());
}

TEST_F(CircuitBreakerTest, OpenForFiveSecondsGiveOrTakeAQuarter) {
  std::set<std::chrono::milliseconds> times;
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    CircuitBreaker breaker({}, seed);
    for (int i = 0; i < 5; ++i) breaker.refused(now_);
    auto open = 0ms;
    while (!breaker.allow(now_ + open)) open += 10ms;
    EXPECT_GE(open, 3750ms);
    EXPECT_LE(open, 6250ms);
    times.insert(open);
  }
  EXPECT_GT(times.size(), 20u) << "clients would return together";
}

TEST_F(CircuitBreakerTest, HalfOpenLetsOneProbeThroughAtATime) {
  open_and_wait();
  EXPECT_TRUE(allow());
  EXPECT_EQ(breaker_.state(), State::half_open);
  EXPECT_FALSE(allow());
  EXPECT_FALSE(allow());
  succeed(1);
  EXPECT_TRUE(allow());
  EXPECT_FALSE(allow());
}

TEST_F(CircuitBreakerTest, ThreeGoodProbesCloseIt) {
  open_and_wait();
  for (int probe = 0; probe < 3; ++probe) {
    EXPECT_EQ(breaker_.state(), probe == 0 ? State::open : State::half_open);
    EXPECT_TRUE(allow());
    succeed(1);
  }
  EXPECT_EQ(breaker_.state(), State::closed);
  EXPECT_TRUE(allow());
  EXPECT_TRUE(allow());
  fail(49);
  EXPECT_TRUE(allow()) << "old failures are forgotten";
}

TEST_F(CircuitBreakerTest, BadProbeOpensItAgain) {
  open_and_wait();
  EXPECT_TRUE(allow());
  succeed(1);
  EXPECT_TRUE(allow());
  fail(1);
  EXPECT_EQ(breaker_.state(), State::open);
  now_ += 3749ms;
  EXPECT_FALSE(allow());
  now_ += 2501ms;
  for (int probe = 0; probe < 3; ++probe) {
    EXPECT_TRUE(allow()) << "good probes count anew";
    EXPECT_NE(breaker_.state(), State::closed);
    succeed(1);
  }
  EXPECT_EQ(breaker_.state(), State::closed);
}

TEST_F(CircuitBreakerTest, LostProbeMakesRoomForAnother) {
  open_and_wait();
  EXPECT_TRUE(allow());
  now_ += 1999ms;
  EXPECT_FALSE(allow());
  now_ += 1ms;
  EXPECT_TRUE(allow());
  EXPECT_FALSE(allow());
}

TEST_F(CircuitBreakerTest, LateNewsDoNotMoveAnOpenBreaker) {
  refuse(5);
  succeed(10);
  EXPECT_EQ(breaker_.state(), State::open);
  now_ += 3s;
  fail(100);
  now_ += 3250ms;
  EXPECT_TRUE(allow()) << "late failures do not prolong the wait";
}

TEST_F(CircuitBreakerTest, ThreadsGetOneProbeBetweenThem) {
  open_and_wait();
  std::atomic<int> probes{0};
  std::vector<std::jthread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) probes += breaker_.allow(now_) ? 1 : 0;
    });
  }
  threads.clear();
  EXPECT_EQ(probes, 1);
}

TEST_F(CircuitBreakerTest, ThreadsThatFailTogetherOpenIt) {
  std::vector<std::jthread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        if (breaker_.allow(now_)) breaker_.failed(now_);
        breaker_.succeeded(now_);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(breaker_.state(), State::open);
}

}  // namespace
}  // namespace semantrix::net
