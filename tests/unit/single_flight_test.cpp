#include "memory/single_flight.hpp"

#include <semantrix/error.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

// How often an exception is held is counted within the C++ library, out of the thread sanitizer's
// sight: it does not see that the last thread destroys what the others have read.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the sanitizer's name
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:semantrix::CacheError::~CacheError\n";
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

namespace semantrix::memory {
namespace {

TEST(SingleFlight, GivesWhatIsComputed) {
  SingleFlight flights;
  EXPECT_EQ(flights.run("key", [] { return Value("value"); }).view(), "value");
  EXPECT_EQ(flights.run("key", [] { return Value("anew"); }).view(), "anew");  // nothing is kept
}

TEST(SingleFlight, GivesAnExceptionAndForgetsIt) {
  SingleFlight flights;
  const auto fails = []() -> Value { throw std::runtime_error("the model is away"); };
  EXPECT_THROW(flights.run("key", fails), std::runtime_error);
  EXPECT_EQ(flights.run("key", [] { return Value("back"); }).view(), "back");
}

TEST(SingleFlight, ComputesOtherKeysInside) {
  SingleFlight flights;
  const auto outer = [&] {
    return Value(flights.run("inner", [] { return Value("i"); }).str() + "o");
  };
  EXPECT_EQ(flights.run("outer", outer).view(), "io");
}

template <class Run>
ErrorCode code_of(Run run) {
  try {
    run();
  } catch (const CacheError& error) {
    return error.code();
  }
  return ErrorCode::internal;
}

TEST(SingleFlight, IsBusyForAComputationThatAsksForItself) {
  SingleFlight flights;
  ErrorCode inner = ErrorCode::internal;
  const Value value = flights.run("key", [&] {
    inner = code_of([&] { flights.run("key", [] { return Value(); }); });
    return Value("value");
  });
  EXPECT_EQ(inner, ErrorCode::busy);
  EXPECT_EQ(value.view(), "value");
}

TEST(SingleFlight, IsBusyForAnIndirectCircle) {
  SingleFlight flights;
  const auto nested = [&] {
    return flights.run("b", [&] { return flights.run("a", [] { return Value(); }); });
  };
  EXPECT_EQ(code_of([&] { flights.run("a", nested); }), ErrorCode::busy);
}

// Each of three threads computes one key and asks for the next: whoever closes the circle is told,
// and through it the others, instead of waiting for ever.
TEST(SingleFlight, IsBusyForACircleOfThreads) {
  constexpr int count = 3;
  SingleFlight flights;
  std::latch all_compute(count);
  std::atomic<int> busy{0};
  std::vector<std::thread> threads;
  threads.reserve(count);
  for (int number = 0; number < count; ++number) {
    threads.emplace_back([&, number] {
      const auto ask = [&] {
        all_compute.arrive_and_wait();
        return flights.run(std::to_string((number + 1) % count), [] { return Value("never"); });
      };
      if (code_of([&] { flights.run(std::to_string(number), ask); }) == ErrorCode::busy) ++busy;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(busy, count);
}

TEST(SingleFlight, LetsThreadsWaitInARowWithoutACircle) {
  constexpr int count = 4;
  SingleFlight flights;
  std::latch all_compute(count);
  std::vector<std::future<Value>> values;
  values.reserve(count);
  for (int number = 0; number < count; ++number) {
    values.push_back(std::async(std::launch::async, [&, number] {
      const auto ask = [&] {
        all_compute.arrive_and_wait();
        if (number == count - 1) return Value("end");
        return Value(flights.run(std::to_string(number + 1), [] { return Value("end"); }));
      };
      return flights.run(std::to_string(number), ask);
    }));
  }
  for (auto& value : values) EXPECT_EQ(value.get().view(), "end");
}

// At any moment at most one thread computes a key, and everybody gets what some computation gave.
TEST(SingleFlight, RunsOneComputationOfAKeyAtATime) {
  SingleFlight flights;
  std::atomic<int> under_way{0};
  std::atomic<int> faults{0};
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int number = 0; number < 8; ++number) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < 2000; ++turn) {
        const Value value = flights.run("key", [&] {
          if (++under_way != 1) ++faults;
          --under_way;
          return Value("value");
        });
        if (value.view() != "value") ++faults;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(faults, 0);
}

}  // namespace
}  // namespace semantrix::memory
