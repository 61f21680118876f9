#include "memory/value_codec.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace semantrix::memory {
namespace {

std::string prose(int variant, std::size_t size = 500) {
  std::string text;
  for (int word = 0; text.size() < size; ++word) {
    text += "Question " + std::to_string(variant * 31 + word) + " was asked and answered before. ";
  }
  return text.substr(0, size);
}

std::string noise(std::size_t size) {
  std::mt19937 random(4);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

TEST(ValueCodec, LeavesValuesAloneWithoutAThreshold) {
  ValueCodec codec(std::nullopt, 0);
  EXPECT_FALSE(codec.encode(prose(1, 100'000)));
}

TEST(ValueCodec, CompressesFromTheThresholdOn) {
  ValueCodec codec(500, 0);
  EXPECT_FALSE(codec.encode(prose(1, 499)));
  const auto frame = codec.encode(prose(1, 500));
  ASSERT_TRUE(frame);
  EXPECT_EQ(codec.decode(*frame)->view(), prose(1, 500));
  EXPECT_EQ(codec.raw_bytes(), 500U);
  EXPECT_EQ(codec.stored_bytes(), frame->size());
}

TEST(ValueCodec, KeepsWhatDoesNotShrink) {
  ValueCodec codec(1, 0);
  EXPECT_FALSE(codec.encode(noise(10'000)));
  EXPECT_FALSE(codec.encode(""));
  EXPECT_EQ(codec.raw_bytes(), 0U);
}

TEST(ValueCodec, SaysWhatCannotBeRead) {
  const ValueCodec codec(1, 0);
  const auto value = codec.decode("no frame");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code(), ErrorCode::corrupt);
}

TEST(ValueCodec, TrainsADictionaryOnce) {
  ValueCodec codec(100, 1024);
  EXPECT_EQ(codec.dictionary(), nullptr);
  std::vector<std::pair<std::string, std::string>> pairs;
  for (int i = 0; i < 400; ++i) {
    const auto frame = codec.encode(prose(i));
    if (frame) pairs.emplace_back(prose(i), *frame);
  }
  const Dictionary* const dictionary = codec.dictionary();
  ASSERT_NE(dictionary, nullptr);
  const std::size_t before = pairs.front().second.size();
  EXPECT_LT(codec.encode(prose(0))->size(), before);
  for (int i = 400; i < 900; ++i) pairs.emplace_back(prose(i), codec.encode(prose(i)).value());
  EXPECT_EQ(codec.dictionary(), dictionary);
  // Those from before the dictionary, too.
  for (const auto& [value, frame] : pairs) ASSERT_EQ(codec.decode(frame)->view(), value);
}

TEST(ValueCodec, AdoptsADictionaryIfItHasNone) {
  ValueCodec trained(100, 1024);
  for (int i = 0; i < 400; ++i) static_cast<void>(trained.encode(prose(i)));
  ASSERT_NE(trained.dictionary(), nullptr);
  const std::shared_ptr<const Dictionary> one = *Dictionary::load(trained.dictionary()->bytes());
  ValueCodec codec(std::nullopt, 0);
  EXPECT_TRUE(codec.adopt(one));
  EXPECT_TRUE(codec.adopt(one));
  EXPECT_EQ(codec.dictionary(), one.get());
  EXPECT_EQ(codec.decode(trained.encode(prose(7)).value())->view(), prose(7));

  ValueCodec different(100, 1024);
  for (int i = 5000; i < 5400; ++i) static_cast<void>(different.encode(prose(i * 17)));
  ASSERT_NE(different.dictionary(), nullptr);
  const Dictionary* const own = different.dictionary();
  EXPECT_FALSE(different.adopt(one));
  EXPECT_EQ(different.dictionary(), own);
}

TEST(ValueCodec, TrainsUnderManyThreads) {
  ValueCodec codec(100, 1024);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int number = 0; number < 4; ++number) {
    threads.emplace_back([&codec, number] {
      for (int i = 0; i < 200; ++i) {
        const std::string value = prose(i * 4 + number);
        const auto frame = codec.encode(value);
        if (frame) {
          EXPECT_EQ(codec.decode(*frame)->view(), value);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_NE(codec.dictionary(), nullptr);
}

}  // namespace
}  // namespace semantrix::memory
