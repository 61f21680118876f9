// Primaries that hand over, die, hang, or leave their shard to itself, under 64 callers. No value
// is ever wrong, no call outlives its deadline, and shards that are well notice nothing.
#include "integration/cluster_subject.hpp"
#include "support/io_thread.hpp"
#include "support/versioned_load.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace semantrix::testing {
namespace {

constexpr std::size_t callers = 64;
constexpr std::size_t keys_each = 6;
/// A call's own time beyond its deadline: the tick of its connection, and a turn of the executor,
/// to which comes as much as timers were late.
constexpr milliseconds allowance{250};

long long in_ms(steady_clock::duration time) {
  return std::chrono::duration_cast<milliseconds>(time).count();
}

class Failover : public ClusterTest {
 protected:
  Failover() : shards_(cluster_.primaries()) {
    options_.executor = thread_.context().get_executor();
    // As they are for a user who sets nothing.
    options_.network = NetworkOptions();
    options_.network.deadline = deadline;
  }

  void TearDown() override {
    load_.reset();
    if (store_) await(store_->close());
    // Where a test failed half way.
    for (const std::string& name : std::set(dead_)) restart(name);
    for (const std::string& name : std::set(hung_)) resume(name);
    // What a restarted server was not told again holds until here alone.
    cover(true);
    cluster_.wait_until_whole();
  }

  void kill(const std::string& name) {
    kill_server(name);
    dead_.insert(name);
  }
  void restart(const std::string& name) {
    restart_server(name);
    dead_.erase(name);
  }
  void pause(const std::string& name) {
    pause_server(name);
    cluster_.set_aside(name);
    hung_.insert(name);
  }
  void resume(const std::string& name) {
    resume_server(name);
    cluster_.take_back(name);
    hung_.erase(name);
  }

  /// Whether one shard without a server stops all of them.
  void cover(bool fully) {
    cluster_.ask_all({"CONFIG", "SET", "cluster-require-full-coverage", fully ? "yes" : "no"},
                     "OK");
  }

  [[nodiscard]] std::size_t shard_of(const std::string& key) const {
    const auto at = std::ranges::find_if(
        shards_, [&](const ClusterMember& primary) { return primary.serves(slot_of(key)); });
    return static_cast<std::size_t>(at - shards_.begin());
  }

  /// All on one shard: a caller that waits for one is no caller of another meanwhile.
  [[nodiscard]] std::vector<std::string> keys_of(std::size_t caller, std::size_t shard) const {
    std::vector<std::string> keys;
    for (int i = 0; keys.size() != keys_each; ++i) {
      std::string key = fmt::format("{}.{}", caller, i);
      if (shard_of(key) == shard) keys.push_back(std::move(key));
    }
    return keys;
  }

  /// Callers at work on every shard.
  void start() {
    store_ = std::make_shared<ElastiCacheStore>(options_);
    VersionedLoad::Plan plan;
    for (std::size_t caller = 0; caller != callers; ++caller) {
      plan.keys.push_back(keys_of(caller, caller % shards_.size()));
    }
    plan.shard = [this](const std::string& key) { return shard_of(key); };
    plan.shards = shards_.size();
    load_ = std::make_unique<VersionedLoad>(*store_, *options_.executor, plan);
    for (std::size_t shard = 0; shard != shards_.size(); ++shard) expect_service(shard, 300);
  }

  /// Whether calls on the shard succeed now, as soon as they must.
  void expect_service(std::size_t shard, std::uint64_t calls = 100) {
    const std::uint64_t before = load_->report().shards.at(shard).successes();
    EXPECT_TRUE(comes_true([&] {
      return load_->report().shards.at(shard).successes() > before + calls;
    })) << "shard "
        << shard << " is not served";
  }

  LoadReport finish(const std::string& what) {
    EXPECT_TRUE(load_->stop(deadline + slack)) << "callers hang";
    LoadReport report = load_->report();
    fmt::print("{}: {}", what, report.text());
    return report;
  }

  /// What holds whatever happened.
  void expect_right(const LoadReport& report, bool writes_may_be_lost) {
    EXPECT_EQ(report.wrong, std::vector<std::string>());
    if (!writes_may_be_lost) {
      EXPECT_EQ(report.older, 0U);
      EXPECT_EQ(report.missing, 0U);
    }
    EXPECT_EQ(report.final_errors, 0U);
    EXPECT_LE(in_ms(report.worst), in_ms(deadline + allowance + 3 * report.lag));
    const std::set<ErrorCode> expected{ErrorCode::timeout, ErrorCode::connection_lost,
                                       ErrorCode::connect_failed, ErrorCode::unavailable,
                                       ErrorCode::overloaded};
    for (const auto& [code, times] : report.errors) {
      EXPECT_TRUE(expected.contains(code)) << to_string(code) << ": " << times;
    }
  }

  /// The others' callers saw nothing of it.
  static void expect_undisturbed(const LoadReport& report, std::size_t but_shard) {
    for (std::size_t i = 0; i != report.shards.size(); ++i) {
      if (i == but_shard) continue;
      const LoadReport::Shard& shard = report.shards[i];
      EXPECT_LE(in_ms(shard.longest_quiet), in_ms(milliseconds(500) + 3 * report.lag)) << i;
      EXPECT_LE(shard.failures * 1'000, shard.calls) << i;
    }
  }

  /// Each key can be read and written again, and has a value that it may have.
  void expect_all_reachable(bool writes_may_be_lost) {
    Client client(store_, Front::awaitable);
    const auto get = [&client](const std::string& key) { return client.get(key); };
    EXPECT_EQ(load_->check(get, writes_may_be_lost), std::vector<std::string>());
    for (const std::string& key : many_keys(300)) {
      client.add(key, of(key));
      EXPECT_EQ(client.get(key), of(key));
    }
  }

  static constexpr milliseconds deadline{2'000};
  IoThread thread_;  // outlives the store
  std::vector<ClusterMember> shards_;
  std::shared_ptr<ElastiCacheStore> store_;
  std::unique_ptr<VersionedLoad> load_;
  std::set<std::string> dead_;
  std::set<std::string> hung_;
};

TEST_F(Failover, by_hand_and_back) {
  start();
  const ClusterMember replica = cluster_.replica_of(shards_[0]);
  cluster_.fail_over_to(replica);
  expect_service(0);
  cluster_.wait_until_whole();
  cluster_.fail_over_to(shards_[0]);
  for (std::size_t shard = 0; shard != shards_.size(); ++shard) expect_service(shard);
  const LoadReport report = finish("failover by hand and back");
  expect_right(report, false);
  expect_undisturbed(report, 0);
  expect_all_reachable(false);
}

/// kill -9 of the primary whose endpoint the store was opened with.
class FailoverOfTheDead : public Failover {
 protected:
  void kill_a_primary(bool full_coverage) {
    cover(full_coverage);
    options_.endpoint = shards_[0].endpoint.text();
    const ClusterMember replica = cluster_.replica_of(shards_[0]);
    start();
    const auto killed = steady_clock::now();
    kill(shards_[0].name);
    EXPECT_TRUE(comes_true([&] { return cluster_.ask(replica, {"ROLE"}).starts_with("master"); },
                           std::chrono::seconds(30)));
    const auto promoted = steady_clock::now();
    for (std::size_t shard = 0; shard != shards_.size(); ++shard) expect_service(shard, 1);
    const auto served = steady_clock::now();
    fmt::print("killed; {} ms later its replica is the primary, {} ms later it serves\n",
               in_ms(promoted - killed), in_ms(served - promoted));
    expect_service(0);
    restart(shards_[0].name);
    cluster_.wait_until_whole();
    for (std::size_t shard = 0; shard != shards_.size(); ++shard) expect_service(shard);
    const LoadReport report = finish("kill -9 of a primary");
    expect_right(report, true);
    if (!full_coverage) expect_undisturbed(report, 0);
    expect_all_reachable(true);
  }
};

TEST_F(FailoverOfTheDead, a_primary_is_killed) { kill_a_primary(false); }

/// The whole cluster says that it is down until the dead shard has a primary again.
TEST_F(FailoverOfTheDead, a_primary_is_killed_and_the_cluster_serves_all_or_nothing) {
  kill_a_primary(true);
}

TEST_F(FailoverOfTheDead, a_primary_hangs) {
  cover(false);
  const ClusterMember replica = cluster_.replica_of(shards_[0]);
  start();
  pause(shards_[0].name);
  const auto paused = steady_clock::now();
  EXPECT_TRUE(comes_true([&] { return cluster_.ask(replica, {"ROLE"}).starts_with("master"); },
                         std::chrono::seconds(30)));
  expect_service(0);
  fmt::print("hung; {} ms later its shard is served\n", in_ms(steady_clock::now() - paused));
  resume(shards_[0].name);
  cluster_.wait_until_whole();
  for (std::size_t shard = 0; shard != shards_.size(); ++shard) expect_service(shard);
  const LoadReport report = finish("a primary that hangs");
  expect_right(report, true);
  expect_undisturbed(report, 0);
  expect_all_reachable(true);
}

/// A shard whose servers are all gone stays gone; nobody else may wait for it.
class FailoverOfNobody : public Failover {
 protected:
  FailoverOfNobody() { cover(false); }

  /// A batch over all shards fails for the dead shard's items alone.
  void expect_batches_of_the_living() {
    Client client(store_, Front::awaitable);
    std::vector<std::string> keys = many_keys(200);
    const auto start = steady_clock::now();
    const BatchOutcome outcome = client.batch_add(items_of(keys));
    EXPECT_LT(steady_clock::now() - start, deadline + slack);
    std::set<std::string> failed;
    for (const auto& failure : outcome.failures) failed.insert(keys.at(failure.index));
    std::vector<std::string> living;
    for (const std::string& key : keys) {
      EXPECT_EQ(failed.contains(key), shard_of(key) == 0) << key;
      if (shard_of(key) != 0) living.push_back(key);
    }
    EXPECT_EQ(outcome.stored, living.size());
    const auto found = client.batch_get(living);
    for (std::size_t i = 0; i != living.size(); ++i) EXPECT_EQ(found.at(i), of(living[i]));
  }
};

/// Its connections stay open, and nothing comes.
TEST_F(FailoverOfNobody, a_shard_that_hangs_never_stalls_the_others) {
  const ClusterMember replica = cluster_.replica_of(shards_[0]);
  start();
  pause(replica.name);
  pause(shards_[0].name);
  EXPECT_TRUE(comes_true([&] { return load_->report().shards[0].failures > 200; },
                         std::chrono::seconds(60)));
  for (const std::size_t living : {1U, 2U}) expect_service(living, 1'000);
  expect_batches_of_the_living();
  const LoadReport report = finish("a shard that hangs");
  expect_right(report, true);
  expect_undisturbed(report, 0);
  resume(replica.name);
  resume(shards_[0].name);
  cluster_.wait_until_whole();
  Client client(store_, Front::awaitable);
  EXPECT_TRUE(comes_true(
      [&] { return error_of([&] { return client.batch_get(many_keys(200)); }) == std::nullopt; }));
  expect_all_reachable(true);
}

/// Reads of the dead shard are misses, its writes are dropped, and all of it is counted.
TEST_F(FailoverOfNobody, a_dead_shard_is_a_miss_where_that_is_asked_for) {
  options_.network.on_error = OnError::miss;
  const ClusterMember replica = cluster_.replica_of(shards_[0]);
  Client client = client_of(options_);
  const std::vector<std::string> keys = many_keys(100);
  EXPECT_TRUE(client.batch_add(items_of(keys)).ok());
  kill(replica.name);
  kill(shards_[0].name);
  const auto found = client.batch_get(keys);
  for (std::size_t i = 0; i != keys.size(); ++i) {
    const bool dead = shard_of(keys[i]) == 0;
    EXPECT_EQ(found.at(i), dead ? std::nullopt : std::optional(of(keys[i]))) << keys[i];
    EXPECT_EQ(client.get(keys[i]), found[i]);
  }
  EXPECT_NO_THROW(client.add(keys[0], "new"));
  EXPECT_GT(client.stats().error_count(), 0U);
  client.close();
}

TEST_F(FailoverOfNobody, a_dead_shard_never_stalls_the_others) {
  const ClusterMember replica = cluster_.replica_of(shards_[0]);
  start();
  kill(replica.name);
  kill(shards_[0].name);
  const std::uint64_t before = load_->report().shards[0].failures;
  EXPECT_TRUE(comes_true([&] { return load_->report().shards[0].failures > before + 200; },
                         std::chrono::seconds(60)));
  for (const std::size_t living : {1U, 2U}) expect_service(living, 1'000);
  expect_batches_of_the_living();
  const LoadReport report = finish("a shard without a server");
  expect_right(report, true);
  expect_undisturbed(report, 0);
  restart(shards_[0].name);
  restart(replica.name);
  cluster_.wait_until_whole();
  Client client(store_, Front::awaitable);
  EXPECT_TRUE(works_again(client));
  EXPECT_TRUE(comes_true(
      [&] { return error_of([&] { return client.batch_get(many_keys(200)); }) == std::nullopt; }));
  expect_all_reachable(true);
}

}  // namespace
}  // namespace semantrix::testing
