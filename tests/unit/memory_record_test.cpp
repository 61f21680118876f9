#include "memory/record.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::memory {
namespace {

using namespace std::string_literals;

TEST(MemoryRecord, HoldsAnyBytes) {
  const std::string key("\0key\xff", 5);
  const std::string value(100'000, '\0');
  Record* record = Record::create({.key = key, .value = value});
  EXPECT_EQ(record->key(), key);
  EXPECT_EQ(record->stored(), value);
  EXPECT_FALSE(record->compressed());
  EXPECT_FALSE(record->binary());
  EXPECT_FALSE(record->tagged());
  EXPECT_TRUE(record->tags().empty());
  EXPECT_EQ(record->deadline(), 0);
  record->release();
}

TEST(MemoryRecord, KeepsFlagsAndDeadlineApart) {
  const std::vector<std::string_view> tags{"t"};
  for (unsigned bits = 0; bits < 8; ++bits) {
    Record* record = Record::create({.key = "k",
                                     .value = "v",
                                     .compressed = (bits & 1) != 0,
                                     .binary = (bits & 2) != 0,
                                     .tags = std::span(tags).first((bits & 4) != 0 ? 1 : 0)});
    constexpr std::int64_t latest = (std::int64_t{1} << 45) - 1;
    for (const std::int64_t deadline :
         {std::int64_t{1}, std::int64_t{0xffff'ffff}, std::int64_t{0x1'0000'0000}, latest,
          latest - 0xffff, std::int64_t{0}}) {
      record->set_deadline(deadline);
      EXPECT_EQ(record->deadline(), deadline);
      EXPECT_EQ(record->compressed(), (bits & 1) != 0);
      EXPECT_EQ(record->binary(), (bits & 2) != 0);
      EXPECT_EQ(record->tagged(), (bits & 4) != 0);
    }
    record->release();
  }
}

TEST(MemoryRecord, FindsTags) {
  const std::vector<std::string_view> tags{"red", "", "green"};
  Record* record = Record::create({.key = "k", .value = "red", .tags = tags});
  EXPECT_EQ(record->tags(), (std::vector{"red"s, ""s, "green"s}));
  EXPECT_TRUE(record->has_tag("red"));
  EXPECT_TRUE(record->has_tag(""));
  EXPECT_TRUE(record->has_tag("green"));
  EXPECT_FALSE(record->has_tag("gree"));
  EXPECT_FALSE(record->has_tag("greens"));
  EXPECT_EQ(record->stored(), "red");
  record->release();
  record = Record::create({.key = "k", .value = ""});
  EXPECT_FALSE(record->has_tag(""));
  record->release();
}

TEST(MemoryRecord, ChargesForAllItsBytes) {
  const std::vector<std::string_view> tags{"ab", "c"};
  Record* record = Record::create({.key = "key", .value = "value", .tags = tags});
  const std::size_t tag_bytes = 4 + (4 + 2) + (4 + 1);
  EXPECT_EQ(record->charge(), Record::charge_of(3, 5, tag_bytes));
  EXPECT_EQ(Record::charge_of(3, 5, tag_bytes), Record::charge_of(0, 0, 0) + 8 + tag_bytes);
  EXPECT_GE(Record::charge_of(0, 0, 0), sizeof(Record));
  record->release();
}

TEST(MemoryRecord, HandsOutItsOwnBytes) {
  Record* record = Record::create({.key = "k", .value = "the value", .binary = true});
  const char* const bytes = record->stored().data();
  record->retain();
  const Value value = record->into_value();
  record->release();
  EXPECT_EQ(value.data(), bytes);
  EXPECT_EQ(value.view(), "the value");  // after the record's own reference is gone
  EXPECT_TRUE(value.binary());
}

}  // namespace
}  // namespace semantrix::memory
