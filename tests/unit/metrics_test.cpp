// What Prometheus is told.
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layers/metrics.hpp>
#include <semantrix/metrics.hpp>
#include <semantrix/testing/conformance/client.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>

namespace semantrix {
namespace {

using testing::conformance::await;

bool has_line(const std::string& text, const std::string& wanted) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line == wanted) return true;
  }
  return false;
}

TEST(Metrics, a_family_says_its_type_and_its_store) {
  Stats stats;
  stats.store = "a \"store\"\n";
  stats.hits = 7;
  stats.errors["timeout"] = 3;
  const std::string text = metrics_text(stats);
  EXPECT_TRUE(has_line(text, "# TYPE semantrix_hits_total counter"));
  EXPECT_TRUE(has_line(text, R"(semantrix_hits_total{store="a \"store\"\n"} 7)"));
  EXPECT_TRUE(has_line(text, R"(semantrix_errors_total{store="a \"store\"\n",code="timeout"} 3)"));
  EXPECT_TRUE(has_line(text, "# TYPE semantrix_entries gauge"));
  EXPECT_TRUE(text.ends_with('\n'));
}

TEST(Metrics, every_family_has_help_and_type_once) {
  const std::string text = metrics_text(Stats{});
  std::istringstream lines(text);
  std::string before;
  for (std::string line; std::getline(lines, line); before = line) {
    if (!line.starts_with("# TYPE ")) continue;
    const std::string name = line.substr(7, line.find(' ', 7) - 7);
    EXPECT_TRUE(before.starts_with("# HELP " + name + " ")) << line;
  }
}

TEST(Metrics, a_layer_counts_how_long_calls_took) {
  MetricsLayer store(std::make_shared<InMemoryStore>());
  await(store.add("key", "value"));
  for (int i = 0; i != 3; ++i) await(store.get_exact("key"));
  await(store.batch_get({"key", "nobody"}));
  const std::string text = await(metrics_text(store));
  EXPECT_TRUE(has_line(text, R"(semantrix_hits_total{store="memory"} 4)"));
  const std::string get = R"({store="memory",verb="get_exact")";
  EXPECT_TRUE(has_line(text, "semantrix_call_duration_seconds_count" + get + "} 3"));
  EXPECT_TRUE(has_line(text, "semantrix_call_duration_seconds_bucket" + get + ",le=\"+Inf\"} 3"));
  EXPECT_TRUE(has_line(
      text, R"(semantrix_call_duration_seconds_count{store="memory",verb="batch_get"} 1)"));
  EXPECT_TRUE(
      has_line(text, R"(semantrix_call_duration_seconds_count{store="memory",verb="erase"} 0)"));
}

}  // namespace
}  // namespace semantrix
