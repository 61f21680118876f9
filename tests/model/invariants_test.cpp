// What holds for every policy and sharding, after every one of random operations: no value but the
// last added, none that has expired, the bounds, and counts that add up.
#include <semantrix/memory_cache.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace semantrix {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t max_size = 200;
constexpr std::size_t max_bytes = 40'000;

class Invariants : public ::testing::TestWithParam<std::tuple<EvictionPolicy, std::size_t>> {
 protected:
  Invariants() {
    MemoryOptions options;
    options.max_size = max_size;
    options.max_bytes = max_bytes;
    std::tie(options.eviction_policy, options.shards) = GetParam();
    options.compress_threshold = 300;
    options.clock = clock_;
    options.on_removal = [this](std::string_view, const Value&, RemovalCause cause) {
      std::atomic<std::size_t>& heard = removed_[static_cast<std::size_t>(cause)];
      ++heard;
      heard.notify_all();
    };
    cache_ = std::make_unique<MemoryCache>(options);
  }

  struct Added {
    std::string value;
    std::int64_t deadline;
  };

  std::string random_key() { return "key" + std::to_string(random_() % 600); }
  [[nodiscard]] std::int64_t now() const { return clock_->steady_now().count(); }
  [[nodiscard]] std::size_t removed(RemovalCause cause) const {
    return removed_[static_cast<std::size_t>(cause)];
  }

  void add(const std::string& key);
  void await_expirations(std::uint64_t counted) const;
  void check(const std::string& key, const std::optional<Value>& value);
  void check_bounds();
  void check_counts();
  void step();

  std::mt19937 random_{6};
  std::shared_ptr<testing::FakeClock> clock_ = std::make_shared<testing::FakeClock>();
  std::map<std::string, Added> added_;  ///< The last add of each key that was not taken back.
  /// What the listener heard of, on this thread and on the background thread.
  std::array<std::atomic<std::size_t>, removal_cause_count> removed_{};
  std::size_t asked_ = 0;
  std::size_t adds_ = 0;
  std::unique_ptr<MemoryCache> cache_;
};

void Invariants::add(const std::string& key) {
  std::string value = key + ":" + std::to_string(adds_) + ":";
  value.append(random_() % 500, 'v');
  const bool expires = random_() % 2 == 0;
  const milliseconds ttl(random_() % 2000 + 1);
  cache_->add(key, value, expires ? MemoryAddOptions{.ttl = ttl} : MemoryAddOptions{}).value();
  ++adds_;
  added_[key] = {value, expires ? now() + ttl.count() : INT64_MAX};
  const auto readable = cache_->peek(key);
  ASSERT_TRUE(readable);
  ASSERT_EQ(readable->view(), value);
}

void Invariants::check(const std::string& key, const std::optional<Value>& value) {
  if (!value) return;
  const auto at = added_.find(key);
  ASSERT_NE(at, added_.end()) << key;
  ASSERT_EQ(value->view(), at->second.value);
  ASSERT_GT(at->second.deadline, now()) << key;
}

// The background thread may be about to tell of what it has taken out and counted.
void Invariants::await_expirations(std::uint64_t counted) const {
  const auto& heard = removed_[static_cast<std::size_t>(RemovalCause::expired)];
  for (std::size_t told = heard; told < counted; told = heard) heard.wait(told);
}

void Invariants::check_bounds() {
  const Stats stats = cache_->stats();
  ASSERT_LE(stats.size, max_size);
  ASSERT_LE(stats.bytes, max_bytes);
}

void Invariants::check_counts() {
  const std::size_t size = cache_->size();
  const Stats stats = cache_->stats();
  await_expirations(stats.expirations);
  std::size_t left = adds_;
  for (const auto& count : removed_) left -= count;
  ASSERT_EQ(size, left);
  ASSERT_EQ(stats.size, size);
  ASSERT_EQ(stats.adds, adds_);
  ASSERT_EQ(stats.hits + stats.misses, asked_);
  ASSERT_EQ(stats.evictions, removed(RemovalCause::evicted));
  ASSERT_EQ(stats.expirations, removed(RemovalCause::expired));
  ASSERT_EQ(stats.deletes, removed(RemovalCause::erased));
  std::size_t listed = 0;
  cache_->for_each([&](std::string_view key, const MemoryEntry& entry) {
    check(std::string(key), entry.value);
    return ++listed <= size;
  });
  ASSERT_EQ(listed, size);
}

void Invariants::step() {
  const auto dice = random_() % 1000;
  if (dice < 400) {
    const std::string key = random_key();
    ++asked_;
    check(key, cache_->get(key));
  } else if (dice < 800) {
    add(random_key());
  } else if (dice < 880) {
    const std::string key = random_key();
    cache_->erase(key);
    added_.erase(key);
  } else if (dice < 980) {
    clock_->advance(milliseconds(random_() % 100));
  } else if (dice < 995) {
    std::vector<std::string> names;
    names.reserve(20);
    for (int i = 0; i < 20; ++i) names.push_back(random_key());
    asked_ += names.size();
    const auto values =
        cache_->batch_get(std::vector<std::string_view>(names.begin(), names.end()));
    for (std::size_t i = 0; i < names.size(); ++i) check(names[i], values[i]);
  } else if (dice < 999) {
    cache_->invalidate_prefix("key1");
    std::erase_if(added_, [](const auto& entry) { return entry.first.starts_with("key1"); });
  } else {
    cache_->clear();
    added_.clear();
  }
}

TEST_P(Invariants, Hold) {
  for (int turn = 0; turn < 50'000; ++turn) {
    ASSERT_NO_FATAL_FAILURE(step()) << turn;
    ASSERT_NO_FATAL_FAILURE(check_bounds()) << turn;
    if (turn % 500 == 0) {
      ASSERT_NO_FATAL_FAILURE(check_counts()) << turn;
    }
  }
  EXPECT_GT(removed(RemovalCause::evicted), 100U);
  EXPECT_GT(removed(RemovalCause::expired), 100U);
}

INSTANTIATE_TEST_SUITE_P(All, Invariants,
                         ::testing::Combine(::testing::ValuesIn(all_eviction_policies),
                                            ::testing::Values(std::size_t{1}, std::size_t{4},
                                                              std::size_t{64})),
                         [](const auto& tested) {
                           return std::string(to_string(std::get<0>(tested.param))) + "_in_" +
                                  std::to_string(std::get<1>(tested.param));
                         });

}  // namespace
}  // namespace semantrix
