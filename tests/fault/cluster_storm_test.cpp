// The cross-talk detector on a cluster: 64 coroutines give up on calls at any moment while nodes
// cut their clients off and primaries hand over. Every value names its key.
//
//   fault_test --gtest_filter=ClusterStorm.* --seconds=60 --seed=7
#include "fault/storm.hpp"
#include "integration/cluster_subject.hpp"
#include "support/io_thread.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace semantrix::testing::storm {
namespace {

namespace asio = boost::asio;
using TimePoint = steady_clock::time_point;

/// What a caller has; outlives all of its coroutines.
struct Sailor {
  CacheStore& store;
  Tally& tally;
  TimePoint end;
  Random random;
};
using SailorPtr = std::shared_ptr<Sailor>;

std::vector<std::string> some_keys(Random& random) {
  std::vector<std::string> keys(1 + up_to(random, 20));
  for (std::string& key : keys) key = random_key(random);
  return keys;
}

awaitable<void> add_many(SailorPtr sailor) {
  std::vector<BatchItem> items;
  for (std::string& key : some_keys(sailor->random)) {
    std::string value = value_of(key, sailor->random);
    items.push_back({std::move(key), Value(std::move(value)), std::nullopt});
  }
  const BatchOutcome outcome = co_await sailor->store.batch_add(std::move(items));
  for (const auto& failure : outcome.failures) sailor->tally.failed(failure.error.code());
}

awaitable<void> get_many(SailorPtr sailor) {
  const std::vector<std::string> keys = some_keys(sailor->random);
  const auto found = co_await sailor->store.batch_get(keys);
  for (std::size_t i = 0; i != keys.size(); ++i) sailor->tally.found(keys[i], found.at(i));
}

awaitable<void> one_call(SailorPtr sailor) {
  const std::uint64_t verb = up_to(sailor->random, 9);
  if (verb == 8) co_return co_await add_many(sailor);
  if (verb == 7) co_return co_await get_many(sailor);
  const std::string key = random_key(sailor->random);
  if (verb < 5) {
    const auto found = co_await sailor->store.get_exact(key);
    sailor->tally.found(key, found);
  } else if (verb == 9) {
    const auto entry = co_await sailor->store.get_entry(key);
    if (entry) sailor->tally.found(key, entry->value);
  } else {
    const std::string value = value_of(key, sailor->random);
    co_await sailor->store.add(key, Value(value));
  }
}

steady_clock::duration moment(Random& random) {
  return std::chrono::microseconds(up_to(random, up_to(random, 3) == 0 ? 30'000 : 1'000));
}

/// The call, until a timer comes first.
awaitable<void> raced_call(SailorPtr sailor) {
  using asio::experimental::awaitable_operators::operator||;
  asio::steady_timer timer(co_await asio::this_coro::executor, moment(sailor->random));
  auto race = one_call(sailor) || timer.async_wait(asio::use_awaitable);
  const auto first = co_await std::move(race);
  if (first.index() == 1) sailor->tally.abandoned();
}

awaitable<void> calls(SailorPtr sailor) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  while (steady_clock::now() < sailor->end) {
    std::optional<ErrorCode> failed;
    try {
      if (up_to(sailor->random, 2) == 0) {
        co_await raced_call(sailor);
      } else {
        co_await one_call(sailor);
      }
    } catch (const CacheError& error) {
      failed = error.code();
    }
    if (!failed) continue;
    sailor->tally.failed(*failed);
    // While it is out of reach a call fails at once: do not spin.
    timer.expires_after(moment(sailor->random));
    co_await timer.async_wait(asio::use_awaitable);
  }
}

class ClusterStorm : public ClusterTest {
 protected:
  ClusterStorm() : random_(settings().seed) {
    options_.executor = thread_.context().get_executor();
    options_.network.connect_timeout = milliseconds(300);
    options_.network.read_timeout = milliseconds(100);
    options_.network.deadline = milliseconds(300);
    options_.network.max_pool_connections = 2;
    store_ = std::make_shared<ElastiCacheStore>(options_);
  }
  void TearDown() override {
    await(store_->close());
    cluster_.wait_until_whole();
  }

  void start(TimePoint end) {
    for (int i = 0; i != 64; ++i) {
      auto sailor = std::make_shared<Sailor>(Sailor{*store_, tally_, end, Random(random_())});
      finished_.push_back(
          asio::co_spawn(thread_.context(), calls(std::move(sailor)), asio::use_future));
    }
  }

  /// Clients are cut off again and again; now and then a replica takes over.
  void trouble(TimePoint end) {
    TimePoint next_failover = steady_clock::now() + std::chrono::seconds(2);
    while (steady_clock::now() < end) {
      std::this_thread::sleep_for(settings().calm + milliseconds(up_to(random_, 100)));
      const bool fail_over = steady_clock::now() > next_failover;
      const auto members = fail_over ? cluster_.replicas() : cluster_.primaries();
      const ClusterMember& unlucky = members.at(up_to(random_, members.size() - 1));
      if (!fail_over) {
        killed_ += std::stoul(cluster_.ask(unlucky, {"CLIENT", "KILL", "TYPE", "normal"}));
        continue;
      }
      // Refused while it is not in step: no matter.
      static_cast<void>(cluster_.ask(unlucky, {"CLUSTER", "FAILOVER"}));
      next_failover = steady_clock::now() + std::chrono::seconds(2);
      ++failovers_;
    }
  }

  void report() const {
    fmt::print("{} hits, {} misses, {} abandoned, {} clients killed, {} failovers", tally_.hits(),
               tally_.misses(), tally_.abandoned_calls(), killed_, failovers_);
    for (const auto& [code, times] : tally_.errors()) fmt::print(", {} {}", times, to_string(code));
    fmt::print("\n");
  }

  IoThread thread_;  // outlives the store
  Random random_;
  Tally tally_;
  std::shared_ptr<ElastiCacheStore> store_;
  std::vector<std::future<void>> finished_;
  std::size_t killed_ = 0;
  std::size_t failovers_ = 0;
};

TEST_F(ClusterStorm, no_caller_ever_gets_anothers_reply) {
  fmt::print("seed {}\n", settings().seed);
  const TimePoint end = steady_clock::now() + settings().duration;
  start(end);
  trouble(end);
  for (std::future<void>& each : finished_) {
    ASSERT_EQ(each.wait_until(end + std::chrono::seconds(30)), std::future_status::ready)
        << "a caller hangs";
    EXPECT_NO_THROW(each.get());
  }
  report();
  EXPECT_EQ(tally_.wrong(), std::vector<std::string>());
  // It must have been a storm, and work must have been done in it.
  EXPECT_GT(tally_.hits(), 100U);
  EXPECT_GT(tally_.abandoned_calls(), 100U);
  EXPECT_GT(killed_, 10U);
  const std::set<ErrorCode> expected{ErrorCode::timeout,        ErrorCode::connection_lost,
                                     ErrorCode::connect_failed, ErrorCode::cancelled,
                                     ErrorCode::overloaded,     ErrorCode::unavailable};
  for (const auto& [code, times] : tally_.errors()) {
    EXPECT_TRUE(expected.contains(code)) << to_string(code) << ": " << times;
  }
  cluster_.wait_until_whole();
  Client client(store_, Front::awaitable);
  EXPECT_TRUE(works_again(client));
  for (const std::string& key : many_keys(100)) {
    EXPECT_TRUE(comes_true([&] { return !ending_of_add(client, key, of(key)).error; })) << key;
  }
}

}  // namespace
}  // namespace semantrix::testing::storm
