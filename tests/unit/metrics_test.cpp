// What Prometheus is told.
#include "remote_store.hpp"
#include <semantrix/call_observer.hpp>
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layers/metrics.hpp>
#include <semantrix/metrics.hpp>
#include <semantrix/testing/conformance/client.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
  stats.hot_keys.push_back({0xabc, 0.125, {}});
  stats.hot_keys.push_back({~std::uint64_t{0}, 1, {}});
  const std::string text = metrics_text(stats);
  const std::string store = R"({store="a \"store\"\n",digest=")";
  EXPECT_TRUE(has_line(text, "semantrix_hot_key_share" + store + R"(0000000000000abc"} 0.1250)"));
  EXPECT_TRUE(has_line(text, "semantrix_hot_key_share" + store + R"(ffffffffffffffff"} 1.0000)"));
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

TEST(Metrics, of_many_calls_that_are_answered_at_once_some_stand_for_all) {
  MetricsLayer store(std::make_shared<InMemoryStore>());
  constexpr int calls = 20'000;
  for (int i = 0; i != calls; ++i) await(store.get_exact("key"));
  const std::string text = await(metrics_text(store));
  const std::string begin =
      R"(semantrix_call_duration_seconds_count{store="memory",verb="get_exact"} )";
  const std::size_t at = text.find(begin);
  ASSERT_NE(at, text.npos);
  const double counted = std::stod(text.substr(at + begin.size()));
  EXPECT_NEAR(counted, calls, calls / 5.0);
  EXPECT_TRUE(has_line(text, R"(semantrix_misses_total{store="memory"} 20000)"));
}

/// Writes down what it is told.
class Diary final : public CallObserver {
 public:
  std::shared_ptr<void> begins(std::string_view verb) noexcept override {
    return std::make_shared<std::string>(verb);
  }
  void ended(const CallRecord& call, const std::shared_ptr<void>& begun) noexcept override {
    EXPECT_EQ(*std::static_pointer_cast<std::string>(begun), call.verb);
    EXPECT_GE(call.duration.count(), 0);
    EXPECT_LE(call.started, std::chrono::system_clock::now());
    std::string line = std::string(call.store) + " " + std::string(call.verb) + " " +
                       std::to_string(call.found) + "/" + std::to_string(call.keys);
    if (call.error != nullptr) line += " " + std::string(to_string(call.error->code()));
    lines.push_back(std::move(line));
  }

  std::vector<std::string> lines;
};

void expect_diary(CacheStore& store, const Diary& diary) {
  await(store.add("key", "value"));
  EXPECT_TRUE(await(store.get_exact("key")));
  EXPECT_FALSE(await(store.get_exact("nobody")));
  await(store.batch_get({"key", "nobody"}));
  await(store.batch_add({{"a", "1"}, {"b", "2"}}));
  await(store.batch_erase({"a", "b", "c"}));
  EXPECT_TRUE(await(store.erase("key")));
  const std::vector<std::string> expected{"memory add 1/1",       "memory get_exact 1/1",
                                          "memory get_exact 0/1", "memory batch_get 1/2",
                                          "memory batch_add 2/2", "memory batch_erase 2/3",
                                          "memory erase 1/1"};
  EXPECT_EQ(diary.lines, expected);
}

TEST(Metrics, an_observer_is_told_of_every_call_that_is_answered_at_once) {
  const auto diary = std::make_shared<Diary>();
  MetricsLayer store(std::make_shared<InMemoryStore>(), diary);
  expect_diary(store, *diary);
}

TEST(Metrics, an_observer_is_told_of_every_call_that_takes_a_while) {
  const auto diary = std::make_shared<Diary>();
  MetricsLayer store(std::make_shared<RemoteStore>(), diary);
  expect_diary(store, *diary);
}

TEST(Metrics, an_observer_is_told_of_failures) {
  const auto diary = std::make_shared<Diary>();
  const auto remote = std::make_shared<RemoteStore>();
  remote->failure = ErrorCode::timeout;
  MetricsLayer store(remote, diary);
  EXPECT_THROW((void)await(store.get_exact("key")), CacheError);
  EXPECT_EQ(diary->lines, std::vector<std::string>{"memory get_exact 0/1 timeout"});
}

}  // namespace
}  // namespace semantrix
