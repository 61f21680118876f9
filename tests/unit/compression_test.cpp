#include "base/compression.hpp"

#include <gtest/gtest.h>
#include <zstd.h>

#include <random>
#include <string>
#include <thread>
#include <vector>

namespace semantrix {
namespace {

constexpr std::size_t no_limit = static_cast<std::size_t>(-1);

std::string prose(std::size_t size, std::size_t variant = 0) {
  std::string text;
  while (text.size() < size) {
    text += "Answer " + std::to_string(variant++) + ": the cache keeps what was asked before. ";
  }
  return text.substr(0, size);
}

std::string noise(std::size_t size) {
  std::mt19937_64 random(42);
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

void expect_corrupt(std::string_view frame, const Dictionary* dictionary = nullptr,
                    std::size_t limit = no_limit) {
  const Result<Value> value = decompress(frame, dictionary, limit);
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code(), ErrorCode::corrupt);
}

std::shared_ptr<const Dictionary> trained_dictionary() {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 500; ++i) texts.push_back(prose(300, i * 7));
  const std::vector<std::string_view> samples(texts.begin(), texts.end());
  return train_dictionary(samples, 4096).value();
}

TEST(Compress, ComesBackWhole) {
  for (const std::size_t size : {200UL, 1024UL, 100'000UL, 5'000'000UL}) {
    const std::string text = prose(size);
    const auto frame = compress_if_worth(text);
    ASSERT_TRUE(frame) << size;
    EXPECT_LE(frame->size(), size - size / 8) << size;
    EXPECT_EQ(decompress(*frame, nullptr, size).value().view(), text) << size;
  }
}

TEST(Compress, KeepsWhatDoesNotShrinkAsItIs) {
  EXPECT_FALSE(compress_if_worth(""));
  EXPECT_FALSE(compress_if_worth("a"));
  EXPECT_FALSE(compress_if_worth("short text"));
  EXPECT_FALSE(compress_if_worth(noise(100'000)));
}

TEST(Compress, AsksForAnEighth) {
  // Noise does not shrink and zeros vanish: what follows the noise decides.
  const std::string start = noise(8'000);
  const std::string much = start + std::string(1'200, '\0');    // 13 % of the whole
  const std::string little = start + std::string(1'100, '\0');  // 12.1 % of it
  EXPECT_TRUE(compress_if_worth(much));
  EXPECT_FALSE(compress_if_worth(little));
}

TEST(Compress, WorksInEveryThread) {
  const std::string text = prose(10'000);
  std::vector<std::jthread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        const auto frame = compress_if_worth(text);
        ASSERT_TRUE(frame);
        ASSERT_EQ(decompress(*frame, nullptr, no_limit).value().view(), text);
      }
    });
  }
}

TEST(Decompress, RefusesWhatIsNoFrame) {
  expect_corrupt("");
  expect_corrupt("plain text that is no frame");
  expect_corrupt(noise(1000));
}

TEST(Decompress, RefusesEveryCut) {
  const std::string frame = compress_if_worth(prose(1024)).value();
  for (std::size_t size = 0; size < frame.size(); ++size) expect_corrupt(frame.substr(0, size));
}

TEST(Decompress, RefusesWhatFollowsTheFrame) {
  const std::string frame = compress_if_worth(prose(1024)).value();
  expect_corrupt(frame + "x");
  expect_corrupt(frame + frame);
}

TEST(Decompress, NeverAllocatesBeyondTheLimit) {
  const std::string frame = compress_if_worth(prose(1024)).value();
  expect_corrupt(frame, nullptr, 1023);
  EXPECT_TRUE(decompress(frame, nullptr, 1024));
  // A frame of a few bytes that announces 2^62 bytes.
  expect_corrupt(std::string_view("\x28\xB5\x2F\xFD\xE0\0\0\0\0\0\0\0\x40\x01\0\0", 16), nullptr,
                 std::size_t{1} << 40U);
}

TEST(Decompress, RefusesFramesThatDoNotAnnounceTheirSize) {
  const std::string text = prose(1024);
  std::string frame(ZSTD_compressBound(text.size()), '\0');
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  frame.resize(ZSTD_compress2(context, frame.data(), frame.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  expect_corrupt(frame);
}

TEST(Decompress, RefusesASkippableFrame) {
  expect_corrupt(std::string_view("\x50\x2A\x4D\x18\x04\0\0\0abcd", 12));
}

TEST(Dictionary, HelpsShortValues) {
  const auto dictionary = trained_dictionary();
  EXPECT_NE(dictionary->id(), 0U);
  EXPECT_LE(dictionary->bytes().size(), 4096U);
  EXPECT_GT(dictionary->memory_bytes(), dictionary->bytes().size());
  const std::string text = prose(120, 3'000);
  const auto with = compress_if_worth(text, dictionary.get());
  const auto without = compress_if_worth(text);
  ASSERT_TRUE(with);
  EXPECT_LT(with->size(), without ? without->size() : text.size());
  EXPECT_EQ(decompress(*with, dictionary.get(), text.size()).value().view(), text);
}

TEST(Dictionary, ReadsFramesMadeWithoutIt) {
  const auto dictionary = trained_dictionary();
  const std::string frame = compress_if_worth(prose(1024)).value();
  EXPECT_EQ(decompress(frame, dictionary.get(), 1024).value().view(), prose(1024));
}

TEST(Dictionary, IsNeededForItsFrames) {
  const auto dictionary = trained_dictionary();
  const std::string frame = compress_if_worth(prose(120, 3'000), dictionary.get()).value();
  expect_corrupt(frame);
}

TEST(Dictionary, LoadsFromItsBytes) {
  const auto dictionary = trained_dictionary();
  const auto loaded = Dictionary::load(dictionary->bytes()).value();
  EXPECT_EQ(loaded->id(), dictionary->id());
  const std::string text = prose(120, 3'000);
  const std::string frame = compress_if_worth(text, dictionary.get()).value();
  EXPECT_EQ(decompress(frame, loaded.get(), 1024).value().view(), text);
}

TEST(Dictionary, DoesNotLoadFromOtherBytes) {
  for (const std::string& bytes : {std::string(), std::string("text"), noise(4096)}) {
    const auto loaded = Dictionary::load(bytes);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code(), ErrorCode::corrupt);
  }
  EXPECT_FALSE(Dictionary::load(trained_dictionary()->bytes().substr(0, 20)));
}

TEST(TrainDictionary, SaysWhyItCannot) {
  const auto refused = [](std::span<const std::string_view> samples, std::size_t size) {
    const auto dictionary = train_dictionary(samples, size);
    ASSERT_FALSE(dictionary);
    EXPECT_EQ(dictionary.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(dictionary.error().message().rfind("no dictionary of ", 0), 0U);
  };
  refused({}, 4096);
  const std::vector<std::string_view> one{"one sample"};
  refused(one, 4096);
  const std::vector<std::string_view> empty(100, std::string_view());
  refused(empty, 4096);
  const std::string text = prose(300);
  const std::vector<std::string_view> many(100, text);
  refused(many, 0);
  refused(many, 100);
}

}  // namespace
}  // namespace semantrix
