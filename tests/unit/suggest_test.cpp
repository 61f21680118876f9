#include "base/suggest.hpp"

#include "base/quote.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace semantrix {
namespace {

constexpr std::array<std::string_view, 6> names{"max_size",    "max_bytes", "eviction_policy",
                                                "default_ttl", "snapshot",  "shards"};

TEST(Suggest, FindsWhatWasMistyped) {
  EXPECT_EQ(suggest("max_sise", names), "max_size");
  EXPECT_EQ(suggest("max_siez", names), "max_size");
  EXPECT_EQ(suggest("maxsize", names), "max_size");
  EXPECT_EQ(suggest("max_byte", names), "max_bytes");
  EXPECT_EQ(suggest("shard", names), "shards");
  EXPECT_EQ(suggest("evicton_polcy", names), "eviction_policy");
}

TEST(Suggest, DoesNotMindCaseOrDashes) {
  EXPECT_EQ(suggest("MAX_SIZE", names), "max_size");
  EXPECT_EQ(suggest("max-size", names), "max_size");
  EXPECT_EQ(suggest("Eviction-Policy", names), "eviction_policy");
}

TEST(Suggest, FindsAPartOfAName) {
  EXPECT_EQ(suggest("ttl", names), "default_ttl");
  EXPECT_EQ(suggest("policy", names), "eviction_policy");
  EXPECT_EQ(suggest("the_snapshot_file", names), "snapshot");
}

TEST(Suggest, PrefersTheNearest) {
  constexpr std::array<std::string_view, 3> near{"abcdefgh", "abcdefgx", "abcdef"};
  EXPECT_EQ(suggest("abcdefx", near), "abcdefgx");
}

TEST(Suggest, FindsNothingForWhatIsFarFromAll) {
  EXPECT_EQ(suggest("colour", names), std::nullopt);
  EXPECT_EQ(suggest("", names), std::nullopt);
  EXPECT_EQ(suggest("x", names), std::nullopt);
  EXPECT_EQ(suggest(std::string(1'000'000, 'm'), names), std::nullopt);
  EXPECT_EQ(suggest("max_size", {}), std::nullopt);
}

TEST(UnknownName, AsksForTheNearestName) {
  EXPECT_EQ(unknown_name("option", "max_sise", names),
            "unknown option 'max_sise'; did you mean 'max_size'?");
}

TEST(UnknownName, ListsAllWhenNoneIsNear) {
  constexpr std::array<std::string_view, 3> few{"lru", "lfu", "fifo"};
  EXPECT_EQ(unknown_name("eviction policy", "random", few),
            "unknown eviction policy 'random'; known: lru, lfu and fifo");
  EXPECT_EQ(unknown_name("option", "any", {}), "unknown option 'any'");
}

TEST(Quote, KeepsMessagesOnOneShortLine) {
  EXPECT_EQ(quote(""), "''");
  EXPECT_EQ(quote("plain"), "'plain'");
  EXPECT_EQ(quote(std::string_view("\n\0\x7f\xff", 4)), "'\\x0a\\x00\\x7f\\xff'");
  EXPECT_EQ(quote(std::string(80, 'x')), "'" + std::string(80, 'x') + "'");
  EXPECT_EQ(quote(std::string(81, 'x')), "'" + std::string(80, 'x') + "...'");
}

TEST(Enumerate, ReadsLikeASentence) {
  EXPECT_EQ(enumerate(std::vector<std::string>{}), "");
  EXPECT_EQ(enumerate(std::vector<std::string>{"a"}), "a");
  EXPECT_EQ(enumerate(std::vector<std::string>{"a", "b"}), "a and b");
  EXPECT_EQ(enumerate(std::vector<std::string>{"a", "b", "c"}), "a, b and c");
}

}  // namespace
}  // namespace semantrix
