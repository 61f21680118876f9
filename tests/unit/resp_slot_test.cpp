#include "protocol/resp/slot.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace semantrix::resp {
namespace {

using namespace std::string_literals;

/// The definition, bit by bit.
std::uint16_t slow_crc16(std::string_view bytes) {
  unsigned int sum = 0;
  for (const char c : bytes) {
    sum ^= static_cast<unsigned int>(static_cast<unsigned char>(c)) << 8U;
    for (int bit = 0; bit < 8; ++bit) {
      sum = (sum & 0x8000U) != 0 ? (sum << 1U ^ 0x1021U) & 0xFFFFU : sum << 1U;
    }
  }
  return static_cast<std::uint16_t>(sum);
}

TEST(RespSlot, SumsTheCheckString) {
  EXPECT_EQ(crc16("123456789"), 0x31C3);
  EXPECT_EQ(crc16(""), 0);
}

TEST(RespSlot, SumsInParts) {
  const std::string text = "a text that is longer than eight bytes";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(crc16(text.substr(cut), crc16(text.substr(0, cut))), crc16(text)) << cut;
  }
}

TEST(RespSlot, OfPrefixAndKeyIsThatOfBothTogether) {
  for (const std::string key : {"a", "{tag}a", "a{tag}", "{}a", "{a", "a}", "}{", "{a}{b}", "{{a}}",
                                "a{b", "{}", "x{}y{z}"}) {
    EXPECT_EQ(slot_of("semantrix:", key), slot_of("semantrix:" + key)) << key;
    EXPECT_EQ(slot_of("", key), slot_of(key)) << key;
  }
}

TEST(RespSlot, SumsTextsOfEveryLengthAsDefined) {
  std::string text;
  for (int size = 0; size < 600; ++size) {
    ASSERT_EQ(crc16(text), slow_crc16(text)) << size;
    text += static_cast<char>(size * 37 + 11);
  }
}

TEST(RespSlot, IsWhatAServerSays) {
  // Asked of Redis 7.0.15 by CLUSTER KEYSLOT.
  const std::vector<std::pair<std::string_view, int>> slots_of_keys = {
      {"", 0},
      {"foo", 12182},
      {"bar", 5061},
      {"{}", 15257},
      {"{}x", 10595},
      {"{user1000}.following", 3443},
      {"{user1000}.followers", 3443},
      {"foo{}{bar}", 8363},
      {"foo{{bar}}zap", 4015},
      {"foo{bar}{zap}", 5061},
      {"{a", 10276},
      {"a}b{c}d", 7365},
      {"}{", 12793},
      {"123456789", 12739},
      {"semantrix:key1", 6541},
      {"semantrix:a prompt of more than sixteen bytes", 162},
  };
  for (const auto& [key, slot] : slots_of_keys) EXPECT_EQ(slot_of(key), slot) << key;
}

TEST(RespSlot, TakesTheFirstTagThatIsNotEmpty) {
  EXPECT_EQ(hash_tag("a{b}c{d}"), "b");
  EXPECT_EQ(hash_tag("a{{b}}"), "{b");
  EXPECT_EQ(hash_tag("a{}{b}"), "a{}{b}");
  EXPECT_EQ(hash_tag("a{b"), "a{b");
  EXPECT_EQ(hash_tag("a}b{"), "a}b{");
  EXPECT_EQ(hash_tag("{\0}"s), "\0"s);
}

}  // namespace
}  // namespace semantrix::resp
