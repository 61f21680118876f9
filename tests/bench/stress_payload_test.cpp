#include "bench/stress/payload.hpp"

#include <gtest/gtest.h>

#include <string>

namespace semantrix::stress {
namespace {

TEST(StressPayloadTest, BelongsToItsKeyAtAnyLength) {
  Payload payload;
  for (const std::uint32_t size : {16'384U, 0U, least_value, 256U}) {
    const std::string_view value = payload.of(7, size);
    EXPECT_EQ(value.size(), std::max(size, least_value));
    EXPECT_TRUE(belongs_to(value, 7)) << size;
  }
}

TEST(StressPayloadTest, TellsAnotherKeysValue) {
  Payload payload;
  EXPECT_FALSE(belongs_to(payload.of(7, 256), 8));
  EXPECT_NE(Key(7).view(), Key(8).view());
}

TEST(StressPayloadTest, TellsACutOrMixedValue) {
  Payload payload;
  const std::string value(payload.of(7, 256));
  EXPECT_FALSE(belongs_to(value.substr(0, 255), 7));
  EXPECT_FALSE(belongs_to(value.substr(0, least_value), 7));
  EXPECT_FALSE(belongs_to("", 7));
  EXPECT_FALSE(belongs_to(value + "v", 7));
  const std::string other(payload.of(8, 256));
  EXPECT_FALSE(belongs_to(value.substr(0, 128) + other.substr(128), 7));
}

}  // namespace
}  // namespace semantrix::stress
