// Random operations on a cache of one shard and on the plainest reference: the same answers, the
// same entries in the same order, the same evictions, after every operation.
#include "memory/record.hpp"
#include "reference_cache.hpp"
#include <semantrix/memory_cache.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace semantrix {
namespace {

using std::chrono::milliseconds;

// At most so many entries as one add's expiry looks at, so that none that has expired is still
// there when one that is alive has to leave.
constexpr std::size_t most_entries = 24;
constexpr std::size_t keys = 60;

struct Case {
  EvictionPolicy policy;
  std::size_t max_bytes;
};

class ExactPolicies : public ::testing::TestWithParam<Case> {
 protected:
  ExactPolicies() {
    MemoryOptions options;
    options.max_size = most_entries;
    options.max_bytes = GetParam().max_bytes;
    options.eviction_policy = GetParam().policy;
    options.shards = 1;
    options.clock = clock_;
    options.on_removal = [this](std::string_view key, const Value&, RemovalCause cause) {
      if (cause == RemovalCause::evicted) evicted_.emplace_back(key);
    };
    cache_ = std::make_unique<MemoryCache>(options);
  }

  std::string random_key() { return "key" + std::to_string(random_() % keys); }
  std::string random_value() { return std::string(random_() % 200, static_cast<char>(random_())); }
  std::optional<std::int64_t> random_ttl() {
    constexpr std::array<std::int64_t, 4> spans{5, 40, 1000, 100'000};
    if (random_() % 2 == 0) return std::nullopt;
    return static_cast<std::int64_t>(random_() % 1000) * spans[random_() % 4] / 1000 + 1;
  }
  static MemoryAddOptions ttl_of(std::optional<std::int64_t> ttl) {
    return ttl ? MemoryAddOptions{.ttl = milliseconds(*ttl)} : MemoryAddOptions{};
  }
  static std::optional<std::string> text(const std::optional<Value>& value) {
    return value ? std::optional(value->str()) : std::nullopt;
  }

  void step();
  void add();
  void batch_add();
  void batch_get();
  void resize();
  void pass_time();

  std::mt19937 random_{5};
  std::shared_ptr<testing::FakeClock> clock_ = std::make_shared<testing::FakeClock>();
  std::vector<std::string> evicted_;
  std::unique_ptr<MemoryCache> cache_;
  ReferenceCache reference_{
      GetParam().policy, {most_entries, GetParam().max_bytes}, memory::Record::charge_of(0, 0, 0)};
};

void ExactPolicies::add() {
  const std::string key = random_key();
  const std::string value = random_value();
  const auto ttl = random_ttl();
  ASSERT_EQ(cache_->add(key, value, ttl_of(ttl)).has_value(), reference_.add(key, value, ttl));
}

void ExactPolicies::batch_add() {
  std::vector<std::tuple<std::string, std::string, std::optional<std::int64_t>>> entries;
  entries.reserve(5);
  for (int i = 0; i < 5; ++i) entries.emplace_back(random_key(), random_value(), random_ttl());
  std::vector<MemoryItem> items;
  items.reserve(entries.size());
  for (const auto& [key, value, ttl] : entries) {
    items.push_back({key, value, false, ttl_of(ttl)});
  }
  const auto outcomes = cache_->batch_add(items);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& [key, value, ttl] = entries[i];
    ASSERT_EQ(outcomes[i].has_value(), reference_.add(key, value, ttl));
  }
}

void ExactPolicies::batch_get() {
  std::vector<std::string> names;
  names.reserve(5);
  for (int i = 0; i < 5; ++i) names.push_back(random_key());
  const auto values = cache_->batch_get(std::vector<std::string_view>(names.begin(), names.end()));
  for (std::size_t i = 0; i < names.size(); ++i) {
    ASSERT_EQ(text(values[i]), reference_.get(names[i]));
  }
}

void ExactPolicies::resize() {
  const std::size_t entries = 1 + random_() % most_entries;
  const bool by_bytes = GetParam().max_bytes != static_cast<std::size_t>(-1);
  const std::size_t bytes =
      by_bytes ? 500 + random_() % GetParam().max_bytes : GetParam().max_bytes;
  cache_->resize(entries, bytes).value();
  reference_.resize({entries, bytes});
}

void ExactPolicies::pass_time() {
  constexpr std::array<unsigned, 4> spans{3, 30, 500, 50'000};
  clock_->advance(milliseconds(random_() % spans[random_() % 4]));
  reference_.set_now(clock_->steady_now().count());
}

void ExactPolicies::step() {
  const auto dice = random_() % 1000;
  if (dice < 350) {
    const std::string key = random_key();
    ASSERT_EQ(text(cache_->get(key)), reference_.get(key));
  } else if (dice < 700) {
    add();
  } else if (dice < 750) {
    const std::string key = random_key();
    ASSERT_EQ(text(cache_->peek(key)), reference_.peek(key));
  } else if (dice < 820) {
    const std::string key = random_key();
    ASSERT_EQ(cache_->erase(key), reference_.erase(key));
  } else if (dice < 850) {
    batch_add();
  } else if (dice < 900) {
    batch_get();
  } else if (dice < 990) {
    pass_time();
  } else if (dice < 995) {
    resize();
  } else if (dice < 998) {
    const std::string prefix = "key" + std::to_string(random_() % 6);
    ASSERT_EQ(cache_->invalidate_prefix(prefix), reference_.erase_prefix(prefix));
  } else {
    ASSERT_EQ(cache_->clear(), reference_.erase_prefix(""));
  }
}

TEST_P(ExactPolicies, DoWhatTheReferenceDoes) {
  reference_.set_now(clock_->steady_now().count());
  for (int turn = 0; turn < 100'000; ++turn) {
    ASSERT_NO_FATAL_FAILURE(step()) << turn;
    ASSERT_EQ(evicted_.size(), reference_.evicted().size()) << turn;
    if (turn % 7 == 0) {
      ASSERT_EQ(cache_->keys(), reference_.order()) << turn;
    }
    if (turn % 101 == 0) {
      ASSERT_EQ(cache_->size(), reference_.size()) << turn;
      ASSERT_EQ(cache_->bytes(), reference_.bytes()) << turn;
    }
  }
  EXPECT_EQ(evicted_, reference_.evicted());
  EXPECT_GT(evicted_.size(), 1000U);
}

constexpr std::size_t no_limit = static_cast<std::size_t>(-1);
INSTANTIATE_TEST_SUITE_P(
    All, ExactPolicies,
    ::testing::Values(Case{EvictionPolicy::lru, no_limit}, Case{EvictionPolicy::lru, 3000},
                      Case{EvictionPolicy::lfu, no_limit}, Case{EvictionPolicy::lfu, 3000},
                      Case{EvictionPolicy::fifo, no_limit}, Case{EvictionPolicy::fifo, 3000}),
    [](const auto& tested) {
      return std::string(to_string(tested.param.policy)) +
             (tested.param.max_bytes == no_limit ? "_by_items" : "_by_bytes_too");
    });

}  // namespace
}  // namespace semantrix
