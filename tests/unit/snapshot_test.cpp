// What a snapshot keeps and in which order it comes back. Damaged files: snapshot_damage_test.cpp.
#include <semantrix/memory_cache.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace semantrix {
namespace {

using std::chrono::milliseconds;
using namespace std::string_literals;

class Snapshot : public ::testing::Test {
 protected:
  Snapshot() {
    std::string pattern = (std::filesystem::temp_directory_path() / "snapshot_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    path_ = folder_ / "cache.snapshot";
  }
  ~Snapshot() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] MemoryOptions options(EvictionPolicy policy = EvictionPolicy::lru,
                                      std::size_t max_size = 100) const {
    MemoryOptions made;
    made.max_size = max_size;
    made.eviction_policy = policy;
    made.clock = clock_;
    return made;
  }

  std::size_t save(const MemoryCache& cache) { return cache.save_snapshot(path_).value(); }
  SnapshotReport load(MemoryCache& cache) { return cache.load_snapshot(path_).value(); }

  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  std::shared_ptr<testing::FakeClock> clock_ = std::make_shared<testing::FakeClock>();
  std::filesystem::path folder_;
  std::filesystem::path path_;
};

std::string contents(const std::filesystem::path& path) {
  std::ifstream input(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(input), {}};
}

std::string prose(int variant) {
  std::string text = "Answer " + std::to_string(variant) + ": ";
  while (text.size() < 600)
    text += "the cache keeps what was asked before, question " + text.substr(0, 12);
  return text;
}

TEST_F(Snapshot, BringsBackValuesTagsAndMarks) {
  MemoryCache cache(options());
  const std::string zeros("\0\xff\n", 3);
  const std::vector<std::string_view> tags{"red", "", "blue"};
  cache.add("plain", "value").value();
  cache.add("empty", "").value();
  cache.add({zeros, zeros, true, {.tags = tags}}).value();
  EXPECT_EQ(save(cache), 3U);
  EXPECT_EQ(files(), std::vector{"cache.snapshot"s});

  MemoryCache again(options());
  const SnapshotReport report = load(again);
  EXPECT_EQ(report.loaded, 3U);
  EXPECT_EQ(report.expired, 0U);
  EXPECT_EQ(report.dropped, 0U);
  EXPECT_EQ(again.get("plain")->view(), "value");
  EXPECT_EQ(again.get("empty")->view(), "");
  const auto entry = again.entry(zeros);
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->value.view(), zeros);
  EXPECT_TRUE(entry->value.binary());
  EXPECT_EQ(entry->tags, (std::vector{"red"s, ""s, "blue"s}));
  EXPECT_FALSE(entry->ttl);
}

TEST_F(Snapshot, HasTheseBytes) {
  MemoryCache cache(options());
  const std::vector<std::string_view> tags{"t"};
  cache.add("k", "v").value();
  cache.add({"q", "w", true, {.ttl = milliseconds(1), .tags = tags}}).value();
  save(cache);
  // Magic, version 1, written at 1,576,801,000,000, "lru", two entries, no dictionary; then q
  // (binary, expires a millisecond later, tagged) and k, and the checksum.
  const std::string head = "\xF5SMXSNAP\x01"s + "\xC0\xB4\xA7\x85\xF2\x2D"s + "\x03lru\x02\x00"s;
  const std::string entries =
      "\x0E\x00\xC1\xB4\xA7\x85\xF2\x2D\x01q\x01\x01t\x01w"s + "\x00\x00\x01k\x01v"s;
  EXPECT_EQ(contents(path_), head + entries + "\xD3\x42\x09\xE5\x53\x5A\x98\x7B"s);
}

TEST_F(Snapshot, IsForTheOwnerAlone) {
  MemoryCache cache(options());
  save(cache);
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(path_).permissions(), perms::owner_read | perms::owner_write);
}

TEST_F(Snapshot, LetsTheRestOfATtlRunByTheCalendar) {
  MemoryCache cache(options());
  cache.add("short", "s", {.ttl = milliseconds(1000)}).value();
  cache.add("long", "l", {.ttl = milliseconds(5000)}).value();
  clock_->advance(milliseconds(400));
  save(cache);
  clock_->advance(milliseconds(600));

  MemoryCache again(options());
  const SnapshotReport report = load(again);
  EXPECT_EQ(report.loaded, 1U);
  EXPECT_EQ(report.expired, 1U);
  EXPECT_EQ(again.entry("long")->ttl, milliseconds(4000));
  clock_->advance(milliseconds(3999));
  EXPECT_TRUE(again.get("long"));
  clock_->advance(milliseconds(1));
  EXPECT_FALSE(again.get("long"));
}

TEST_F(Snapshot, GivesNoDefaultTtlToAnEntryWithoutOne) {
  MemoryCache cache(options());
  cache.add("k", "v").value();
  save(cache);
  MemoryOptions with_default = options();
  with_default.default_ttl = milliseconds(10);
  MemoryCache again(with_default);
  load(again);
  clock_->advance(milliseconds(11));
  EXPECT_TRUE(again.get("k"));
}

TEST_F(Snapshot, LeavesOutWhatHasExpired) {
  MemoryCache cache(options());
  cache.add("gone", "g", {.ttl = milliseconds(1)}).value();
  cache.add("stays", "s").value();
  clock_->advance(milliseconds(1));
  EXPECT_EQ(save(cache), 1U);
}

TEST_F(Snapshot, OfNothingAndFromNothing) {
  MemoryCache cache(options());
  EXPECT_EQ(load(cache).loaded, 0U);  // no such file
  EXPECT_EQ(save(cache), 0U);
  EXPECT_EQ(load(cache).loaded, 0U);
  EXPECT_EQ(cache.size(), 0U);
}

// The keys a full cache gives up, one for each new entry.
std::vector<std::string> leaving_order(MemoryCache& cache, std::size_t count) {
  std::vector<std::string> order;
  std::vector<std::string> left = cache.keys();
  for (std::size_t i = 0; i < count; ++i) {
    cache.add("new" + std::to_string(i), "n").value();
    for (auto key = left.begin(); key != left.end(); ++key) {
      if (cache.peek(*key)) continue;
      order.push_back(*key);
      left.erase(key);
      break;
    }
  }
  return order;
}

class SnapshotOrder : public Snapshot, public ::testing::WithParamInterface<EvictionPolicy> {};

TEST_P(SnapshotOrder, ComesBack) {
  MemoryCache cache(options(GetParam(), 6));
  for (int i = 0; i < 6; ++i) cache.add("key" + std::to_string(i), "v").value();
  for (const int used : {0, 3, 3, 1, 3}) EXPECT_TRUE(cache.get("key" + std::to_string(used)));
  save(cache);
  MemoryCache again(options(GetParam(), 6));
  EXPECT_EQ(load(again).loaded, 6U);
  EXPECT_EQ(again.keys(), cache.keys());  // the next to leave first
  const std::size_t count =
      GetParam() == EvictionPolicy::lfu ? 1 : 5;  // new ones leave first there
  const auto order = leaving_order(cache, count);
  EXPECT_EQ(order.size(), count);
  EXPECT_EQ(leaving_order(again, count), order);
}

INSTANTIATE_TEST_SUITE_P(Exact, SnapshotOrder,
                         ::testing::Values(EvictionPolicy::lru, EvictionPolicy::lfu,
                                           EvictionPolicy::fifo),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

class SnapshotPolicy : public Snapshot, public ::testing::WithParamInterface<EvictionPolicy> {};

TEST_P(SnapshotPolicy, KeepsKeysInOrderAndStaysUsable) {
  MemoryCache cache(options(GetParam(), 500));
  for (int i = 0; i < 3000; ++i) {
    const std::string key = "key" + std::to_string(i * i % 701);
    if (!cache.get(key)) cache.add(key, key).value();
  }
  save(cache);
  MemoryCache again(options(GetParam(), 500));
  EXPECT_EQ(load(again).loaded, cache.size());
  EXPECT_EQ(again.keys(), cache.keys());
  for (int i = 0; i < 2000; ++i) again.add("new" + std::to_string(i), "n").value();
  EXPECT_EQ(again.size(), 500U);
}

// Uses are counted again from one: lfu, say, has none to take over from fifo.
TEST_P(SnapshotPolicy, IsReadByEveryOther) {
  MemoryCache cache(options(GetParam()));
  for (int i = 0; i < 50; ++i) cache.add("key" + std::to_string(i), "v").value();
  save(cache);
  for (const EvictionPolicy other : all_eviction_policies) {
    MemoryCache again(options(other, 40));
    EXPECT_EQ(load(again).loaded, 40U);
    EXPECT_EQ(again.size(), 40U);
  }
}

INSTANTIATE_TEST_SUITE_P(All, SnapshotPolicy, ::testing::ValuesIn(all_eviction_policies),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

/// Policies that decide by how often an entry was used.
class SnapshotFrequency : public SnapshotPolicy {
 protected:
  // Of a hundred entries used often, how many outlive a scan after they came back from a file.
  int kept_after_a_scan(EvictionPolicy saved_by, int filled) {
    MemoryCache cache(options(saved_by, 1000));
    for (int i = 0; i < filled; ++i) cache.add("key" + std::to_string(i), "v").value();
    for (int use = 0; use < 8; ++use) {
      for (int i = 0; i < 100; ++i) EXPECT_TRUE(cache.get("key" + std::to_string(i)));
    }
    save(cache);
    MemoryCache again(options(GetParam(), 1000));
    EXPECT_EQ(load(again).loaded, static_cast<std::size_t>(filled));
    for (int i = 0; i < 3000; ++i) again.add("scan" + std::to_string(i), "s").value();
    int kept = 0;
    for (int i = 0; i < 100; ++i) kept += again.peek("key" + std::to_string(i)) ? 1 : 0;
    return kept;
  }
};

TEST_P(SnapshotFrequency, OutlivesTheProcessHoweverFullTheCacheWas) {
  for (const int filled : {200, 400, 600, 1000}) {
    EXPECT_GE(kept_after_a_scan(GetParam(), filled), 95) << "entries: " << filled;
  }
  EXPECT_LT(kept_after_a_scan(EvictionPolicy::fifo, 1000), 95) << "fifo saves none";
}

INSTANTIATE_TEST_SUITE_P(Counting, SnapshotFrequency,
                         ::testing::Values(EvictionPolicy::lfu, EvictionPolicy::s3fifo,
                                           EvictionPolicy::w_tinylfu),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

TEST_F(Snapshot, KeepsTheHottestWhereItDoesNotFit) {
  MemoryCache cache(options());
  for (int i = 0; i < 10; ++i) cache.add("key" + std::to_string(i), "v").value();
  save(cache);
  MemoryCache smaller(options(EvictionPolicy::lru, 3));
  const SnapshotReport report = load(smaller);
  EXPECT_EQ(report.loaded, 3U);
  EXPECT_EQ(report.dropped, 7U);
  EXPECT_EQ(smaller.keys(), (std::vector{"key7"s, "key8"s, "key9"s}));
}

TEST_F(Snapshot, PassesOverWhatExceedsTheBytes) {
  MemoryCache cache(options());
  cache.add("cold", "c").value();
  cache.add("large", std::string(10'000, 'l')).value();
  cache.add("hot", "h").value();
  save(cache);
  MemoryOptions few_bytes = options();
  few_bytes.max_bytes = 1000;
  MemoryCache smaller(few_bytes);
  EXPECT_EQ(load(smaller).dropped, 1U);
  EXPECT_EQ(smaller.keys(), (std::vector{"cold"s, "hot"s}));
  EXPECT_LE(smaller.bytes(), 1000U);
}

TEST_F(Snapshot, DoesNotReplaceWhatTheCacheHas) {
  MemoryCache cache(options());
  cache.add("both", "older").value();
  cache.add("file", "f").value();
  save(cache);
  MemoryCache again(options());
  again.add("both", "newer").value();
  EXPECT_EQ(load(again).loaded, 1U);
  EXPECT_EQ(again.get("both")->view(), "newer");
}

TEST_F(Snapshot, MergesShardsByHowHotTheirEntriesAre) {
  MemoryOptions sharded = options(EvictionPolicy::lru, 4000);
  sharded.shards = 16;
  MemoryCache cache(sharded);
  for (int i = 0; i < 4000; ++i) cache.add("key" + std::to_string(i), "v").value();
  save(cache);
  MemoryCache smaller(options(EvictionPolicy::lru, 1000));
  EXPECT_EQ(load(smaller).loaded, 1000U);
  std::size_t of_the_newest_quarter = 0;
  for (int i = 3000; i < 4000; ++i)
    of_the_newest_quarter += smaller.peek("key" + std::to_string(i)).has_value();
  EXPECT_GT(of_the_newest_quarter, 850U);  // exact but for the spread of keys over shards
}

TEST_F(Snapshot, KeepsValuesCompressedWithTheirDictionary) {
  MemoryOptions compressing = options(EvictionPolicy::lru, 5000);
  compressing.compress_threshold = 100;
  compressing.compress_dictionary = 1024;
  MemoryCache cache(compressing);
  for (int i = 0; i < 1000; ++i) cache.add("key" + std::to_string(i), prose(i)).value();
  ASSERT_LT(cache.stats().stored_bytes, cache.stats().raw_bytes / 2);
  save(cache);

  MemoryCache adopts(options(EvictionPolicy::lru, 5000));
  EXPECT_EQ(load(adopts).loaded, 1000U);
  EXPECT_EQ(adopts.bytes(), cache.bytes());
  MemoryCache has_another(compressing);
  for (int i = 5000; i < 6000; ++i)
    has_another.add("other" + std::to_string(i), prose(i * 7)).value();
  EXPECT_EQ(load(has_another).loaded, 1000U);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(adopts.get("key" + std::to_string(i))->view(), prose(i));
    EXPECT_EQ(has_another.get("key" + std::to_string(i))->view(), prose(i));
  }
}

TEST_F(Snapshot, HoldsEntriesLargerThanAnyBuffer) {
  MemoryCache cache(options());
  std::string large(5'000'000, ' ');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 7919 >> 8);
  cache.add("large", large).value();
  cache.add(large.substr(0, 300'000), "large key").value();
  for (int i = 0; i < 90; ++i) cache.add("key" + std::to_string(i), large.substr(0, 9'000)).value();
  save(cache);
  MemoryCache again(options());
  EXPECT_EQ(load(again).loaded, 92U);
  EXPECT_EQ(again.get("large")->view(), large);
  EXPECT_EQ(again.get(large.substr(0, 300'000))->view(), "large key");
  EXPECT_EQ(again.get("key89")->view(), large.substr(0, 9'000));
}

}  // namespace
}  // namespace semantrix
