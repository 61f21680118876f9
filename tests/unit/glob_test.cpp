#include "base/glob.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace semantrix {
namespace {

using namespace std::string_literals;

bool matches(std::string_view pattern, std::string_view text) {
  return Glob(pattern).matches(text);
}

TEST(Glob, WithoutMarksMatchesItselfAlone) {
  EXPECT_TRUE(matches("", ""));
  EXPECT_FALSE(matches("", "a"));
  EXPECT_TRUE(matches("key1", "key1"));
  EXPECT_FALSE(matches("key1", "key"));
  EXPECT_FALSE(matches("key1", "key12"));
  EXPECT_FALSE(matches("key1", "Key1"));
}

TEST(Glob, StarMatchesAnyBytes) {
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("*", "any/thing\n"));
  EXPECT_TRUE(matches("user:*", "user:"));
  EXPECT_TRUE(matches("user:*", "user:42"));
  EXPECT_FALSE(matches("user:*", "use"));
  EXPECT_TRUE(matches("*:end", ":end:end"));
  EXPECT_TRUE(matches("a*b*c", "aXbYbZc"));
  EXPECT_FALSE(matches("a*b*c", "acb"));
  EXPECT_TRUE(matches("a***b", "ab"));
  EXPECT_TRUE(matches("*ab", "aab"));
  EXPECT_TRUE(matches("*aab*", "aaaab"));
}

TEST(Glob, QuestionMarkMatchesOneByte) {
  EXPECT_TRUE(matches("?", "a"));
  EXPECT_FALSE(matches("?", ""));
  EXPECT_FALSE(matches("?", "ab"));
  EXPECT_TRUE(matches("k?y", "k\0y"s));
  EXPECT_TRUE(matches("*?", "a"));
  EXPECT_FALSE(matches("*?", ""));
}

TEST(Glob, SetMatchesOneOfItsBytes) {
  EXPECT_TRUE(matches("[abc]", "b"));
  EXPECT_FALSE(matches("[abc]", "d"));
  EXPECT_FALSE(matches("[abc]", ""));
  EXPECT_TRUE(matches("key[0-9]", "key5"));
  EXPECT_FALSE(matches("key[0-9]", "keyx"));
  EXPECT_TRUE(matches("[a-cx-z]", "y"));
  EXPECT_TRUE(matches("[z-a]", "m"));
  EXPECT_TRUE(matches("[a-]", "-"));
  EXPECT_TRUE(matches("[-a]", "-"));
  EXPECT_TRUE(matches("[a*]b", "*b"));
  EXPECT_FALSE(matches("[*]", "x"));
  EXPECT_TRUE(matches("[\x80-\xff]", "\xc3"));
  EXPECT_TRUE(matches("["s + '\0' + "-\xff]", "q"));
}

TEST(Glob, NegatedSetMatchesAllOtherBytes) {
  for (const std::string_view pattern : {"[!a-c]", "[^a-c]"}) {
    EXPECT_TRUE(matches(pattern, "d")) << pattern;
    EXPECT_TRUE(matches(pattern, "!")) << pattern;
    EXPECT_FALSE(matches(pattern, "b")) << pattern;
    EXPECT_FALSE(matches(pattern, "")) << pattern;
  }
  EXPECT_TRUE(matches("[a!]", "!"));
  EXPECT_TRUE(matches("[a^]", "^"));
}

TEST(Glob, BracketRightAtTheBeginningBelongsToTheSet) {
  EXPECT_TRUE(matches("[]]", "]"));
  EXPECT_TRUE(matches("[]a]", "a"));
  EXPECT_TRUE(matches("[!]]", "a"));
  EXPECT_FALSE(matches("[!]]", "]"));
}

TEST(Glob, BackslashTakesTheMeaningFromAMark) {
  EXPECT_TRUE(matches("\\*", "*"));
  EXPECT_FALSE(matches("\\*", "a"));
  EXPECT_TRUE(matches("a\\?b", "a?b"));
  EXPECT_TRUE(matches("\\[a]", "[a]"));
  EXPECT_TRUE(matches("\\\\", "\\"));
  EXPECT_TRUE(matches("[\\]]", "]"));
  EXPECT_TRUE(matches("[\\-z]", "-"));
  EXPECT_FALSE(matches("[a\\-z]", "m"));
  EXPECT_TRUE(matches("\\k", "k"));
}

TEST(Glob, MalformedMarksStandForThemselves) {
  EXPECT_TRUE(matches("[", "["));
  EXPECT_TRUE(matches("[abc", "[abc"));
  EXPECT_TRUE(matches("[!", "[!"));
  EXPECT_TRUE(matches("[]", "[]"));
  EXPECT_TRUE(matches("[a-", "[a-"));
  EXPECT_TRUE(matches("a[[b]", "a["));
  EXPECT_TRUE(matches("[*", "[anything"));
  EXPECT_TRUE(matches("abc\\", "abc\\"));
  EXPECT_TRUE(matches("[abc\\", "[abc\\"));
  EXPECT_TRUE(matches("[\\]", "[]"));
  EXPECT_TRUE(matches("]", "]"));
}

TEST(Glob, AgreesWithTheDefinitionOnAllShortTexts) {
  // The definition by recursion: exponential, but plainly right.
  const auto defined = [](auto self, std::string_view pattern, std::string_view text) -> bool {
    if (pattern.empty()) return text.empty();
    if (pattern[0] == '*') {
      return self(self, pattern.substr(1), text) ||
             (!text.empty() && self(self, pattern, text.substr(1)));
    }
    return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) &&
           self(self, pattern.substr(1), text.substr(1));
  };
  std::vector<std::string> patterns{""};
  for (std::size_t i = 0; patterns[i].size() < 5; ++i) {
    for (const char c : {'a', 'b', '*', '?'}) patterns.push_back(patterns[i] + c);
  }
  std::vector<std::string> texts{""};
  for (std::size_t i = 0; texts[i].size() < 5; ++i) {
    for (const char c : {'a', 'b'}) texts.push_back(texts[i] + c);
  }
  for (const std::string& pattern : patterns) {
    const Glob glob(pattern);
    for (const std::string& text : texts) {
      ASSERT_EQ(glob.matches(text), defined(defined, pattern, text)) << pattern << " on " << text;
    }
  }
}

TEST(Glob, EndsOnPatternsThatBackTrackingMatchersChokeOn) {
  std::string pattern;
  for (int i = 0; i < 50; ++i) pattern += "a*";
  EXPECT_FALSE(matches(pattern + "b", std::string(10'000, 'a')));
  EXPECT_TRUE(matches(pattern, std::string(10'000, 'a')));
  EXPECT_FALSE(matches(std::string(100'000, '['), "["));
  std::string unclosed;
  for (int i = 0; i < 50'000; ++i) unclosed += "[\\]";
  EXPECT_FALSE(matches(unclosed, "x"));
}

TEST(Glob, KnowsWhetherItMatchesAll) {
  EXPECT_TRUE(Glob("*").matches_all());
  EXPECT_TRUE(Glob("***").matches_all());
  EXPECT_FALSE(Glob("").matches_all());
  EXPECT_FALSE(Glob("*a").matches_all());
  EXPECT_FALSE(Glob("?").matches_all());
}

TEST(Glob, KnowsWhatEveryMatchBeginsWith) {
  EXPECT_EQ(Glob("user:*").literal_prefix(), "user:");
  EXPECT_EQ(Glob("user\\*:[ab]c").literal_prefix(), "user*:");
  EXPECT_EQ(Glob("*user").literal_prefix(), "");
  EXPECT_EQ(Glob("whole").literal_prefix(), "whole");
}

}  // namespace
}  // namespace semantrix
