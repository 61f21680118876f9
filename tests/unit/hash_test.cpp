#include "base/hash.hpp"

#include "base/utf8.hpp"
#include <semantrix/clock.hpp>
#include <semantrix/version.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace semantrix {
namespace {

TEST(HashKey, IsSeeded) {
  EXPECT_NE(detail::hash_seed.value, 0U);
  EXPECT_NE(hash_key("key1"), XXH3_64bits("key1", 4));
}

TEST(HashKey, TellsKeysOfEveryLengthApart) {
  std::set<std::uint64_t> hashes;
  std::string key;
  for (int length = 0; length < 2000; ++length, key += 'k') hashes.insert(hash_key(key));
  EXPECT_EQ(hashes.size(), 2000U);
  EXPECT_EQ(hash_key("same"), hash_key(std::string("same")));
}

// Hashes made before main must find their keys afterwards.
const std::uint64_t early_hash = hash_key("early");

TEST(HashKey, IsTheSameBeforeMain) { EXPECT_EQ(hash_key("early"), early_hash); }

TEST(KeyDigest, IsTheSameInEveryProcess) {
  EXPECT_EQ(key_digest(""), 0xEF46DB3751D8E999U);  // XXH64's published value for no bytes
  EXPECT_EQ(key_digest("key1"), XXH64("key1", 4, 0));
  EXPECT_NE(key_digest("key1"), key_digest("key2"));
}

TEST(Checksum, IsUnseeded) { EXPECT_EQ(checksum(""), 0x2D06800538D394C2U); }

TEST(Utf8, AcceptsEveryLength) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("plain ascii, longer than eight bytes"));
  EXPECT_TRUE(is_utf8("gr\xC3\xBC\xC3\x9F"));
  EXPECT_TRUE(is_utf8("\xE2\x82\xAC"));
  EXPECT_TRUE(is_utf8("\xF0\x9F\x98\x80"));
  EXPECT_TRUE(is_utf8(std::string_view("\0", 1)));
  EXPECT_TRUE(is_utf8("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"));
}

TEST(Utf8, RefusesWhatIsMalformed) {
  const std::vector<std::string_view> malformed{
      "\x80",              // continuation first
      "\xC3",              // cut
      "\xE2\x82",          // cut
      "\xF0\x9F\x98",      // cut
      "\xC3(",             // wrong second
      "\xE2\x82(",         // wrong third
      "\xF0\x9F\x98(",     // wrong fourth
      "\xC0\x80",          // overlong
      "\xC1\xBF",          // overlong
      "\xE0\x9F\xBF",      // overlong
      "\xF0\x8F\xBF\xBF",  // overlong
      "\xED\xA0\x80",      // surrogate
      "\xF4\x90\x80\x80",  // beyond U+10FFFF
      "\xF5SMX",           // a record's magic
      "\xFF",
  };
  for (const std::string_view bytes : malformed) {
    EXPECT_FALSE(is_utf8(bytes));
    EXPECT_FALSE(is_utf8("sixteen bytes of" + std::string(bytes)));
    EXPECT_FALSE(is_utf8(std::string(bytes) + " and text"));
  }
}

TEST(Version, IsTheProjects) {
  EXPECT_EQ(std::count(version().begin(), version().end(), '.'), 2);
  EXPECT_NE(version().front(), '.');
}

TEST(SystemClock, GivesBothTimes) {
  const auto& clock = system_clock();
  ASSERT_NE(clock, nullptr);
  EXPECT_EQ(clock, system_clock());
  const auto before = clock->steady_now();
  EXPECT_GE(clock->steady_now(), before);
  EXPECT_GT(clock->wall_now(), std::chrono::years(50));
}

}  // namespace
}  // namespace semantrix
