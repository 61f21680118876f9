// Options of the cross-talk detector: --seconds=10 --seed=N --calm=50 (ms). A filter that no test
// matches is a failure: it would hide all that it was to run.
#include "fault/storm.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <string>
#include <string_view>

namespace {

bool take(std::string_view word) {
  using semantrix::testing::storm::settings;
  constexpr std::string_view seconds = "--seconds=";
  constexpr std::string_view calm = "--calm=";
  constexpr std::string_view seed = "--seed=";
  if (word.starts_with(seconds)) {
    settings().duration =
        std::chrono::seconds(std::stoul(std::string(word.substr(seconds.size()))));
  } else if (word.starts_with(calm)) {
    settings().calm = std::chrono::milliseconds(std::stoul(std::string(word.substr(calm.size()))));
  } else if (word.starts_with(seed)) {
    settings().seed = std::stoull(std::string(word.substr(seed.size())));
  } else {
    return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    if (!take(argv[i])) {
      std::cerr << "there is no option " << argv[i] << "\n";
      return 2;
    }
  }
  const int status = RUN_ALL_TESTS();
  if (testing::UnitTest::GetInstance()->test_to_run_count() == 0) {
    std::cerr << "no test matches the filter\n";
    return 1;
  }
  return status;
}
