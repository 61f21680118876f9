#include "memory/nodes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace semantrix::memory {
namespace {

class NodesTest : public ::testing::Test {
 protected:
  ~NodesTest() override {
    for (Record* record : records_) record->release();
  }
  Record* make_record() {
    records_.push_back(Record::create({.key = std::to_string(records_.size()), .value = "v"}));
    return records_.back();
  }
  Nodes::Slot take(std::uint32_t hash = 0) {
    nodes_.reserve();
    return nodes_.take(make_record(), hash);
  }

  PageArena arena_;
  Nodes nodes_{arena_};
  std::vector<Record*> records_;
};

TEST_F(NodesTest, NumbersSlotsFromZero) {
  EXPECT_EQ(nodes_.end(), 0U);
  EXPECT_EQ(take(7), 0U);
  EXPECT_EQ(take(8), 1U);
  EXPECT_EQ(nodes_.end(), 2U);
  EXPECT_EQ(nodes_.hash(0), 7U);
  EXPECT_EQ(nodes_.hash(1), 8U);
  EXPECT_EQ(nodes_.record(1), records_[1]);
  EXPECT_EQ(records_[1]->slot(), 1U);
}

TEST_F(NodesTest, StartsUnlinked) {
  const Nodes::Slot slot = take();
  nodes_.links(slot) = {3, 4};
  nodes_.give_back(slot);
  ASSERT_EQ(take(), slot);
  EXPECT_EQ(nodes_.links(slot).previous, eviction::no_slot);
  EXPECT_EQ(nodes_.links(slot).next, eviction::no_slot);
}

TEST_F(NodesTest, UsesSlotsAgain) {
  for (int i = 0; i < 10; ++i) take();
  nodes_.give_back(3);
  nodes_.give_back(8);
  EXPECT_EQ(nodes_.record(3), nullptr);
  EXPECT_EQ(nodes_.record(8), nullptr);
  EXPECT_EQ(take(), 8U);
  EXPECT_EQ(take(), 3U);
  EXPECT_EQ(take(), 10U);
}

TEST_F(NodesTest, DoesNotMoveWhenItGrows) {
  const Nodes::Slot first = take();
  const eviction::Links* const links = &nodes_.links(first);
  const std::size_t before = nodes_.capacity();
  while (nodes_.capacity() < 3 * before) take();
  EXPECT_EQ(&nodes_.links(first), links);
  for (Nodes::Slot slot = 0; slot < nodes_.end(); ++slot) {
    ASSERT_EQ(nodes_.record(slot), records_[slot]);
    ASSERT_EQ(records_[slot]->slot(), slot);
  }
}

TEST_F(NodesTest, KeepsThePolicysStateInTheRecord) {
  const Nodes::Slot slot = take();
  nodes_.state(slot).frequency = 9;
  EXPECT_EQ(records_[0]->state().frequency, 9U);
  Record* other = make_record();
  nodes_.set_record(slot, other);
  EXPECT_EQ(nodes_.record(slot), other);
  EXPECT_EQ(other->slot(), slot);
  EXPECT_EQ(nodes_.state(slot).frequency, 0U);
}

}  // namespace
}  // namespace semantrix::memory
