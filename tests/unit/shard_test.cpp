// One shard, without the engine around it.
#include "memory/shard.hpp"

#include "base/hash.hpp"
#include "eviction/lru.hpp"
#include <semantrix/testing/fake_clock.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace semantrix::memory {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t many = 100'000;

class ShardExpiry : public ::testing::Test {
 protected:
  using OneShard = Shard<eviction::Lru>;

  void add(const std::string& key, int ttl_ms) {
    Record* record = Record::create({.key = key, .value = "v"});
    record->set_deadline(time_.steady_ms() + ttl_ms);
    Removed removed;
    ASSERT_TRUE(shard_.add(static_cast<std::uint32_t>(hash_key(key)), record, removed));
    removed_by_last_add_ = removed.size();
  }
  void fill(int ttl_ms) {
    for (std::size_t i = 0; i < many; ++i) add("key" + std::to_string(i), ttl_ms);
  }

  std::shared_ptr<testing::FakeClock> clock_ = std::make_shared<testing::FakeClock>();
  PageArena arena_;
  Budget budget_{many, Budget::unlimited};
  TimeSource time_{clock_};
  OneShard shard_{ShardContext{arena_, budget_, time_, 0, 1}, many};
  std::size_t removed_by_last_add_ = 0;
};

TEST_F(ShardExpiry, AnAddRemovesAFewOfManyThatExpireAtOnce) {
  fill(1000);
  clock_->advance(milliseconds(1000));
  add("new", 1000);
  EXPECT_GE(removed_by_last_add_, 1U);
  EXPECT_LE(removed_by_last_add_, OneShard::entries_a_pass);
  EXPECT_TRUE(shard_.expiry_due()) << "the others wait for the next pass";
}

TEST_F(ShardExpiry, APassLooksAtAFewOfMany) {
  fill(1000);
  clock_->advance(milliseconds(1000));
  Removed removed;
  EXPECT_FALSE(shard_.expire(OneShard::entries_a_pass, removed));
  EXPECT_LE(removed.size(), OneShard::entries_a_pass);
}

// Nothing has expired, but the wheel does not know yet: to look at all would take as long as to
// remove them.
TEST_F(ShardExpiry, AnAddLooksAtAFewOfManyThatWerePutOff) {
  fill(1000);
  fill(100'000);
  clock_->advance(milliseconds(1000));
  add("new", 1000);
  EXPECT_EQ(removed_by_last_add_, 1U) << "the oldest";
  EXPECT_TRUE(shard_.expiry_due()) << "the others wait for the next pass";
}

}  // namespace
}  // namespace semantrix::memory
