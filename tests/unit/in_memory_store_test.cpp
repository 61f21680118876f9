// What InMemoryStore adds to MemoryCache: closing, the snapshot file and its lock, counted errors.
#include "base/duration.hpp"
#include <semantrix/blocking_store.hpp>
#include <semantrix/in_memory_store.hpp>
#include <semantrix/testing/conformance/context.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace semantrix {
namespace {

using testing::conformance::error_of;
namespace fs = std::filesystem;

/// A folder of the test's own, removed with it.
class InMemorySnapshot : public ::testing::Test {
 protected:
  InMemorySnapshot() {
    std::string pattern = (fs::temp_directory_path() / "semantrix-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    path_ = (folder_ / "cache.snapshot").string();
  }
  ~InMemorySnapshot() override { fs::remove_all(folder_); }

  [[nodiscard]] std::shared_ptr<InMemoryStore> open() const {
    InMemoryOptions options;
    options.snapshot = path_;
    return std::make_shared<InMemoryStore>(std::move(options));
  }
  [[nodiscard]] bool exists(const std::string& suffix = "") const {
    return fs::exists(path_ + suffix);
  }

  fs::path folder_;
  std::string path_;
};

TEST_F(InMemorySnapshot, close_writes_what_the_next_store_loads) {
  BlockingStore first(open());
  first.add("key", Value(std::string_view("bytes\0", 6)).as_binary());
  EXPECT_TRUE(exists(".lock"));
  first.close();
  EXPECT_TRUE(exists());
  EXPECT_FALSE(exists(".lock"));
  BlockingStore second(open());
  EXPECT_EQ(second.get_exact("key"), Value(std::string_view("bytes\0", 6)));
  EXPECT_TRUE(second.get_exact("key")->binary());
  EXPECT_FALSE(second.describe().warning.has_value());
}

TEST_F(InMemorySnapshot, a_store_that_is_dropped_writes_too) {
  BlockingStore(open()).add("key", "value");
  EXPECT_EQ(BlockingStore(open()).get_exact("key"), Value("value"));
}

TEST_F(InMemorySnapshot, a_second_close_does_not_write_again) {
  BlockingStore store(open());
  store.add("key", "value");
  store.close();
  EXPECT_TRUE(fs::remove(path_));
  store.close();
  EXPECT_FALSE(exists());
}

TEST_F(InMemorySnapshot, a_second_store_is_told_that_the_file_is_in_use) {
  const auto first = open();
  try {
    static_cast<void>(open());
    FAIL() << "two stores on one snapshot";
  } catch (const CacheError& error) {
    EXPECT_EQ(error.code(), ErrorCode::busy);
    EXPECT_NE(error.error().message().find("cache.snapshot"), std::string::npos);
  }
  BlockingStore(first).close();
  EXPECT_NO_THROW(static_cast<void>(open()));
}

TEST_F(InMemorySnapshot, another_process_is_told_so_too) {
  const auto parent = open();
  const pid_t child = fork();
  if (child == 0) {
    const auto code = error_of([this] { return open(); });
    _exit(code == ErrorCode::busy ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(InMemorySnapshot, a_forked_child_leaves_the_file_to_its_parent) {
  BlockingStore store(open());
  store.add("key", "value");
  const pid_t child = fork();
  if (child == 0) {
    store.add("key", "the child's");
    store.close();
    _exit(exists() || !exists(".lock") ? 1 : 0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(error_of([this] { return open(); }), ErrorCode::busy) << "the child gave the lock away";
  store.close();
  EXPECT_EQ(BlockingStore(open()).get_exact("key"), Value("value"));
}

TEST_F(InMemorySnapshot, a_damaged_file_is_kept_and_named) {
  {
    BlockingStore store(open());
    store.add("key", "value");
  }
  std::fstream(path_, std::ios::in | std::ios::out | std::ios::binary).seekp(24).write("~~~~", 4);
  BlockingStore store(open());
  const std::optional<Error> warning = store.describe().warning;
  ASSERT_TRUE(warning.has_value());
  EXPECT_EQ(warning->code(), ErrorCode::corrupt);
  EXPECT_NE(warning->message().find(".corrupt"), std::string::npos);
  EXPECT_TRUE(exists(".corrupt"));
  EXPECT_EQ(store.size(), 0U);
  EXPECT_EQ(store.get_stats().errors.at("corrupt"), 1U);
}

TEST_F(InMemorySnapshot, a_folder_that_does_not_exist_is_an_error) {
  path_ = (folder_ / "nowhere" / "cache.snapshot").string();
  EXPECT_EQ(error_of([this] { return open(); }), ErrorCode::io_error);
}

TEST_F(InMemorySnapshot, a_failed_close_can_be_tried_again) {
  const fs::path away = folder_.string() + ".away";
  BlockingStore store(open());
  store.add("key", "value");
  fs::rename(folder_, away);
  EXPECT_EQ(error_of([&] {
              store.close();
              return 0;
            }),
            ErrorCode::io_error);
  fs::rename(away, folder_);
  store.close();
  EXPECT_EQ(BlockingStore(open()).get_exact("key"), Value("value"));
}

TEST(InMemoryStore, counts_its_failures_by_kind) {
  InMemoryOptions options;
  options.max_bytes = 10'000;
  BlockingStore store(std::make_shared<InMemoryStore>(std::move(options)));
  for (int i = 0; i != 2; ++i) {
    EXPECT_EQ(error_of([&] {
                store.add("key", std::string(20'000, 'x'));
                return 0;
              }),
              ErrorCode::too_large);
  }
  EXPECT_EQ(store.get_stats().errors.at("too_large"), 2U);
  EXPECT_EQ(store.get_stats().error_count(), 2U);
}

TEST(InMemoryStore, a_bad_option_is_an_error) {
  EXPECT_EQ(error_of([] { return InMemoryStore({.max_size = 0}).capability().store; }),
            ErrorCode::invalid_argument);
}

std::string refusal_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const CacheError& failure) {
    return failure.error().message();
  }
  return "";
}

TEST(InMemoryStore, every_door_has_the_same_longest_ttl) {
  const std::chrono::milliseconds longest = longest_duration;
  const std::chrono::milliseconds longer = longest + std::chrono::milliseconds(1);
  MemoryOptions options;
  options.clock = std::make_shared<testing::FakeClock>();  // stands still: no ttl runs down
  BlockingStore store(std::make_shared<InMemoryStore>(options));
  MemoryCache cache(options);
  store.add("key", "value", {.ttl = longest});
  EXPECT_EQ(store.get_entry("key")->ttl, longest);
  cache.add("key", "value", {.ttl = longest}).value();
  EXPECT_EQ(cache.entry("key")->ttl, longest);
  EXPECT_NO_THROW(MemoryCache({.default_ttl = longest, .time_to_idle = longest}));

  const std::string refusal = refusal_of([&] { store.add("key", "value", {.ttl = longer}); });
  EXPECT_NE(refusal.find("ttl must not exceed 1,000 years"), std::string::npos) << refusal;
  EXPECT_EQ(cache.add("key", "value", {.ttl = longer}).error().message(), refusal);
  EXPECT_EQ(refusal_of([&] { MemoryCache({.default_ttl = longer}); }), "default_" + refusal);
}

TEST(InMemoryStore, a_cursor_outlives_its_store_without_harm) {
  auto store = std::make_shared<InMemoryStore>();
  BlockingStore(store).add("key", "value");
  KeyCursor cursor = store->keys();
  store.reset();
  const auto page = cursor.stream().probe_next();
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(page->error().code(), ErrorCode::closed);
}

TEST(InMemoryStore, later_pages_leave_out_what_expired_meanwhile) {
  auto clock = std::make_shared<testing::FakeClock>();
  InMemoryOptions options;
  options.clock = clock;
  BlockingStore store(std::make_shared<InMemoryStore>(std::move(options)));
  AddOptions expiring;
  expiring.ttl = std::chrono::seconds(1);
  for (int i = 0; i != 3'000; ++i) store.add("key" + std::to_string(i), "value", expiring);
  KeyCursor cursor = store.scan();
  EXPECT_EQ(store.next_page(cursor).size(), 1'000U);
  clock->advance(std::chrono::seconds(1));
  EXPECT_TRUE(store.next_page(cursor).empty());
}

TEST(InMemoryStore, the_engine_is_at_hand) {
  InMemoryStore store;
  store.cache().add("key", "value").value();
  EXPECT_EQ(store.cache().get("key"), Value("value"));
}

}  // namespace
}  // namespace semantrix
