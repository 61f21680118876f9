// The worst bug of this field: a caller is given another's reply. Here 64 coroutines and two
// threads share few connections through a network that resets, cuts, delays and splits, with
// deadlines too short for it and with calls that are cancelled at any moment; every value names its
// key.
//
//   fault_test --gtest_filter=CrossTalk.* --seconds=60 --seed=7
#include "fault/storm.hpp"
#include "fault/trouble.hpp"
#include "integration/subject.hpp"
#include "support/fault_gate.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace semantrix::testing::storm {

Settings& settings() {
  static Settings settings;
  return settings;
}

namespace {

namespace asio = boost::asio;
using asio::steady_timer;
using TimePoint = steady_clock::time_point;

/// What a caller has; outlives all of its coroutines.
struct Caller {
  CacheStore& store;
  Tally& tally;
  TimePoint end;
  Random random;
};

std::vector<std::string> random_keys(Random& random) {
  std::vector<std::string> keys(1 + up_to(random, 20));
  for (std::string& key : keys) key = random_key(random);
  return keys;
}

std::vector<BatchItem> random_items(Random& random) {
  std::vector<BatchItem> items;
  for (std::string& key : random_keys(random)) {
    std::string value = value_of(key, random);
    items.push_back({std::move(key), Value(std::move(value)), std::nullopt});
  }
  return items;
}

/// One call, checked.
awaitable<void> one_call(std::shared_ptr<Caller> caller) {
  Random& random = caller->random;
  const std::uint64_t verb = up_to(random, 9);
  const std::string key = random_key(random);
  if (verb < 5) {
    const auto found = co_await caller->store.get_exact(key);
    caller->tally.found(key, found);
  } else if (verb < 7) {
    const std::string value = value_of(key, random);
    co_await caller->store.add(key, Value(value));
  } else if (verb == 7) {
    const std::vector<std::string> keys = random_keys(random);
    const auto found = co_await caller->store.batch_get(keys);
    for (std::size_t i = 0; i != keys.size(); ++i) caller->tally.found(keys[i], found.at(i));
  } else if (verb == 8) {
    std::vector<BatchItem> items = random_items(random);
    const BatchOutcome outcome = co_await caller->store.batch_add(std::move(items));
    for (const auto& failure : outcome.failures) caller->tally.failed(failure.error.code());
  } else {
    const auto entry = co_await caller->store.get_entry(key);
    if (entry) caller->tally.found(key, entry->value);
  }
}

void count(Tally& tally, const std::exception_ptr& thrown) {
  try {
    if (thrown) std::rethrow_exception(thrown);
  } catch (const CacheError& error) {
    tally.failed(error.code());
  } catch (const boost::system::system_error&) {
    tally.abandoned();
  }
}

steady_clock::duration moment(Random& random) {
  return std::chrono::microseconds(up_to(random, up_to(random, 3) == 0 ? 30'000 : 1'000));
}

/// The call, until a timer comes first.
awaitable<void> raced_call(std::shared_ptr<Caller> caller) {
  using asio::experimental::awaitable_operators::operator||;
  steady_timer timer(co_await asio::this_coro::executor, moment(caller->random));
  auto race = one_call(caller) || timer.async_wait(asio::use_awaitable);
  const auto first = co_await std::move(race);
  if (first.index() == 1) caller->tally.abandoned();
}

/// The call, cancelled through its slot at some moment, perhaps after its end.
awaitable<void> cancelled_call(std::shared_ptr<Caller> caller) {
  const auto executor = co_await asio::this_coro::executor;
  steady_timer timer(executor, moment(caller->random));
  auto ended = std::make_shared<steady_timer>(executor, TimePoint::max());
  auto has_ended = std::make_shared<bool>(false);
  asio::cancellation_signal cancel;
  auto on_end = [caller, ended, has_ended](const std::exception_ptr& thrown) {
    count(caller->tally, thrown);
    *has_ended = true;
    ended->cancel();
  };
  asio::co_spawn(executor, one_call(caller), asio::bind_cancellation_slot(cancel.slot(), on_end));
  co_await timer.async_wait(asio::use_awaitable);
  cancel.emit(asio::cancellation_type::terminal);
  boost::system::error_code ignored;
  while (!*has_ended)
    co_await ended->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

awaitable<void> calls(std::shared_ptr<Caller> caller) {
  while (steady_clock::now() < caller->end) {
    const std::uint64_t way = up_to(caller->random, 3);
    std::exception_ptr thrown;
    try {
      if (way == 0) {
        co_await raced_call(caller);
      } else if (way == 1) {
        co_await cancelled_call(caller);
      } else {
        co_await one_call(caller);
      }
    } catch (...) {
      thrown = std::current_exception();
    }
    if (!thrown) continue;
    count(caller->tally, thrown);
    // While it is out of reach a call fails at once: do not spin.
    steady_timer timer(co_await asio::this_coro::executor, moment(caller->random));
    co_await timer.async_wait(asio::use_awaitable);
  }
}

/// Gives a recovered store the calls of patient callers, until one is answered.
awaitable<void> until_it_works(CacheStore& store, TimePoint end) {
  bool works = false;
  while (!works && steady_clock::now() < end) {
    try {
      co_await store.add("after the storm", "calm");
      const auto found = co_await store.get_exact("after the storm");
      works = found == Value("calm");
    } catch (const CacheError&) {
    }
    steady_timer timer(co_await asio::this_coro::executor, milliseconds(20));
    co_await timer.async_wait(asio::use_awaitable);
  }
  EXPECT_TRUE(works) << "it does not work any more";
}

void blocking_calls(const std::shared_ptr<CacheStore>& store,
                    const std::shared_ptr<Caller>& caller) {
  BlockingStore blocking(store);
  while (steady_clock::now() < caller->end) {
    const std::string key = random_key(caller->random);
    try {
      if (up_to(caller->random, 2) == 0) blocking.add(key, value_of(key, caller->random));
      caller->tally.found(key, blocking.get_exact(key));
    } catch (const CacheError& error) {
      caller->tally.failed(error.code());
    }
  }
}

/// The callers, and the network that troubles them.
class CrossTalk : public RedisTest {
 protected:
  CrossTalk() : gate_(server_.endpoint()), random_(settings().seed) {
    options_.endpoint = gate_.endpoint().text();
    options_.executor = context_.get_executor();
    options_.network.connect_timeout = milliseconds(200);
    options_.network.read_timeout = milliseconds(60);
    options_.network.deadline = milliseconds(150);
    options_.network.retry_attempts = 1;
    options_.network.max_pool_connections = 3;
    store_ = std::make_shared<ElastiCacheStore>(options_);
  }

  std::shared_ptr<Caller> new_caller(TimePoint end) {
    return std::make_shared<Caller>(Caller{*store_, tally_, end, Random(random_())});
  }

  void start(TimePoint end) {
    for (int i = 0; i != 64; ++i) {
      finished_.push_back(asio::co_spawn(context_, calls(new_caller(end)), asio::use_future));
    }
    for (int i = 0; i != 2; ++i) {
      auto work = [store = store_, caller = new_caller(end)] { blocking_calls(store, caller); };
      finished_.push_back(std::async(std::launch::async, std::move(work)));
    }
    auto work = [this, end, random = Random(random_())] {
      trouble(gate_, random, end, settings().calm);
    };
    finished_.push_back(std::async(std::launch::async, std::move(work)));
  }

  /// Whether all callers come to their end.
  bool run(TimePoint until) {
    while (!finished_.empty() && steady_clock::now() < until) {
      context_.restart();
      context_.run_for(milliseconds(20));
      std::erase_if(finished_, [](const std::future<void>& each) {
        return each.wait_for(milliseconds(0)) == std::future_status::ready;
      });
    }
    return finished_.empty();
  }

  /// The seed first: a run that hangs or crashes has told it.
  void report() const {
    std::cout << tally_.hits() << " hits, " << tally_.misses() << " misses, "
              << tally_.abandoned_calls() << " abandoned, " << gate_.counts().connections
              << " connections";
    for (const auto& [code, times] : tally_.errors()) {
      std::cout << ", " << times << " " << to_string(code);
    }
    std::cout << "\n";
  }

  FaultGate gate_;
  Random random_;
  asio::io_context context_{1};
  Tally tally_;
  std::shared_ptr<ElastiCacheStore> store_;
  std::vector<std::future<void>> finished_;
};

TEST_F(CrossTalk, no_caller_ever_gets_anothers_reply) {
  std::cout << "seed " << settings().seed << "\n" << std::flush;
  const TimePoint end = steady_clock::now() + settings().duration;
  start(end);
  const bool all_ended = run(end + std::chrono::seconds(30));
  report();
  ASSERT_TRUE(all_ended) << finished_.size() << " callers hang";
  EXPECT_EQ(tally_.wrong(), std::vector<std::string>());
  // It must have been a storm, and work must have been done in it.
  EXPECT_GT(tally_.hits(), 100U);
  EXPECT_GT(tally_.abandoned_calls(), 100U);
  EXPECT_GT(gate_.counts().connections, 3U);
  const std::set<ErrorCode> expected{ErrorCode::timeout,        ErrorCode::connection_lost,
                                     ErrorCode::connect_failed, ErrorCode::cancelled,
                                     ErrorCode::overloaded,     ErrorCode::unavailable};
  for (const auto& [code, times] : tally_.errors()) {
    EXPECT_TRUE(expected.contains(code)) << to_string(code) << ": " << times;
  }
  gate_.pass();
  gate_.reset_all();
  const TimePoint recovered = steady_clock::now() + longest_recovery;
  finished_.push_back(
      asio::co_spawn(context_, until_it_works(*store_, recovered), asio::use_future));
  ASSERT_TRUE(run(recovered + slack));
}

}  // namespace
}  // namespace semantrix::testing::storm
