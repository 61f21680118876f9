#include "memory/index.hpp"

#include "base/hash.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

namespace semantrix::memory {
namespace {

std::uint32_t well_mixed(const std::string& key) {
  return static_cast<std::uint32_t>(checksum(key));
}
// All keys want the first line, and many have the same tag.
std::uint32_t crowded(const std::string& key) { return well_mixed(key) & 0x3; }
// Keys want one of eight lines, the last included: searches pass the end of the table.
std::uint32_t clustered(const std::string& key) {
  return (well_mixed(key) & 0x700000ff) << 1 | 0x0fffff00;
}

using HashOf = std::uint32_t (*)(const std::string&);

/// An index beside the plainest table, with the records that both point to.
class Compared {
 public:
  Compared(HashOf hash_of, std::size_t expected) : hash_of_(hash_of), index_(arena_, expected) {}
  ~Compared() {
    for (const auto& [key, record] : plain_) record->release();
  }

  void insert(const std::string& key) {
    Record* record = Record::create({.key = key, .value = "v"});
    index_.insert(hash_of_(key), record);
    plain_.emplace(key, record);
  }
  void replace(const std::string& key) {
    Record*& held = plain_.at(key);
    Record* record = Record::create({.key = key, .value = "newer"});
    index_.replace(hash_of_(key), held, record);
    held->release();
    held = record;
  }
  void erase(const std::string& key) {
    const auto at = plain_.find(key);
    index_.erase(hash_of_(key), at->second);
    at->second->release();
    plain_.erase(at);
  }
  [[nodiscard]] bool holds(const std::string& key) const { return plain_.contains(key); }
  [[nodiscard]] bool agrees_on(const std::string& key) const {
    const auto at = plain_.find(key);
    Record* expected = at == plain_.end() ? nullptr : at->second;
    return index_.find(hash_of_(key), key) == expected;
  }
  [[nodiscard]] bool agrees() const {
    return index_.size() == plain_.size() &&
           std::all_of(plain_.begin(), plain_.end(),
                       [this](const auto& entry) { return agrees_on(entry.first); });
  }
  [[nodiscard]] const Index& index() const { return index_; }

 private:
  HashOf hash_of_;
  PageArena arena_;
  Index index_;
  std::unordered_map<std::string, Record*> plain_;
};

class IndexTest : public ::testing::TestWithParam<HashOf> {};

TEST_P(IndexTest, DoesWhatAPlainTableDoes) {
  constexpr unsigned keys = 1500;
  Compared table(GetParam(), 1000);
  std::mt19937 random(1);
  for (int turn = 0; turn < 40'000; ++turn) {
    const std::string key = "key" + std::to_string(random() % keys);
    ASSERT_TRUE(table.agrees_on(key)) << turn;
    if (!table.holds(key)) {
      if (!table.index().full()) table.insert(key);
    } else if (random() % 4 == 0) {
      table.replace(key);
    } else {
      table.erase(key);
    }
    ASSERT_TRUE(table.agrees_on(key)) << turn;
    if (turn % 1000 == 0) {
      ASSERT_TRUE(table.agrees()) << turn;
    }
  }
  for (unsigned i = 0; i < keys; ++i) ASSERT_TRUE(table.agrees_on("key" + std::to_string(i)));
}

TEST_P(IndexTest, TakesWhatItPromised) {
  Compared table(GetParam(), 3000);
  EXPECT_GE(table.index().limit(), 3000U);
  int made = 0;
  while (!table.index().full()) table.insert("key" + std::to_string(made++));
  EXPECT_EQ(table.index().size(), table.index().limit());
  EXPECT_TRUE(table.agrees());
  EXPECT_TRUE(table.agrees_on("absent"));
  while (made > 0) table.erase("key" + std::to_string(--made));
  EXPECT_EQ(table.index().size(), 0U);
  EXPECT_TRUE(table.agrees_on("key0"));
}

// Counts of what was passed on end at 255; what is beyond stays findable.
TEST_P(IndexTest, FindsTheRestWhateverLeavesFirst) {
  Compared table(GetParam(), 1000);
  std::vector<std::string> keys;
  keys.reserve(1000);
  for (int i = 0; i < 1000; ++i) keys.push_back("key" + std::to_string(i));
  for (const std::string& key : keys) table.insert(key);
  std::shuffle(keys.begin(), keys.end(), std::mt19937(2));
  while (!keys.empty()) {
    table.erase(keys.back());
    ASSERT_TRUE(table.agrees_on(keys.back()));
    keys.pop_back();
    if (keys.size() % 50 == 0) {
      ASSERT_TRUE(table.agrees());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Hashes, IndexTest, ::testing::Values(well_mixed, crowded, clustered),
                         [](const auto& tested) {
                           return std::string(tested.param == well_mixed ? "well_mixed"
                                              : tested.param == crowded  ? "crowded"
                                                                         : "clustered");
                         });

TEST(Index, OfTheSmallestSizeWorks) {
  Compared table(well_mixed, 0);
  ASSERT_GE(table.index().limit(), 1U);
  while (!table.index().full()) table.insert(std::to_string(table.index().size()));
  EXPECT_TRUE(table.agrees());
}

}  // namespace
}  // namespace semantrix::memory
