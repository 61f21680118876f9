#include <semantrix/value.hpp>

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace semantrix {
namespace {

using namespace std::string_literals;

TEST(Value, IsEmptyByDefault) {
  const Value value;
  EXPECT_TRUE(value.empty());
  EXPECT_EQ(value.size(), 0U);
  EXPECT_NE(value.data(), nullptr);
  EXPECT_EQ(value.view(), "");
  EXPECT_FALSE(value.binary());
}

TEST(Value, OfNoBytesIsTheEmptyValue) {
  EXPECT_EQ(Value(std::string_view()), Value());
  EXPECT_EQ(Value(""), Value());
  EXPECT_EQ(Value(std::string()), Value());
}

TEST(Value, KeepsArbitraryBytes) {
  const std::string bytes = "a\0\xff\n\xf5"s;
  EXPECT_EQ(Value(bytes).str(), bytes);
  EXPECT_EQ(Value(std::string_view(bytes)).view(), bytes);
}

TEST(Value, CopiesAStringThatIsNotGivenUp) {
  std::string text(100, 'x');
  const Value value(text);
  text[0] = 'y';
  EXPECT_EQ(value.view(), std::string(100, 'x'));
}

TEST(Value, AdoptsAStringThatIsGivenUp) {
  std::string text(100, 'x');
  const char* const bytes = text.data();
  const Value value(std::move(text));
  EXPECT_EQ(value.data(), bytes);
  EXPECT_EQ(value.size(), 100U);
}

TEST(Value, CopiesAShortStringThatIsGivenUp) {
  Value value;
  {
    std::string text = "short";
    value = Value(std::move(text));
  }
  EXPECT_EQ(value.view(), "short");
}

TEST(Value, SharesItsBytesWithCopies) {
  for (Value original : {Value(std::string_view("copied bytes")), Value(std::string(100, 'x'))}) {
    const std::string expected = original.str();
    const Value copy = original;
    EXPECT_EQ(copy.data(), original.data());
    original = Value("another");
    EXPECT_EQ(copy.view(), expected);
    EXPECT_EQ(original.view(), "another");
  }
}

TEST(Value, LeavesTheEmptyValueWhereItWasMovedFrom) {
  Value from("bytes");
  const Value to = std::move(from);
  EXPECT_EQ(to.view(), "bytes");
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): the state is part of the contract
  EXPECT_EQ(from.view(), "");
}

TEST(Value, SurvivesAssignmentToItself) {
  Value value("bytes");
  const Value& same = value;
  value = same;
  EXPECT_EQ(value.view(), "bytes");
}

TEST(Value, CarriesTheBinaryMarkThroughCopiesAndMoves) {
  Value value = Value("text").as_binary();
  EXPECT_TRUE(value.binary());
  const Value copy = value;
  EXPECT_TRUE(copy.binary());
  const Value moved = std::move(value);
  EXPECT_TRUE(moved.binary());
  Value assigned("other");
  assigned = moved;
  EXPECT_TRUE(assigned.binary());
  EXPECT_EQ(assigned.view(), "text");
}

TEST(Value, ComparesBytesAlone) {
  EXPECT_EQ(Value("a"), Value("a").as_binary());
  EXPECT_FALSE(Value("a") == Value("b"));
  EXPECT_FALSE(Value("a") == Value("ab"));
}

TEST(Value, WrapsPartOfABlockThatCarriesACount) {
  void* const memory = std::malloc(sizeof(detail::SharedBytes) + 6);
  ASSERT_NE(memory, nullptr);
  auto* const block = ::new (memory) detail::SharedBytes{detail::SharedBytes::one};
  char* const data = static_cast<char*>(memory) + sizeof(detail::SharedBytes);
  std::memcpy(data, "keyval", 6);
  Value outer(block, data + 3, 3, true);
  const Value copy = outer;
  outer = Value();
  EXPECT_EQ(copy.view(), "val");
  EXPECT_TRUE(copy.binary());
  EXPECT_EQ(block->references.load(), detail::SharedBytes::one);
}

TEST(Value, IsSharedBetweenThreads) {
  const Value shared(std::string(1000, 'x'));
  std::vector<std::jthread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([copy = shared] {
      for (int i = 0; i < 1000; ++i) {
        Value mine = copy;
        mine = std::move(mine).as_binary();
        ASSERT_EQ(mine.size(), 1000U);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(shared.view(), std::string(1000, 'x'));
}

}  // namespace
}  // namespace semantrix
