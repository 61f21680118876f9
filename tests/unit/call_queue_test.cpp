#include "net/call_queue.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>

namespace semantrix::net {
namespace {

using namespace std::chrono_literals;
using Queue = CallQueue<int>;

constexpr Queue::TimePoint start{};

Queue::Slot slot(int& call, std::chrono::milliseconds deadline) {
  return {&call, 1, start, start + deadline};
}

TEST(CallQueues, hand_out_tickets_in_order) {
  Queue queue;
  std::array<int, 3> calls{};
  EXPECT_EQ(queue.push(slot(calls[0], 1ms)), 0U);
  EXPECT_EQ(queue.push(slot(calls[1], 1ms)), 1U);
  EXPECT_EQ(queue.front().call, &calls[0]);
  queue.pop_front();
  EXPECT_EQ(queue.begin(), 1U);
  EXPECT_EQ(queue.push(slot(calls[2], 1ms)), 2U);
  EXPECT_EQ(queue.front().call, &calls[1]);
  EXPECT_EQ(queue.size(), 2U);
}

TEST(CallQueues, keep_the_slot_of_a_call_that_left) {
  Queue queue;
  std::array<int, 2> calls{};
  const auto first = queue.push(slot(calls[0], 1ms));
  queue.push(slot(calls[1], 1ms));
  EXPECT_EQ(queue.abandon(first), &calls[0]);
  EXPECT_EQ(queue.abandon(first), nullptr) << "it left before";
  EXPECT_EQ(queue.size(), 2U);
  EXPECT_EQ(queue.front().call, nullptr);
}

TEST(CallQueues, know_no_ticket_that_is_answered_or_to_come) {
  Queue queue;
  int call = 0;
  const auto ticket = queue.push(slot(call, 1ms));
  queue.pop_front();
  EXPECT_EQ(queue.abandon(ticket), nullptr);
  EXPECT_EQ(queue.abandon(ticket + 1), nullptr);
}

TEST(CallQueues, give_up_those_whose_deadline_has_come_and_no_others) {
  Queue queue;
  std::array<int, 3> calls{};
  queue.push(slot(calls[0], 30ms));
  queue.push(slot(calls[1], 10ms));
  queue.push(slot(calls[2], 20ms));
  const auto expired = queue.expire(start + 20ms);
  ASSERT_EQ(expired.size(), 2U);
  EXPECT_EQ(expired[0].call, &calls[1]);
  EXPECT_EQ(expired[0].ticket, 1U);
  EXPECT_EQ(expired[1].call, &calls[2]);
  EXPECT_TRUE(queue.expire(start + 20ms).empty());
  EXPECT_EQ(queue.size(), 3U);
}

TEST(CallQueues, restart_the_patience_but_not_the_deadline) {
  Queue queue;
  std::array<int, 2> calls{};
  queue.push(slot(calls[0], 100ms));
  queue.push(slot(calls[1], 10'000ms));
  queue.restart(start + 50ms, 500ms);
  EXPECT_EQ(queue.front().started, start + 50ms);
  EXPECT_EQ(queue.expire(start + 100ms).size(), 1U);
  EXPECT_TRUE(queue.expire(start + 549ms).empty());
  EXPECT_EQ(queue.expire(start + 550ms).size(), 1U);
}

TEST(CallQueues, drain_leaves_no_old_ticket_valid) {
  Queue queue;
  std::array<int, 3> calls{};
  queue.push(slot(calls[0], 1ms));
  const auto second = queue.push(slot(calls[1], 1ms));
  queue.abandon(0);
  const auto left = queue.drain();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].call, &calls[1]);
  EXPECT_EQ(left[0].ticket, second);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.push(slot(calls[2], 1ms)), 2U);
  EXPECT_EQ(queue.abandon(second), nullptr);
}

TEST(CallQueues, grow_with_what_they_hold) {
  Queue queue;
  std::array<int, 1000> calls{};
  for (int round = 0; round != 3; ++round) {
    for (int& call : calls) queue.push(slot(call, 1ms));
    for (int& call : calls) {
      ASSERT_EQ(queue.front().call, &call);
      queue.pop_front();
    }
  }
  EXPECT_EQ(queue.end(), 3000U);
}

}  // namespace
}  // namespace semantrix::net
