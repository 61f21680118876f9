#include "workload/workload.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace semantrix::workload {
namespace {

std::vector<std::uint32_t> draw(Workload& workload, std::size_t count) {
  std::vector<std::uint32_t> keys(count);
  for (auto& key : keys) key = workload.next();
  return keys;
}

WorkloadSpec small(Shape shape) {
  WorkloadSpec spec;
  spec.shape = shape;
  spec.keys = 1000;
  return spec;
}

std::string error_of(std::string_view json) {
  try {
    parse_workload(json);
  } catch (const std::invalid_argument& problem) {
    return problem.what();
  }
  return "accepted";
}

TEST(SplitMix, GivesThePublishedSequenceOfItsAlgorithm) {
  // The first three words of splitmix64 from the state 1234567, as printed by its reference code.
  SplitMix random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317U);
  EXPECT_EQ(random.next(), 3203168211198807973U);
  EXPECT_EQ(random.next(), 9817491932198370423U);
}

TEST(Permutation, IsABijectionForEverySmallSize) {
  for (std::uint32_t n = 1; n <= 300; ++n) {
    const Permutation permute(n, n);
    std::vector<bool> seen(n, false);
    for (std::uint32_t i = 0; i < n; ++i) {
      const std::uint32_t image = permute(i);
      ASSERT_LT(image, n);
      ASSERT_FALSE(seen[image]) << "n=" << n << " i=" << i;
      seen[image] = true;
    }
  }
}

TEST(Permutation, IsABijectionOfAMillionAndScattersNeighbours) {
  constexpr std::uint32_t n = 1'000'000;
  const Permutation permute(n, 7);
  std::vector<bool> seen(n, false);
  for (std::uint32_t i = 0; i < n; ++i) seen[permute(i)] = true;
  EXPECT_EQ(std::count(seen.begin(), seen.end(), true), n);

  double distance = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    distance += std::abs(static_cast<double>(permute(i)) - static_cast<double>(permute(i + 1)));
  }
  EXPECT_GT(distance / 1000, n / 5.0);  // a third of n, were they independent
}

TEST(Permutation, RefusesTheEmptySet) { EXPECT_THROW(Permutation(0, 1), std::invalid_argument); }

class ZipfFrequencies : public ::testing::TestWithParam<double> {};

TEST_P(ZipfFrequencies, AgreeWithTheory) {
  constexpr std::uint32_t n = 1000;
  constexpr std::size_t draws = 1'000'000;
  const double alpha = GetParam();
  std::vector<double> count(n, 0.0);
  ZipfRanks ranks(n, alpha, 42);
  for (std::size_t i = 0; i < draws; ++i) ++count[ranks.next()];

  double harmonic = 0;
  for (std::uint32_t k = 1; k <= n; ++k) harmonic += std::pow(k, -alpha);
  for (const std::uint32_t rank : {1U, 2U, 3U, 10U, 100U, 500U, 1000U}) {
    const double expected = draws * std::pow(rank, -alpha) / harmonic;
    EXPECT_NEAR(count[rank - 1], expected, 5 * std::sqrt(expected) + 1)
        << "rank " << rank << " of alpha " << alpha;
  }
}

INSTANTIATE_TEST_SUITE_P(Exponents, ZipfFrequencies,
                         ::testing::Values(0.0, 0.5, 0.8, 0.99, 1.0, 1.1, 2.0, 4.0));

TEST(ZipfRanks, StayInRangeAtTheLimits) {
  ZipfRanks lone(1, 0.99, 1);
  ZipfRanks pair(2, 1.0, 1);
  ZipfRanks many(100'000'000, 0.99, 1);
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_EQ(lone.next(), 0U);
    ASSERT_LT(pair.next(), 2U);
    ASSERT_LT(many.next(), 100'000'000U);
  }
}

TEST(ZipfRanks, RefuseWhatIsOutOfRange) {
  EXPECT_THROW(ZipfRanks(0, 1.0, 1), std::invalid_argument);
  EXPECT_THROW(ZipfRanks(100'000'001, 1.0, 1), std::invalid_argument);
  EXPECT_THROW(ZipfRanks(10, -0.1, 1), std::invalid_argument);
  EXPECT_THROW(ZipfRanks(10, 4.1, 1), std::invalid_argument);
  EXPECT_THROW(ZipfRanks(10, std::nan(""), 1), std::invalid_argument);
}

TEST(ZipfGenerator, SharesItsHotKeysBetweenSeeds) {
  const auto hottest = [](std::uint64_t seed) {
    std::vector<int> count(1000, 0);
    ZipfGenerator keys(1000, 1.1, seed);
    for (int i = 0; i < 100'000; ++i) ++count[keys.next()];
    return std::max_element(count.begin(), count.end()) - count.begin();
  };
  EXPECT_EQ(hottest(1), hottest(2));
  EXPECT_EQ(hottest(1), Permutation(1000, 1000)(0));
}

class EveryShape : public ::testing::TestWithParam<Shape> {};

TEST_P(EveryShape, IsDeterministicAndItsStreamsDiffer) {
  const WorkloadSpec spec = small(GetParam());
  Workload first(spec);
  Workload second(spec);
  Workload other(spec, 1);
  const auto keys = draw(first, 5000);
  EXPECT_EQ(keys, draw(second, 5000));
  EXPECT_NE(keys, draw(other, 5000));
}

INSTANTIATE_TEST_SUITE_P(Shapes, EveryShape,
                         ::testing::Values(Shape::zipf, Shape::zipf_scan, Shape::shifting_hot_set,
                                           Shape::loop));

TEST(Workload, FirstKeysAreTheSameOnEveryMachine) {
  Workload workload(small(Shape::zipf));
  EXPECT_EQ(draw(workload, 8),
            (std::vector<std::uint32_t>{617, 381, 485, 166, 314, 166, 924, 591}));
}

TEST(Workload, ScanMixesInKeysThatNeverComeAgain) {
  WorkloadSpec spec = small(Shape::zipf_scan);
  spec.scan_share = 0.1;
  Workload workload(spec);
  std::set<std::uint32_t> wonders;
  std::size_t scanned = 0;
  for (const std::uint32_t key : draw(workload, 100'000)) {
    if (key < spec.keys) continue;
    ++scanned;
    EXPECT_TRUE(wonders.insert(key).second) << "key " << key << " came again";
  }
  EXPECT_NEAR(static_cast<double>(scanned), 10'000, 500);
}

TEST(Workload, ShiftingHotSetBringsUpKeysThatWereCold) {
  WorkloadSpec spec = small(Shape::shifting_hot_set);
  spec.shift_every = 10'000;
  spec.shift_by = 100;
  Workload workload(spec);
  const auto hottest = [&] {
    std::vector<int> count(spec.keys, 0);
    for (const std::uint32_t key : draw(workload, spec.shift_every)) ++count[key];
    return std::max_element(count.begin(), count.end()) - count.begin();
  };
  const Permutation key_of_rank(spec.keys, spec.keys);
  EXPECT_EQ(hottest(), key_of_rank(0));
  EXPECT_EQ(hottest(), key_of_rank(900));
  EXPECT_EQ(hottest(), key_of_rank(800));
}

TEST(Workload, LoopAsksForEveryKeyInTurn) {
  Workload workload(small(Shape::loop));
  const auto keys = draw(workload, 2001);
  for (std::uint32_t i = 0; i < keys.size(); ++i) ASSERT_EQ(keys[i], i % 1000);
}

TEST(Workload, RefusesASpecThatWasNotRead) {
  WorkloadSpec spec;
  spec.keys = 0;
  EXPECT_THROW(Workload{spec}, std::invalid_argument);
}

TEST(ValueSizes, AreFixedWithoutSpread) {
  const ValueSizes sizes{.median = 256};
  EXPECT_EQ(sizes.of(1), 256U);
  EXPECT_EQ(sizes.of(2), 256U);
}

TEST(ValueSizes, AreLogNormalAroundTheirMedianAndClamped) {
  const ValueSizes sizes{.median = 1200, .sigma = 1.0, .least = 200, .most = 16'384};
  std::vector<std::uint32_t> drawn;
  for (std::uint32_t key = 0; key < 100'000; ++key) {
    drawn.push_back(sizes.of(key));
    ASSERT_EQ(drawn.back(), sizes.of(key));
  }
  std::sort(drawn.begin(), drawn.end());
  EXPECT_EQ(drawn.front(), 200U);
  EXPECT_EQ(drawn.back(), 16'384U);
  EXPECT_NEAR(drawn[50'000], 1200, 25);
  EXPECT_NEAR(drawn[84'134], 1200 * std::exp(1.0), 80);  // one sigma above
}

TEST(ParseWorkload, ReadsEveryField) {
  const WorkloadSpec spec = parse_workload(R"({
    "name": "n", "description": "d", "shape": "shifting_hot_set", "seed": 5, "keys": 10,
    "requests": 20, "zipf": 1.5, "scan_share": 0.25, "shift_every": 30, "shift_by": 2,
    "max_size": 4, "max_bytes": 4096,
    "value_bytes": {"median": 100, "sigma": 0.5, "least": 10, "most": 1000}})");
  WorkloadSpec expected;
  expected.name = "n";
  expected.description = "d";
  expected.shape = Shape::shifting_hot_set;
  expected.seed = 5;
  expected.keys = 10;
  expected.requests = 20;
  expected.zipf = 1.5;
  expected.scan_share = 0.25;
  expected.shift_every = 30;
  expected.shift_by = 2;
  expected.max_size = 4;
  expected.max_bytes = 4096;
  expected.value_bytes = {.median = 100, .sigma = 0.5, .least = 10, .most = 1000};
  EXPECT_EQ(spec, expected);
}

TEST(ParseWorkload, LeavesAbsentFieldsAtTheirDefaults) {
  const WorkloadSpec spec = parse_workload(R"({"name": "n", "shape": "loop", "value_bytes": 64})");
  EXPECT_EQ(spec.keys, WorkloadSpec{}.keys);
  EXPECT_EQ(spec.value_bytes, ValueSizes{.median = 64});
  EXPECT_EQ(name_of(spec.shape), "loop");
}

TEST(ParseWorkload, NamesTheFieldAtFault) {
  const auto with = [](std::string_view field) {
    return error_of(R"({"name": "n", "shape": "zipf", )" + std::string(field) + "}");
  };
  EXPECT_EQ(with(R"("keys": 10)"), "accepted");
  EXPECT_NE(with(R"("kyes": 10)").find("unknown field \"kyes\""), std::string::npos);
  EXPECT_NE(with(R"("kyes": 10)").find("keys"), std::string::npos);
  EXPECT_EQ(with(R"("keys": 0)"), "field \"keys\" must be 1 to 100000000");
  EXPECT_EQ(with(R"("keys": -1)"), "field \"keys\" must be a whole number, 0 or more");
  EXPECT_EQ(with(R"("keys": 1.5)"), "field \"keys\" must be a whole number, 0 or more");
  EXPECT_EQ(with(R"("keys": "many")"), "field \"keys\" must be a whole number, 0 or more");
  EXPECT_EQ(with(R"("keys": 4294967296)"), "field \"keys\" must be below 2^32");
  EXPECT_EQ(with(R"("zipf": "flat")"), "field \"zipf\" must be a number");
  EXPECT_EQ(with(R"("zipf": 4.5)"), "field \"zipf\" must be 0 to 4");
  EXPECT_EQ(with(R"("requests": 0)"), "field \"requests\" must be 1 or more");
  EXPECT_EQ(with(R"("scan_share": 1.1)"), "field \"scan_share\" must be 0 to 1");
  EXPECT_EQ(with(R"("shift_every": 0)"), "field \"shift_every\" must be 1 or more");
  EXPECT_EQ(with(R"("value_bytes": {"least": 2, "most": 1})"),
            R"(field "least" must be at most what "most" is)");
  EXPECT_NE(with(R"("value_bytes": {"mean": 2})").find("unknown field \"mean\""),
            std::string::npos);
}

TEST(ParseWorkload, RefusesWhatIsNoWorkload) {
  EXPECT_NE(error_of("").find("not valid JSON"), std::string::npos);
  EXPECT_NE(error_of("{").find("not valid JSON at byte 1"), std::string::npos);
  EXPECT_NE(error_of("{} x").find("not valid JSON"), std::string::npos);
  EXPECT_EQ(error_of("[]"), "the workload must be a JSON object");
  EXPECT_EQ(error_of(R"({"shape": "zipf"})"), "field \"name\" is missing");
  EXPECT_EQ(error_of(R"({"name": "n"})"), "field \"shape\" is missing");
  EXPECT_NE(error_of(R"({"name": "n", "shape": "zpif"})").find("unknown shape \"zpif\""),
            std::string::npos);
}

TEST(ReadWorkload, NamesTheFileAtFault) {
  try {
    read_workload("no/such/workload.json");
    FAIL() << "accepted";
  } catch (const std::invalid_argument& problem) {
    EXPECT_STREQ(problem.what(), "no/such/workload.json: cannot be opened");
  }
}

TEST(ReadWorkload, ReadsEveryWorkloadOfTheBenchmarks) {
  const auto folder = std::filesystem::path(__FILE__).parent_path() / "../../bench/stress";
  std::size_t read = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".json") continue;
    const WorkloadSpec spec = read_workload(file.path().string());
    EXPECT_EQ(spec.name, file.path().stem().string());
    Workload workload(spec);
    EXPECT_GE(workload.value_bytes(workload.next()), 1U);
    ++read;
  }
  EXPECT_GE(read, 5U);
}

}  // namespace
}  // namespace semantrix::workload
