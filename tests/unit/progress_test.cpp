#include "cli/progress.hpp"

#include "cli/format.hpp"

#include <gtest/gtest.h>

namespace semantrix::cli {
namespace {

ProgressState half_done() {
  ProgressState state;
  state.verb = "replay";
  state.noun = "requests";
  state.done = 50;
  state.total = 100;
  state.items = 12'345;
  state.seconds = 10;
  return state;
}

TEST(RenderProgress, ShowsBarShareRateAndTimeLeft) {
  EXPECT_EQ(
      render_progress(half_done(), 90),
      "replay  [#################-----------------]   50 %  12,345 requests  1.23 k/s  00:10 left");
}

TEST(RenderProgress, FitsEveryWidth) {
  for (std::size_t columns = 0; columns < 200; ++columns) {
    EXPECT_LE(render_progress(half_done(), columns).size(), columns);
  }
}

TEST(RenderProgress, DropsTheBarWhenNarrow) {
  EXPECT_EQ(render_progress(half_done(), 60),
            "replay   50 %  12,345 requests  1.23 k/s  00:10 left");
}

TEST(RenderProgress, HasNoShareWithoutATotal) {
  ProgressState state = half_done();
  state.total.reset();
  EXPECT_EQ(render_progress(state, 80), "replay  12,345 requests  1.23 k/s");
}

TEST(RenderProgress, PromisesNothingInTheFirstMoment) {
  ProgressState state = half_done();
  state.seconds = 0.5;
  EXPECT_EQ(render_progress(state, 80).find("left"), std::string::npos);
  state.seconds = 0;
  EXPECT_EQ(render_progress(state, 80).find("/s"), std::string::npos);
}

TEST(RenderProgress, IsFullWhenAllOrMoreIsDone) {
  ProgressState state = half_done();
  state.done = 130;  // the file grew
  EXPECT_NE(render_progress(state, 80).find("100 %"), std::string::npos);
  EXPECT_EQ(render_progress(state, 80).find('-'), std::string::npos);
  state.done = 0;
  state.total = 0;
  EXPECT_NE(render_progress(state, 80).find("100 %"), std::string::npos);
}

TEST(Format, GroupsDigits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(grouped(18446744073709551615U), "18,446,744,073,709,551,615");
}

TEST(Format, ScalesUnits) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(1023), "1023 B");
  EXPECT_EQ(human_bytes(1024), "1.0 KiB");
  EXPECT_EQ(human_bytes(1.5 * 1024 * 1024), "1.5 MiB");
  EXPECT_EQ(short_count(999), "999");
  EXPECT_EQ(short_count(12'345), "12.3 k");
  EXPECT_EQ(short_count(1'250'000), "1.25 M");
  EXPECT_EQ(human_latency(0.081), "0.08 µs");
  EXPECT_EQ(human_latency(12.34), "12.3 µs");
  EXPECT_EQ(human_latency(1500), "1.50 ms");
  EXPECT_EQ(human_latency(2.5e6), "2.50 s");
}

TEST(Format, TellsDurations) {
  EXPECT_EQ(human_duration(0), "0 ms");
  EXPECT_EQ(human_duration(0.42), "420 ms");
  EXPECT_EQ(human_duration(12.34), "12.3 s");
  EXPECT_EQ(human_duration(14 * 60), "14 min");
  EXPECT_EQ(human_duration(125 * 60), "2 h 05 min");
  EXPECT_EQ(human_duration(76 * 3600), "3 d 04 h");
  EXPECT_EQ(clock_face(7), "00:07");
  EXPECT_EQ(clock_face(3753), "1:02:33");
  EXPECT_EQ(clock_face(-1), "00:00");
}

TEST(Format, AlignsColumnsByCharacters) {
  EXPECT_EQ(table({{"a", "b"}, {"µµµ", "c"}}), "a    b\nµµµ  c\n");
  Facts facts;
  facts.add("x", "1");
  facts.add("longer", "2");
  EXPECT_EQ(facts.str(), "x        1\nlonger   2\n");
}

}  // namespace
}  // namespace semantrix::cli
