#include "protocol/memcache/wire_key.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::memcache {
namespace {

using namespace std::string_literals;

TEST(MemcacheWireKey, TakesWhatMayStandInALine) {
  for (const std::string& text :
       {"k"s, "semantrix:key1"s, "caf\xc3\xa9"s, "\x80\xff"s, "!~"s, std::string(250, 'k')}) {
    const auto key = WireKey::of(text);
    ASSERT_TRUE(key) << text;
    EXPECT_EQ(key->text(), text);
    EXPECT_FALSE(key->is_hashed());
  }
}

TEST(MemcacheWireKey, RefusesWhatMayNot) {
  for (const std::string& text :
       {""s, std::string(251, 'k'), std::string(8192, 'k'), "a b"s, "a\r\nflush_all"s, "a\n"s,
        " a"s, "a\0"s, "\t"s, "\x7f"s, "\x01"s, "\x1f"s, "\x0b"s}) {
    EXPECT_FALSE(WireKey::of(text)) << text;
  }
}

TEST(MemcacheWireKey, TakesEveryByteOrNot) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    EXPECT_EQ(WireKey::of(text).has_value(), byte > 0x20 && byte != 0x7f) << byte;
  }
}

TEST(MemcacheKeyPrefix, IsPutBeforeTheKey) {
  const KeyPrefix prefix = *KeyPrefix::of("semantrix:");
  EXPECT_EQ(prefix.text(), "semantrix:");
  const WireKey key = prefix.key("key1");
  EXPECT_EQ(key.text(), "semantrix:key1");
  EXPECT_FALSE(key.is_hashed());
  EXPECT_EQ(KeyPrefix().key("key1").text(), "key1");
}

TEST(MemcacheKeyPrefix, FitsToTheByte) {
  const KeyPrefix prefix = *KeyPrefix::of("semantrix:");
  EXPECT_FALSE(prefix.key(std::string(240, 'k')).is_hashed());
  EXPECT_EQ(prefix.key(std::string(240, 'k')).text().size(), 250U);
  EXPECT_TRUE(prefix.key(std::string(241, 'k')).is_hashed());
  EXPECT_FALSE(KeyPrefix().key(std::string(250, 'k')).is_hashed());
  EXPECT_TRUE(KeyPrefix().key(std::string(251, 'k')).is_hashed());
}

TEST(MemcacheKeyPrefix, PutsAHashForWhatDoesNotFit) {
  const KeyPrefix prefix = *KeyPrefix::of("semantrix:");
  // printf 'a b' | openssl dgst -sha256 -binary | base64
  const WireKey key = prefix.key("a b");
  EXPECT_TRUE(key.is_hashed());
  EXPECT_EQ(key.text(), "semantrix:#sha256:yGh6CKpdbtIEQyj6aml6uOltw0KR6MIDSujDjm/MbWU");
  std::set<std::string> seen;
  const std::vector<std::string> keys = {
      "",     "a\r\nflush_all\r\n",   "a\0b"s, std::string(8192, 'k'),
      "\x7f", std::string(8192, 'K'), " "};
  for (const std::string& each : keys) {
    const WireKey wire = prefix.key(each);
    EXPECT_TRUE(wire.is_hashed());
    EXPECT_TRUE(WireKey::of(wire.text())) << wire.text();
    EXPECT_EQ(wire.text().size(), 10U + 8 + 43);
    EXPECT_TRUE(seen.emplace(wire.text()).second);
  }
}

TEST(MemcacheKeyPrefix, KeepsPlainKeysApartFromHashes) {
  const KeyPrefix prefix = *KeyPrefix::of("p:");
  const std::string forged(prefix.key("a b").text().substr(2));
  EXPECT_NE(prefix.key(forged).text(), prefix.key("a b").text());
  EXPECT_TRUE(prefix.key(forged).is_hashed());
  EXPECT_TRUE(prefix.key("#sha256:").is_hashed());
  EXPECT_FALSE(prefix.key("#sha").is_hashed());
}

TEST(MemcacheKeyPrefix, IsTakenOffAgain) {
  const KeyPrefix prefix = *KeyPrefix::of("p:");
  EXPECT_EQ(prefix.strip("p:key"), "key");
  EXPECT_EQ(prefix.strip("p:"), "");
  EXPECT_EQ(prefix.strip("q:key"), std::nullopt);
  EXPECT_EQ(prefix.strip("p"), std::nullopt);
  EXPECT_TRUE(is_hash(*prefix.strip(prefix.key("a b").text())));
  EXPECT_FALSE(is_hash(*prefix.strip(prefix.key("ab").text())));
  EXPECT_EQ(KeyPrefix().strip("key"), "key");
}

TEST(MemcacheKeyPrefix, PutsChunksWhereNoKeyIs) {
  const KeyPrefix prefix = *KeyPrefix::of("p:");
  const WireKey head = prefix.key("a b");
  const WireKey chunk = prefix.chunk("a b", 7);
  EXPECT_EQ(chunk.text(), std::string(head.text()) + ".7");
  EXPECT_TRUE(is_chunk(*prefix.strip(chunk.text())));
  EXPECT_FALSE(is_chunk(*prefix.strip(head.text())));
  EXPECT_FALSE(is_chunk(*prefix.strip(prefix.key("ab").text())));
  // A key that looks like a chunk lies elsewhere.
  EXPECT_NE(prefix.key(*prefix.strip(chunk.text())).text(), chunk.text());
}

TEST(MemcacheKeyPrefix, IsRefusedIfNoKeyCouldHaveIt) {
  for (const std::string& text : {"a b"s, "a\r\n"s, "\x7f"s, "\0"s, std::string(194, 'p')}) {
    const auto prefix = KeyPrefix::of(text);
    ASSERT_TRUE(prefix.has_error()) << text;
    EXPECT_EQ(prefix.error().code(), ErrorCode::invalid_argument);
  }
  const KeyPrefix longest = *KeyPrefix::of(std::string(193, 'p'));
  EXPECT_EQ(longest.key("a b").text().size(), 244U);
  EXPECT_EQ(longest.chunk("a b", 99'999).text().size(), 250U);
  EXPECT_FALSE(longest.key(std::string(57, 'k')).is_hashed());
  EXPECT_TRUE(KeyPrefix::of("").has_value());
}

}  // namespace
}  // namespace semantrix::memcache
