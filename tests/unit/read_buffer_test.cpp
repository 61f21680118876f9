#include "net/read_buffer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <random>
#include <string>
#include <string_view>

namespace semantrix::net {
namespace {

void arrive(ReadBuffer& buffer, std::string_view bytes, std::size_t wanted = 1) {
  while (!bytes.empty()) {
    const auto room = buffer.prepare(wanted);
    ASSERT_GT(room.size(), 0U);
    const std::size_t now = std::min(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), now);
    buffer.commit(now);
    bytes.remove_prefix(now);
  }
}

TEST(ReadBuffers, begin_empty) { EXPECT_EQ(ReadBuffer().unread(), ""); }

TEST(ReadBuffers, keep_what_is_not_consumed) {
  ReadBuffer buffer;
  arrive(buffer, "one two");
  buffer.consume(4);
  EXPECT_EQ(buffer.unread(), "two");
  arrive(buffer, " three");
  EXPECT_EQ(buffer.unread(), "two three");
}

TEST(ReadBuffers, have_room_for_what_is_wanted) {
  ReadBuffer buffer;
  arrive(buffer, "head");
  const std::size_t wanted = ReadBuffer::ordinary_capacity * 3;
  EXPECT_GE(buffer.prepare(wanted).size() + 4, wanted);
  EXPECT_EQ(buffer.unread(), "head");
}

TEST(ReadBuffers, copy_small_parts) {
  ReadBuffer buffer;
  arrive(buffer, "value");
  const Value value = buffer.share(buffer.unread());
  EXPECT_NE(value.data(), buffer.unread().data());
  EXPECT_EQ(value.view(), "value");
}

TEST(ReadBuffers, share_a_large_part_and_never_write_over_it) {
  ReadBuffer buffer;
  const std::string bytes(ReadBuffer::ordinary_capacity * 4, 'v');
  arrive(buffer, bytes, bytes.size());
  const Value value = buffer.share(buffer.unread());
  EXPECT_EQ(value.data(), buffer.unread().data());
  buffer.consume(bytes.size());
  arrive(buffer, std::string(bytes.size(), 'w'), bytes.size());
  EXPECT_EQ(value.view(), bytes);
}

TEST(ReadBuffers, let_a_shared_part_outlive_them) {
  Value value;
  const std::string bytes(ReadBuffer::ordinary_capacity * 2, 'v');
  {
    ReadBuffer buffer;
    arrive(buffer, bytes, bytes.size());
    value = buffer.share(buffer.unread());
  }
  EXPECT_EQ(value.view(), bytes);
}

/// Bytes that the buffer moves while an answer arrives that is so many values of one size, of which
/// only one more is ever known to come.
std::size_t moved_by(std::size_t values, std::size_t bytes_each) {
  const std::string piece(ReadBuffer::ordinary_capacity / 4, 'v');
  ReadBuffer buffer;
  std::size_t moved = 0;
  for (std::size_t known = bytes_each; known <= values * bytes_each; known += bytes_each) {
    while (buffer.unread().size() < known) {
      const char* const before = buffer.unread().data();
      const auto room = buffer.prepare(known);
      if (buffer.unread().data() != before) moved += buffer.unread().size();
      const std::size_t now = std::min({room.size(), piece.size(), known - buffer.unread().size()});
      std::memcpy(room.data(), piece.data(), now);
      buffer.commit(now);
    }
  }
  return moved;
}

TEST(ReadBuffers, move_an_answer_of_many_values_a_few_times_only) {
  for (const std::size_t bytes_each : {1'000U, 70'000U, 256'000U}) {
    const std::size_t values = 32'000'000 / bytes_each;
    EXPECT_LE(moved_by(values, bytes_each), 3 * values * bytes_each) << bytes_each;
  }
}

TEST(ReadBuffers, fit_a_lone_value_exactly) {
  ReadBuffer buffer;
  const std::size_t size = ReadBuffer::ordinary_capacity * 5 / 4;
  arrive(buffer, std::string(ReadBuffer::ordinary_capacity, 'v'));
  EXPECT_EQ(buffer.prepare(size).size(), size - ReadBuffer::ordinary_capacity);
}

TEST(ReadBuffers, let_go_of_what_a_huge_answer_needed) {
  const std::size_t huge = ReadBuffer::ordinary_capacity * 100;
  for (const std::size_t next : {std::size_t{1}, ReadBuffer::ordinary_capacity * 2}) {
    ReadBuffer buffer;
    arrive(buffer, std::string(huge, 'v'), huge);
    buffer.consume(huge);
    EXPECT_EQ(buffer.prepare(next).size(), std::max(next, ReadBuffer::ordinary_capacity));
  }
}

TEST(ReadBuffers, are_a_faithful_queue) {
  std::minstd_rand random(7);
  ReadBuffer buffer;
  std::string expected;
  for (int round = 0; round != 2'000; ++round) {
    const std::string bytes(random() % 5'000, static_cast<char>('a' + round % 26));
    arrive(buffer, bytes, expected.size() + random() % 100'000);
    expected += bytes;
    const std::size_t read = random() % (expected.size() + 1);
    buffer.consume(read);
    expected.erase(0, read);
    ASSERT_EQ(buffer.unread(), expected);
  }
}

}  // namespace
}  // namespace semantrix::net
