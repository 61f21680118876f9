#include "net/output_buffer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace semantrix::net {
namespace {

std::string large(char letter) { return std::string(OutputBuffer::reference_threshold, letter); }

/// What a write of everything would send.
std::string bytes_of(const OutputBuffer& output) {
  std::array<boost::asio::const_buffer, 64> pieces;
  std::string bytes;
  const std::size_t count = output.gather(pieces);
  for (std::size_t i = 0; i != count; ++i) {
    bytes.append(static_cast<const char*>(pieces[i].data()), pieces[i].size());
  }
  return bytes;
}

TEST(OutputBuffers, begin_empty) {
  const OutputBuffer output;
  EXPECT_TRUE(output.empty());
  EXPECT_EQ(bytes_of(output), "");
}

TEST(OutputBuffers, copy_small_values_and_refer_to_large_ones) {
  OutputBuffer output;
  const Value big(large('b'));
  output.text().append("head ");
  output.append(Value("small"));
  output.append(big);
  output.text().append(" tail");
  EXPECT_EQ(bytes_of(output), "head small" + large('b') + " tail");
  EXPECT_EQ(output.size(), big.size() + 15);
  std::array<boost::asio::const_buffer, 3> pieces;
  ASSERT_EQ(output.gather(pieces), 3U);
  EXPECT_EQ(pieces[1].data(), big.data());
}

TEST(OutputBuffers, hold_a_value_until_it_is_written) {
  OutputBuffer output;
  output.append(Value(large('a')));
  EXPECT_EQ(bytes_of(output), large('a'));
}

TEST(OutputBuffers, gather_no_more_pieces_than_there_is_room_for) {
  OutputBuffer output;
  for (char letter = 'a'; letter != 'f'; ++letter) output.append(Value(large(letter)));
  std::array<boost::asio::const_buffer, 2> pieces;
  ASSERT_EQ(output.gather(pieces), 2U);
  EXPECT_EQ(*static_cast<const char*>(pieces[1].data()), 'b');
}

TEST(OutputBuffers, forget_what_was_written_whatever_the_pieces) {
  std::minstd_rand random(1);
  for (int round = 0; round != 50; ++round) {
    OutputBuffer output;
    std::string expected;
    for (int i = 0; i != 8; ++i) {
      const std::string text(random() % 40, static_cast<char>('a' + i));
      output.text().append(text);
      expected += text;
      if (random() % 2 == 0) {
        output.append(Value(large(static_cast<char>('A' + i))));
        expected += large(static_cast<char>('A' + i));
      }
    }
    while (!output.empty()) {
      ASSERT_EQ(bytes_of(output), expected);
      const std::size_t written = 1 + random() % std::min<std::size_t>(output.size(), 20'000);
      output.consume(written);
      expected.erase(0, written);
      ASSERT_EQ(output.size(), expected.size());
    }
    EXPECT_EQ(expected, "");
  }
}

TEST(OutputBuffers, can_be_used_again_when_empty) {
  OutputBuffer output;
  output.text().append("one");
  output.append(Value(large('x')));
  output.consume(output.size());
  output.text().append("two");
  EXPECT_EQ(bytes_of(output), "two");
  output.clear();
  EXPECT_TRUE(output.empty());
}

}  // namespace
}  // namespace semantrix::net
