#include "base/duration.hpp"

#include "base/size.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace semantrix {
namespace {

using std::chrono::milliseconds;

TEST(ParseDuration, ReadsEveryUnit) {
  const auto reads = [](std::string_view text, milliseconds expected) {
    const auto parsed = parse_duration(text);
    ASSERT_TRUE(parsed) << text << ": " << parsed.error().message();
    EXPECT_EQ(*parsed, expected) << text;
  };
  reads("90", milliseconds(90'000));
  reads("250ms", milliseconds(250));
  reads("5s", milliseconds(5'000));
  reads("3m", milliseconds(180'000));
  reads("1.5h", milliseconds(5'400'000));
  reads("2d", milliseconds(172'800'000));
  reads("0.5", milliseconds(500));
  reads(".5s", milliseconds(500));
  reads("1ms", milliseconds(1));
  reads("0.0006", milliseconds(1));
  reads("007", milliseconds(7'000));
}

TEST(ParseDuration, ReachesExactlyAThousandYears) {
  const auto longest = parse_duration(std::to_string(longest_duration.count()) + "ms");
  ASSERT_TRUE(longest);
  EXPECT_EQ(*longest, longest_duration);
  const auto longer = parse_duration(std::to_string(longest_duration.count() + 1) + "ms");
  ASSERT_FALSE(longer);
  EXPECT_NE(longer.error().message().find("1,000 years"), std::string::npos);
}

TEST(ParseDuration, SaysWhatIsWrongInOneSentence) {
  const auto says = [](std::string_view text, std::string_view expected) {
    const auto parsed = parse_duration(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(parsed.error().message(), expected);
    EXPECT_FALSE(parsed.error().remedy().empty());
  };
  says("", "duration '' is empty");
  says("0", "duration '0' is zero");
  says("-0", "duration '-0' is zero");
  says("-5s", "duration '-5s' is negative");
  says("0.0001", "duration '0.0001' is shorter than a millisecond");
  says("nan", "duration 'nan' does not begin with a number");
  says("inf", "duration 'inf' does not begin with a number");
  says("-infinity", "duration '-infinity' does not begin with a number");
  says("soon", "duration 'soon' does not begin with a number");
  says(" 5", "duration ' 5' does not begin with a number");
  says("+5", "duration '+5' does not begin with a number");
  says("5 s", "duration '5 s' has the unknown unit ' s'");
  says("5y", "duration '5y' has the unknown unit 'y'");
  says("5S", "duration '5S' has the unknown unit 'S'");
  says("1e3", "duration '1e3' has the unknown unit 'e3'");
  says("0x10", "duration '0x10' has the unknown unit 'x10'");
  says("1\n", "duration '1\\x0a' has the unknown unit '\\x0a'");
  says("366000d", "duration '366000d' is longer than 1,000 years");
  const std::string huge(400, '9');
  says(huge, "duration '" + huge.substr(0, 80) + "...' is longer than 1,000 years");
}

TEST(ParseDuration, TakesZeroAndLessOnlyOnDemand) {
  EXPECT_EQ(*parse_duration("0", DurationRange::not_negative), milliseconds(0));
  EXPECT_FALSE(parse_duration("-1", DurationRange::not_negative));
  EXPECT_EQ(*parse_duration("-1.5s", DurationRange::any), milliseconds(-1500));
  EXPECT_EQ(*parse_duration("0.0001", DurationRange::any), milliseconds(0));
  EXPECT_FALSE(parse_duration("-400000d", DurationRange::any));
}

TEST(DurationOfSeconds, ChecksNumbersAlike) {
  EXPECT_EQ(*duration_of_seconds(1.25), milliseconds(1250));
  EXPECT_EQ(*duration_of_seconds(0, DurationRange::not_negative), milliseconds(0));
  for (const double bad :
       {0.0, -1.0, 1e-9, 1e300, std::nan(""), std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity()}) {
    EXPECT_FALSE(duration_of_seconds(bad)) << bad;
  }
  EXPECT_EQ(duration_of_seconds(std::nan("")).error().message(), "duration nans is not a number");
}

TEST(CheckDuration, TakesWhatIsPositiveAndNotAbsurd) {
  EXPECT_TRUE(check_duration("ttl", milliseconds(1)));
  EXPECT_TRUE(check_duration("ttl", longest_duration));
  EXPECT_EQ(check_duration("ttl", milliseconds(0)).error().message(),
            "ttl must be positive, not 0 ms");
  EXPECT_EQ(check_duration("ttl", milliseconds::min()).error().message(),
            "ttl must be positive, not -9223372036854775808 ms");
  EXPECT_EQ(check_duration("ttl", milliseconds::max()).error().message(),
            "ttl must not exceed 1,000 years, not 9223372036854775807 ms");
}

TEST(ParseSize, ReadsEveryUnit) {
  const auto reads = [](std::string_view text, std::size_t expected) {
    const auto parsed = parse_size(text);
    ASSERT_TRUE(parsed) << text << ": " << parsed.error().message();
    EXPECT_EQ(*parsed, expected) << text;
  };
  reads("0", 0);
  reads("4096", 4096);
  reads("4096b", 4096);
  reads("1k", 1024);
  reads("1K", 1024);
  reads("1kb", 1024);
  reads("1KiB", 1024);
  reads("64m", 64U << 20U);
  reads("1.5g", 3ULL << 29U);
  reads("2t", 2ULL << 40U);
  reads("0.5k", 512);
  reads("18446744073709551615", std::numeric_limits<std::size_t>::max());
}

TEST(ParseSize, SaysWhatIsWrongInOneSentence) {
  const auto says = [](std::string_view text, std::string_view expected) {
    const auto parsed = parse_size(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(parsed.error().message(), expected);
  };
  says("", "size '' is empty");
  says("-1", "size '-1' is negative");
  says("k", "size 'k' does not begin with a number");
  says("nan", "size 'nan' does not begin with a number");
  says("1x", "size '1x' has the unknown unit 'x'");
  says("1kk", "size '1kk' has the unknown unit 'kk'");
  says("1 k", "size '1 k' has the unknown unit ' k'");
  says("18446744073709551616", "size '18446744073709551616' is too large");
  says("16777216t", "size '16777216t' is too large");
  says(std::string(400, '9'), "size '" + std::string(80, '9') + "...' is too large");
}

TEST(ParseCount, ReadsWholeNumbersAlone) {
  EXPECT_EQ(*parse_count("0"), 0U);
  EXPECT_EQ(*parse_count("1000"), 1000U);
  EXPECT_EQ(*parse_count("18446744073709551615"), std::numeric_limits<std::size_t>::max());
  const auto says = [](std::string_view text, std::string_view expected) {
    const auto parsed = parse_count(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().message(), expected);
  };
  says("", "count '' is empty");
  says("-3", "count '-3' is negative");
  says("+3", "count '+3' is not a whole number");
  says("1.5", "count '1.5' is not a whole number");
  says("1k", "count '1k' is not a whole number");
  says("many", "count 'many' is not a whole number");
  says("18446744073709551616", "count '18446744073709551616' is too large");
}

}  // namespace
}  // namespace semantrix
