// Several threads use every verb of one cache at once. Each value names its key, checked on every
// hit; run under the thread sanitizer, too.
#include <semantrix/memory_cache.hpp>

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <vector>

namespace semantrix {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t max_size = 300;
constexpr std::size_t max_bytes = 60'000;

/// One thread's share of the work.
class Worker {
 public:
  Worker(MemoryCache& cache, unsigned number)
      : cache_(cache), random_(number), path_(snapshot_path(number)) {}
  ~Worker() { std::filesystem::remove(path_); }

  void run(int turns) {
    for (int turn = 0; turn < turns; ++turn) step();
  }
  [[nodiscard]] int faults() const { return faults_; }
  [[nodiscard]] int hits() const { return hits_; }

  static bool names(std::string_view value, std::string_view key) {
    return value.starts_with(key) && value.substr(key.size()).starts_with(":");
  }

 private:
  static std::string snapshot_path(unsigned number) {
    std::string pattern =
        (std::filesystem::temp_directory_path() / ("threads_" + std::to_string(number) + "_XXXXXX"))
            .string();
    const int file = ::mkstemp(pattern.data());
    if (file >= 0) ::close(file);
    std::filesystem::remove(pattern);  // an empty file would be a damaged snapshot
    return pattern;
  }

  std::string random_key() { return "key" + std::to_string(random_() % 900); }
  std::string value_of(const std::string& key) {
    return key + ":" + std::string(random_() % 400, 'v');
  }

  void check(std::string_view key, const std::optional<Value>& value) {
    if (!value) return;
    ++hits_;
    if (!names(value->view(), key)) ++faults_;
  }

  void add() {
    const std::string key = random_key();
    const std::string value = value_of(key);
    const std::vector<std::string_view> tags{"tag"};
    switch (random_() % 4) {
      case 0:
        cache_.add(key, value, {.ttl = milliseconds(random_() % 20 + 1)}).value();
        break;
      case 1:
        cache_.add(key, value, {.tags = tags}).value();
        break;
      default:
        cache_.add(key, value).value();
    }
  }

  void batch() {
    std::vector<std::string> names;
    std::vector<std::string> values;
    names.reserve(10);
    values.reserve(10);
    for (int i = 0; i < 10; ++i) names.push_back(random_key());
    for (const std::string& name : names) values.push_back(value_of(name));
    const std::vector<std::string_view> views(names.begin(), names.end());
    std::vector<MemoryItem> items;
    for (std::size_t i = 0; i < names.size(); ++i) items.push_back({names[i], values[i]});
    cache_.batch_add(items);
    const auto found = cache_.batch_get(views);
    for (std::size_t i = 0; i < names.size(); ++i) check(names[i], found[i]);
    if (random_() % 4 == 0) cache_.batch_erase(views);
  }

  void look_over_all() {
    switch (random_() % 5) {
      case 0:
        cache_.for_each([this](std::string_view key, const MemoryEntry& entry) {
          check(key, entry.value);
          return true;
        });
        break;
      case 1:
        if (cache_.keys("key1*").size() > max_size) ++faults_;
        break;
      case 2:
        static_cast<void>(cache_.stats());
        break;
      case 3:
        static_cast<void>(cache_.size());
        break;
      default:
        if (!cache_.save_snapshot(path_)) ++faults_;
    }
  }

  void change_all() {
    switch (random_() % 5) {
      case 0:
        cache_.clear();
        break;
      case 1:
        cache_.invalidate_tag("tag");
        break;
      case 2:
        cache_.invalidate_prefix("key2");
        break;
      case 3:
        cache_.resize(1 + random_() % max_size, 2000 + random_() % max_bytes).value();
        break;
      default:
        cache_.resize(max_size, max_bytes).value();
        if (!cache_.load_snapshot(path_)) ++faults_;
    }
  }

  void step() {
    const auto dice = random_() % 1000;
    const std::string key = random_key();
    if (dice < 400) {
      check(key, cache_.get(key));
    } else if (dice < 750) {
      add();
    } else if (dice < 800) {
      check(key, cache_.peek(key));
    } else if (dice < 850) {
      check(key, cache_.get_or_compute(key, [&] { return Value(value_of(key)); }));
    } else if (dice < 900) {
      cache_.erase(key);
    } else if (dice < 930) {
      const auto entry = cache_.entry(key);
      if (entry) check(key, entry->value);
    } else if (dice < 970) {
      batch();
    } else if (dice < 990) {
      cache_.expire();
    } else if (dice < 995) {
      look_over_all();
    } else {
      change_all();
    }
  }

  MemoryCache& cache_;
  std::mt19937 random_;
  std::string path_;
  int faults_ = 0;
  int hits_ = 0;
};

class Threads : public ::testing::TestWithParam<std::tuple<EvictionPolicy, std::size_t>> {};

TEST_P(Threads, NeverSeeAWrongValue) {
  std::atomic<int> faults{0};
  std::atomic<std::size_t> heard{0};
  MemoryOptions options;
  options.max_size = max_size;
  options.max_bytes = max_bytes;
  std::tie(options.eviction_policy, options.shards) = GetParam();
  options.compress_threshold = 200;
  options.compress_dictionary = 512;
  options.on_removal = [&](std::string_view key, const Value& value, RemovalCause) {
    ++heard;
    if (!Worker::names(value.view(), key)) ++faults;
  };
  MemoryCache cache(options);
  std::atomic<int> hits{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (unsigned number = 0; number < 4; ++number) {
    threads.emplace_back([&, number] {
      Worker worker(cache, number);
      worker.run(6000);
      faults += worker.faults();
      hits += worker.hits();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(faults, 0);
  EXPECT_GT(hits, 1000);
  EXPECT_GT(heard, 1000U);
  cache.resize(max_size, max_bytes).value();
  EXPECT_LE(cache.bytes(), max_bytes);
  const std::size_t size = cache.size();
  EXPECT_LE(size, max_size);
  const std::vector<std::string> keys = cache.keys();
  EXPECT_LE(keys.size(), size);  // some may have expired in between
  EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), keys.size());
  cache.clear();
  EXPECT_EQ(cache.bytes(), 0U);
}

INSTANTIATE_TEST_SUITE_P(All, Threads,
                         ::testing::Combine(::testing::ValuesIn(all_eviction_policies),
                                            ::testing::Values(std::size_t{1}, std::size_t{8})),
                         [](const auto& tested) {
                           return std::string(to_string(std::get<0>(tested.param))) + "_in_" +
                                  std::to_string(std::get<1>(tested.param));
                         });

}  // namespace
}  // namespace semantrix
