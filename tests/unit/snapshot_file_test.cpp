// When a store writes its snapshot, and that it never replaces it with less.
#include <semantrix/blocking_store.hpp>
#include <semantrix/in_memory_store.hpp>
#include <semantrix/testing/conformance/context.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace semantrix {
namespace {

using testing::conformance::error_of;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

class SnapshotFile : public ::testing::Test {
 protected:
  SnapshotFile() {
    std::string pattern = (fs::temp_directory_path() / "semantrix-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    path_ = (folder_ / "cache.snapshot").string();
  }
  ~SnapshotFile() override {
    fs::permissions(folder_, fs::perms::owner_all);
    fs::remove_all(folder_);
  }

  [[nodiscard]] InMemoryOptions options(std::size_t max_size = 100) const {
    InMemoryOptions made;
    made.max_size = max_size;
    made.eviction_policy = EvictionPolicy::lru;
    made.snapshot = path_;
    made.clock = clock_;
    return made;
  }
  [[nodiscard]] std::shared_ptr<InMemoryStore> open(std::size_t max_size = 100) const {
    return std::make_shared<InMemoryStore>(options(max_size));
  }
  void fill(int count) const {
    BlockingStore store(open());
    for (int i = 0; i != count; ++i) store.add("key" + std::to_string(i), "value");
    store.close();
  }
  /// The store's answer to whether its work made it write the file.
  bool writes(const std::shared_ptr<InMemoryStore>& opened,
              const std::function<void(BlockingStore&)>& work) const {
    const ino_t before = inode();
    BlockingStore store(opened);
    work(store);
    store.close();
    return inode() != before;
  }
  [[nodiscard]] ino_t inode() const {
    struct stat about {};
    return ::stat(path_.c_str(), &about) == 0 ? about.st_ino : 0;
  }
  [[nodiscard]] std::string contents(const std::string& suffix = "") const {
    std::ifstream input(path_ + suffix, std::ios::binary);
    return {std::istreambuf_iterator<char>(input), {}};
  }

  std::shared_ptr<testing::FakeClock> clock_ = std::make_shared<testing::FakeClock>();
  fs::path folder_;
  std::string path_;
};

TEST_F(SnapshotFile, is_not_written_when_nothing_changed) {
  fill(3);
  EXPECT_FALSE(writes(open(), [](BlockingStore&) {}));
  EXPECT_FALSE(writes(open(), [](BlockingStore& store) {
    EXPECT_FALSE(store.get_exact("missing"));
    EXPECT_FALSE(store.erase("missing"));
    EXPECT_EQ(store.size(), 3U);
  }));
}

TEST_F(SnapshotFile, is_not_made_for_an_empty_store) {
  BlockingStore(open()).close();
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(SnapshotFile, is_written_after_each_kind_of_change) {
  fill(3);
  EXPECT_TRUE(writes(open(), [](BlockingStore& store) { store.add("key0", "other"); }));
  EXPECT_TRUE(writes(open(), [](BlockingStore& store) { store.erase("key0"); }));
  EXPECT_TRUE(writes(open(), [](BlockingStore& store) { store.invalidate_prefix("key1"); }));
  EXPECT_TRUE(writes(open(), [](BlockingStore& store) { store.clear(); }));
  EXPECT_EQ(BlockingStore(open()).size(), 0U);
  fill(3);
  const auto shrinking = open();
  EXPECT_TRUE(writes(shrinking, [&](BlockingStore&) { shrinking->cache().resize(1).value(); }));
  EXPECT_EQ(BlockingStore(open()).size(), 1U);
}

TEST_F(SnapshotFile, is_written_when_entries_idled_away_but_not_when_their_ttl_passed) {
  {
    BlockingStore store(open());
    store.add("timed", "value", {.ttl = 1s});
    store.add("key", "value");
  }
  const auto expire = [this](BlockingStore& store) {
    clock_->advance(1s);
    EXPECT_LT(store.size(), 2U);
  };
  EXPECT_FALSE(writes(open(), expire));
  InMemoryOptions idling = options();
  idling.time_to_idle = 1s;
  EXPECT_TRUE(writes(std::make_shared<InMemoryStore>(std::move(idling)), expire));
  EXPECT_EQ(BlockingStore(open()).size(), 0U);
}

TEST_F(SnapshotFile, keeps_the_order_of_hits) {
  fill(3);
  EXPECT_TRUE(writes(open(3), [](BlockingStore& store) { store.get_exact("key0").value(); }));
  BlockingStore store(open(3));
  store.add("new", "value");
  EXPECT_TRUE(store.get_exact("key0")) << "used last";
  EXPECT_FALSE(store.get_exact("key1"));
}

TEST_F(SnapshotFile, a_smaller_store_says_what_it_left_out_and_keeps_the_larger_file) {
  fill(10);
  const std::string larger = contents();
  BlockingStore store(open(4));
  const std::optional<Error> warning = store.describe().warning;
  ASSERT_TRUE(warning);
  EXPECT_EQ(warning->code(), ErrorCode::too_large);
  EXPECT_NE(warning->message().find("10 entries, of which 6"), std::string::npos);
  EXPECT_NE(warning->remedy().find("max_size"), std::string::npos);
  EXPECT_NE(warning->remedy().find("cache.snapshot.bak"), std::string::npos);
  EXPECT_EQ(store.get_stats().error_count(), 0U);
  store.add("new", "value");
  store.close();
  EXPECT_EQ(contents(".bak"), larger);
  BlockingStore again(open(4));
  EXPECT_TRUE(again.get_exact("new"));
  EXPECT_EQ(again.size(), 4U);
  EXPECT_FALSE(again.describe().warning) << "the file holds no more than it";
}

TEST_F(SnapshotFile, a_smaller_store_that_only_reads_leaves_the_larger_file_alone) {
  fill(10);
  EXPECT_FALSE(writes(open(4), [](BlockingStore& store) { store.get_exact("key9").value(); }));
  EXPECT_FALSE(fs::exists(path_ + ".bak"));
}

TEST_F(SnapshotFile, what_was_kept_is_not_replaced_by_less_either) {
  fill(10);
  const std::string largest = contents();
  EXPECT_TRUE(writes(open(4), [](BlockingStore& store) { store.add("new", "value"); }));
  const std::string larger = contents();
  EXPECT_TRUE(writes(open(2), [](BlockingStore& store) {
    EXPECT_NE(store.describe().warning->remedy().find(".bak2"), std::string::npos);
    store.add("newer", "value");
  }));
  EXPECT_EQ(contents(".bak"), largest);
  EXPECT_EQ(contents(".bak2"), larger);
}

TEST_F(SnapshotFile, entries_that_expired_are_no_loss) {
  {
    BlockingStore store(open());
    for (int i = 0; i != 9; ++i) store.add("key" + std::to_string(i), "value", {.ttl = 1s});
    store.add("key", "value");
  }
  clock_->advance(1s);
  EXPECT_FALSE(BlockingStore(open(1)).describe().warning);
}

TEST_F(SnapshotFile, a_damaged_file_that_cannot_be_renamed_is_kept) {
  std::ofstream(path_) << "damaged";
  fs::create_directory(path_ + ".corrupt");
  BlockingStore store(open());
  EXPECT_EQ(store.describe().warning->code(), ErrorCode::corrupt);
  store.add("key", "value");
  store.close();
  EXPECT_EQ(contents(".bak"), "damaged");
  EXPECT_EQ(BlockingStore(open()).get_exact("key"), Value("value"));
}

/// In a child without root's rights: what the work returns.
int without_rights(const std::function<int()>& work) {
  constexpr uid_t nobody = 65'534;
  const pid_t child = fork();
  if (child == 0) {
    if (::getuid() == 0 && ::setuid(nobody) != 0) _exit(99);
    _exit(work());
  }
  int status = -1;
  if (waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(SnapshotFile, in_a_folder_that_cannot_be_written_is_read) {
  fill(3);
  fs::permissions(path_, fs::perms(0444));
  fs::permissions(folder_, fs::perms(0555));
  const ino_t before = inode();
  EXPECT_EQ(without_rights([this] {
              BlockingStore store(open());
              if (!store.get_exact("key0")) return 1;
              store.close();
              return 0;
            }),
            0);
  EXPECT_EQ(without_rights([this] {
              BlockingStore store(open());
              store.add("new", "value");
              const auto close = [&] { return store.close(), 0; };
              return error_of(close) == ErrorCode::io_error ? 0 : 1;
            }),
            0);
  EXPECT_FALSE(writes(open(), [](BlockingStore& store) { store.get_exact("key0").value(); }))
      << "root may, but need not";
  EXPECT_EQ(inode(), before);
  EXPECT_FALSE(fs::exists(path_ + ".lock"));
}

TEST_F(SnapshotFile, that_is_not_there_is_not_read_from_a_folder_that_cannot_be_written) {
  fs::permissions(folder_, fs::perms(0555));
  EXPECT_EQ(without_rights([this] {
              return error_of([this] { return open(); }) == ErrorCode::io_error ? 0 : 1;
            }),
            0);
}

}  // namespace
}  // namespace semantrix
