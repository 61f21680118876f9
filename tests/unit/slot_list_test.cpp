#include "eviction/slot_list.hpp"

#include "eviction_fixture.hpp"

namespace semantrix::eviction {
namespace {

using testing::StrictNodes;

class SlotLists : public ::testing::Test {
 protected:
  SlotLists() {
    for (Slot slot = 0; slot < 8; ++slot) nodes.open(slot, 0);
  }
  std::string back_to_front() {
    std::string slots;
    list.back_to_front([&](Slot slot) { slots += std::to_string(slot); });
    EXPECT_EQ(list.size(), slots.size());
    EXPECT_EQ(list.empty(), slots.empty());
    return slots;
  }

  StrictNodes nodes{8};
  SlotList<StrictNodes> list{nodes};
};

TEST_F(SlotLists, StartEmpty) {
  EXPECT_EQ(back_to_front(), "");
  EXPECT_EQ(list.front(), no_slot);
  EXPECT_EQ(list.back(), no_slot);
}

TEST_F(SlotLists, KeepTheOrderOfPushes) {
  list.push_front(1);
  list.push_front(2);  // 1 2
  list.push_back(3);   // 3 1 2
  EXPECT_EQ(back_to_front(), "312");
  EXPECT_EQ(list.back(), 3U);
  EXPECT_EQ(list.front(), 2U);
}

TEST_F(SlotLists, LoseTheBackTheFrontAndTheMiddle) {
  for (Slot slot = 0; slot < 5; ++slot) list.push_front(slot);  // 0 1 2 3 4
  list.remove(0);
  EXPECT_EQ(back_to_front(), "1234");
  list.remove(4);
  EXPECT_EQ(back_to_front(), "123");
  list.remove(2);
  EXPECT_EQ(back_to_front(), "13");
  list.remove(3);
  list.remove(1);
  EXPECT_EQ(back_to_front(), "");
  EXPECT_EQ(list.front(), no_slot);
}

TEST_F(SlotLists, MoveToTheFront) {
  for (Slot slot = 0; slot < 3; ++slot) list.push_front(slot);  // 0 1 2
  list.move_to_front(0);
  EXPECT_EQ(back_to_front(), "120");
  list.move_to_front(2);
  EXPECT_EQ(back_to_front(), "102");
  list.move_to_front(2);
  EXPECT_EQ(back_to_front(), "102");
}

TEST_F(SlotLists, TakeASlotAgain) {
  list.push_back(1);
  list.remove(1);
  list.push_front(1);
  EXPECT_EQ(back_to_front(), "1");
}

}  // namespace
}  // namespace semantrix::eviction
