#include "memory/single_flight.hpp"

#include <semantrix/error.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <exception>
#include <future>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

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
ErrorCode code_of(Run run, std::exception_ptr& kept) {
  try {
    run();
  } catch (const CacheError& error) {
    kept = std::current_exception();
    return error.code();
  }
  return ErrorCode::internal;
}
template <class Run>
ErrorCode code_of(Run run) {
  std::exception_ptr gone;
  return code_of(run, gone);
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
  // Kept to the end: who ends an exception last is counted within the C++ library, where the thread
  // sanitizer does not see it.
  std::vector<std::exception_ptr> kept(count);
  std::vector<std::thread> threads;
  threads.reserve(count);
  for (int number = 0; number < count; ++number) {
    threads.emplace_back([&, number] {
      const auto ask = [&] {
        all_compute.arrive_and_wait();
        return flights.run(std::to_string((number + 1) % count), [] { return Value("never"); });
      };
      const auto run = [&] { flights.run(std::to_string(number), ask); };
      if (code_of(run, kept[static_cast<std::size_t>(number)]) == ErrorCode::busy) ++busy;
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
