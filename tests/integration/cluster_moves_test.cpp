// Slots that have another owner than the store knows, or two at once.
#include "integration/cluster_subject.hpp"
#include "support/io_thread.hpp"
#include "support/versioned_load.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace semantrix::testing {
namespace {

using Keys = std::vector<std::string>;

/// A slot with many keys, at home with one primary, and another primary to move it to.
class ClusterMoves : public ClusterTest {
 protected:
  ClusterMoves() : slot_(slot_of("{moving}")), home_(cluster_.primary_of(slot_)) {
    for (const ClusterMember& primary : cluster_.primaries()) {
      if (primary.id != home_.id) away_ = primary;
    }
    for (const std::string& key : many_keys(200)) moving_.push_back("{moving}" + key);
  }
  void TearDown() override {
    const std::string slot = std::to_string(slot_);
    // Where a test failed half way.
    for (const ClusterMember& each : {home_, away_}) {
      static_cast<void>(cluster_.ask(each, {"CLUSTER", "SETSLOT", slot, "STABLE"}));
    }
    bring_home();
  }

  void bring_home() {
    const ClusterMember owner = cluster_.primary_of(slot_);
    if (owner.id != home_.id) cluster_.migrate(slot_, owner, home_);
  }

  [[nodiscard]] std::uint64_t moved() const {
    return cluster_.count_all("errorstats", "errorstat_MOVED");
  }
  [[nodiscard]] std::uint64_t asked() const {
    return cluster_.count_all("errorstats", "errorstat_ASK");
  }

  int slot_;
  ClusterMember home_;
  ClusterMember away_;
  Keys moving_;
};

TEST_F(ClusterMoves, a_slot_that_moved_is_followed_and_then_known) {
  Client store = client();
  ASSERT_TRUE(store.batch_add(items_of(moving_)).ok());
  cluster_.migrate(slot_, home_, away_);
  const std::uint64_t before = moved();
  expect_all(store, moving_);
  EXPECT_GT(moved(), before) << "nothing had moved";
  // The new map may take a moment; then every call goes where its key is.
  EXPECT_TRUE(comes_true([&] {
    const std::uint64_t start = moved();
    expect_all(store, moving_);
    return moved() == start;
  }));
  const std::uint64_t known = moved();
  for (int round = 0; round != 3; ++round) expect_all(store, moving_);
  EXPECT_EQ(store.batch_get(moving_).at(17), of(moving_[17]));
  EXPECT_TRUE(store.batch_add(items_of(moving_)).ok());
  EXPECT_EQ(moved(), known);
  EXPECT_EQ(cluster_.ask(away_, {"GET", stored(moving_[3])}), of(moving_[3]).view());
}

TEST_F(ClusterMoves, batches_follow_a_slot_that_moved) {
  Client store = client();
  Keys keys = many_keys(300);
  keys.insert(keys.begin() + 100, moving_.begin(), moving_.end());
  ASSERT_TRUE(store.batch_add(items_of(keys)).ok());
  cluster_.migrate(slot_, home_, away_);
  const auto found = store.batch_get(keys);
  for (std::size_t i = 0; i != keys.size(); ++i) ASSERT_EQ(found.at(i), of(keys[i])) << keys[i];
  bring_home();
  const BatchOutcome outcome = store.batch_add(items_of(keys));
  EXPECT_EQ(outcome.stored, keys.size());
  EXPECT_TRUE(outcome.ok());
  cluster_.migrate(slot_, home_, away_);
  EXPECT_EQ(store.batch_erase(keys), keys.size());
}

TEST_F(ClusterMoves, a_listing_finds_what_moved_once) {
  Client store = client();
  ASSERT_TRUE(store.batch_add(items_of(moving_)).ok());
  cluster_.migrate(slot_, home_, away_);
  EXPECT_EQ(store.keys().size(), moving_.size());
  EXPECT_EQ(store.size(), moving_.size());
  EXPECT_EQ(store.clear(), moving_.size());
  EXPECT_EQ(store.size(), 0U);
}

/// Some keys are here, some there: ASK for what is gone from here, TRYAGAIN for several at once.
TEST_F(ClusterMoves, a_slot_in_the_middle_of_its_move_answers_for_every_key) {
  Client store = client();
  ASSERT_TRUE(store.batch_add(items_of(moving_)).ok());
  cluster_.begin_migration(slot_, home_, away_);
  ASSERT_EQ(cluster_.migrate_keys(slot_, home_, away_, 100), 100U);
  const std::uint64_t asked_before = asked();
  for (int round = 0; round != 2; ++round) expect_all(store, moving_);
  for (const std::string& key : moving_) {
    const auto entry = store.entry(key);
    ASSERT_TRUE(entry.has_value()) << key;
    ASSERT_EQ(entry->value, of(key));
  }
  EXPECT_EQ(store.get("{moving}nobody"), std::nullopt);
  store.add("{moving}new", of("{moving}new"));
  EXPECT_EQ(store.get("{moving}new"), of("{moving}new"));
  EXPECT_TRUE(store.erase("{moving}new"));
  EXPECT_GT(asked(), asked_before);
  EXPECT_TRUE(store.batch_add(items_of(moving_)).ok());
  // ASK changes no map: what stayed is still asked for at home.
  EXPECT_EQ(cluster_.primary_of(slot_).id, home_.id);
  while (cluster_.migrate_keys(slot_, home_, away_, 100) != 0) continue;
  cluster_.end_migration(slot_, home_, away_);
  expect_all(store, moving_);
}

TEST_F(ClusterMoves, a_batch_of_a_slot_in_the_middle_of_its_move) {
  options_.network.deadline = std::chrono::seconds(2);
  Client store = client();
  Keys keys = many_keys(100);
  keys.insert(keys.begin() + 50, moving_.begin(), moving_.end());
  ASSERT_TRUE(store.batch_add(items_of(keys)).ok());
  cluster_.begin_migration(slot_, home_, away_);
  ASSERT_EQ(cluster_.migrate_keys(slot_, home_, away_, 100), 100U);
  std::vector<std::optional<Value>> found;
  const Ending ending = ending_of([&] {
    found = store.batch_get(keys);
    return 0;
  });
  fmt::print("batch_get of a slot in two halves: {}\n", ::testing::PrintToString(ending));
  EXPECT_LT(ending.took, std::chrono::seconds(2) + slack);
  if (ending.error) {
    EXPECT_EQ(ending.code(), ErrorCode::unavailable) << ::testing::PrintToString(ending);
    EXPECT_TRUE(ending.error->retryable());
  } else {
    for (std::size_t i = 0; i != keys.size(); ++i) EXPECT_EQ(found.at(i), of(keys[i])) << keys[i];
  }
  while (cluster_.migrate_keys(slot_, home_, away_, 100) != 0) continue;
  cluster_.end_migration(slot_, home_, away_);
  found = store.batch_get(keys);
  for (std::size_t i = 0; i != keys.size(); ++i) EXPECT_EQ(found.at(i), of(keys[i])) << keys[i];
  EXPECT_EQ(store.batch_erase(keys), keys.size());
}

/// The move is made key by key while callers write and read the slot's keys and others.
class ClusterMovesUnderLoad : public ClusterMoves {
 protected:
  [[nodiscard]] VersionedLoad::Plan plan() const {
    VersionedLoad::Plan plan;
    for (int caller = 0; caller != 24; ++caller) {
      Keys& keys = plan.keys.emplace_back();
      for (int i = 0; i != 8; ++i) {
        // A third of the callers stays out of the moving slot.
        keys.push_back(fmt::format("{}{}.{}", caller % 3 == 0 ? "" : "{moving}", caller, i));
      }
    }
    plan.shard = [](const std::string& key) { return key.starts_with("{moving}") ? 0U : 1U; };
    plan.shards = 2;
    plan.batches = true;
    return plan;
  }

  void move_slowly(const ClusterMember& from, const ClusterMember& to) {
    cluster_.begin_migration(slot_, from, to);
    while (cluster_.migrate_keys(slot_, from, to, 10) != 0) continue;
    cluster_.end_migration(slot_, from, to);
  }
};

TEST_F(ClusterMovesUnderLoad, no_value_is_wrong_and_no_key_is_lost) {
  IoThread thread;
  options_.executor = thread.context().get_executor();
  Client store = client();
  {
    VersionedLoad load(store.store(), thread.context().get_executor(), plan());
    ASSERT_TRUE(comes_true([&] { return load.report().calls() > 2'000; }));
    const std::uint64_t asked_before = asked();
    for (int times = 0; times != 2; ++times) {
      move_slowly(home_, away_);
      move_slowly(away_, home_);
    }
    EXPECT_GT(asked(), asked_before) << "nothing was asked for while it moved";
    EXPECT_TRUE(load.stop(slack));
    const LoadReport report = load.report();
    fmt::print("four moves under load: {}", report.text());
    EXPECT_EQ(report.wrong, std::vector<std::string>());
    EXPECT_EQ(report.missing, 0U);
    EXPECT_EQ(report.older, 0U);
    EXPECT_EQ(report.final_errors, 0U);
    EXPECT_EQ(report.failures(), 0U) << "a single key is always somewhere";
    const auto get = [&store](const std::string& key) { return store.get(key); };
    EXPECT_EQ(load.check(get, false), std::vector<std::string>());
  }
  store.close();
}

}  // namespace
}  // namespace semantrix::testing
