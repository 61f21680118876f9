#include "soak/mortal_load.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <utility>

namespace semantrix::testing {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using Random = std::mt19937_64;

constexpr std::size_t keys_each = 4;
/// What clocks that count milliseconds may differ by.
constexpr milliseconds grain{2};
constexpr Clock::time_point never = Clock::time_point::max() - std::chrono::hours(1);

std::uint64_t up_to(Random& random, std::uint64_t most) {
  return std::uniform_int_distribution<std::uint64_t>(0, most)(random);
}

/// A key, and what it may give. Touched by its caller alone.
struct MortalKey {
  std::string name;
  std::uint64_t next = 1;              ///< The next value's number.
  std::set<std::uint64_t> candidates;  ///< Numbers of the values that it may have.
  bool may_miss = true;
  Clock::time_point lives_until;  ///< Before then no miss, if it may not miss.
  Clock::time_point dead_from = never;
  Clock::time_point doubt_until = {};
};

/// One that works alone on its keys. Too large for a coroutine's frame.
struct MortalCaller {
  MortalCaller(const std::string& name, std::uint64_t seed) : keys(keys_each), random(seed) {
    for (std::size_t i = 0; i != keys_each; ++i) keys[i].name = fmt::format("{}.{}", name, i);
  }
  MortalKey& any_key() { return keys[up_to(random, keys.size() - 1)]; }

  std::vector<MortalKey> keys;
  Random random;
};

/// "key|number|length|marks": a torn value, or another's, is seen.
std::string value_of(const MortalKey& key, std::uint64_t number) {
  Random random(number * 7919 + std::hash<std::string>{}(key.name));
  constexpr std::array<std::uint64_t, 4> longest{10, 400, 5'000, 60'000};
  const std::size_t length = up_to(random, longest.at(up_to(random, longest.size() - 1)));
  std::string value = fmt::format("{}|{}|{}|", key.name, number, length);
  value.append(length, static_cast<char>('!' + number % 90));
  return value;
}

bool may_give(const MortalKey& key, const Value& value) {
  return std::ranges::any_of(
      key.candidates, [&](std::uint64_t number) { return value.view() == value_of(key, number); });
}

/// What is wrong with it, if anything.
std::optional<std::string> judge(const MortalKey& key, const std::optional<Value>& value,
                                 Clock::time_point asked, Clock::time_point answered) {
  if (!value) {
    if (key.may_miss || answered + grain >= key.lives_until) return std::nullopt;
    return key.name + " is lost";
  }
  if (!may_give(key, *value)) {
    return fmt::format("{} gave {}", key.name, value->view().substr(0, 60));
  }
  if (asked > key.dead_from + grain)
    return fmt::format("{} gave what is dead for {} ms", key.name,
                       std::chrono::duration_cast<milliseconds>(asked - key.dead_from).count());
  return std::nullopt;
}

}  // namespace

std::string MortalReport::text() const {
  using std::chrono::duration_cast;
  std::string text = fmt::format(
      "{} calls, {} hits, {} misses of what is dead, worst latency {} ms, timers up to {} ms late; "
      "{} wrong",
      calls, hits, expired, duration_cast<milliseconds>(worst).count(),
      duration_cast<milliseconds>(lag).count(), wrong.size());
  for (const auto& [code, times] : errors) text += fmt::format("; {} {}", times, to_string(code));
  return text;
}

class MortalLoad::State {
 public:
  State(CacheStore& its_store, std::size_t callers, milliseconds its_doubt)
      : store(its_store), doubt(its_doubt), running_(callers) {}

  CacheStore& store;
  const milliseconds doubt;

  void found(const MortalKey& key, const std::optional<Value>& value, Clock::time_point asked) {
    const auto answered = Clock::now();
    std::optional<std::string> complaint = judge(key, value, asked, answered);
    const std::lock_guard lock(mutex_);
    if (value) ++report_.hits;
    if (!value && asked > key.dead_from) ++report_.expired;
    if (complaint) report_.wrong.push_back(std::move(*complaint));
  }
  void ended(Clock::time_point asked, const std::optional<Error>& error) {
    const std::lock_guard lock(mutex_);
    ++report_.calls;
    report_.worst = std::max(report_.worst, Clock::now() - asked);
    if (error) ++report_.errors[error->code()];
  }
  void late(Clock::duration by) {
    const std::lock_guard lock(mutex_);
    report_.lag = std::max(report_.lag, by);
  }
  void caller_ended() {
    const std::lock_guard lock(mutex_);
    --running_;
    changed_.notify_all();
  }

  [[nodiscard]] bool stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }
  [[nodiscard]] MortalReport report() const {
    const std::lock_guard lock(mutex_);
    return report_;
  }
  bool stop(milliseconds longest) {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    return changed_.wait_for(lock, longest, [this] { return running_ == 0; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::size_t running_;
  MortalReport report_;
};

namespace {

/// The coroutines, for any kind of state.
template <class State>
struct MortalCalls {
  using StatePtr = std::shared_ptr<State>;

  static awaitable<void> add(StatePtr state, MortalKey& key, Random& random) {
    const std::uint64_t number = key.next++;
    const milliseconds ttl{20 + up_to(random, 400)};
    // Until it is acknowledged it may be there or not.
    key.candidates.insert(number);
    key.may_miss = true;
    key.dead_from = never;
    const auto asked = Clock::now();
    const Value value(value_of(key, number));
    AddOptions options;
    options.ttl = ttl;
    co_await state->store.add(key.name, value, options);
    key.candidates = {number};
    key.may_miss = Clock::now() < key.doubt_until;
    key.lives_until = asked + ttl;
    key.dead_from = Clock::now() + ttl;
  }

  static awaitable<void> erase(StatePtr state, MortalKey& key) {
    key.may_miss = true;
    co_await state->store.erase(key.name);
    key.candidates.clear();
    key.dead_from = Clock::now();
  }

  static awaitable<void> look_up(StatePtr state, MortalKey& key, bool whole_entry) {
    const auto asked = Clock::now();
    std::optional<Value> value;
    if (whole_entry) {
      const std::optional<Entry> entry = co_await state->store.get_entry(key.name);
      if (entry) value = entry->value;
    } else {
      value = co_await state->store.get_exact(key.name);
    }
    state->found(key, value, asked);
  }

  static awaitable<void> one(StatePtr state, MortalKey& key, Random& random) {
    const std::uint64_t verb = up_to(random, 9);
    if (verb < 3) {
      co_await add(state, key, random);
    } else if (verb == 3) {
      co_await erase(state, key);
    } else {
      co_await look_up(state, key, verb == 4);
    }
  }

  static awaitable<void> turn(StatePtr state, MortalKey& key, Random& random) {
    const auto asked = Clock::now();
    std::optional<Error> error;
    try {
      co_await one(state, key, random);
    } catch (const CacheError& failed) {
      error = failed.error();
      key.doubt_until = Clock::now() + state->doubt;
    }
    state->ended(asked, error);
  }

  static awaitable<void> pause(StatePtr state, asio::steady_timer& timer, milliseconds time) {
    timer.expires_after(time);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    state->late(Clock::now() - timer.expiry());
  }

  static awaitable<void> caller(StatePtr state, std::shared_ptr<MortalCaller> self) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (!state->stopping()) {
      co_await turn(state, self->any_key(), self->random);
      co_await pause(state, timer, milliseconds(1 + up_to(self->random, 5)));
    }
    state->caller_ended();
  }
};

}  // namespace

MortalLoad::MortalLoad(CacheStore& store, const asio::any_io_executor& executor,
                       const std::string& name, std::size_t callers, milliseconds doubt,
                       std::uint64_t seed)
    : state_(std::make_shared<State>(store, callers, doubt)) {
  for (std::size_t i = 0; i != callers; ++i) {
    auto caller = std::make_shared<MortalCaller>(fmt::format("{}{}", name, i), seed + i);
    asio::co_spawn(executor, MortalCalls<State>::caller(state_, std::move(caller)), asio::detached);
  }
}

MortalReport MortalLoad::report() const { return state_->report(); }

bool MortalLoad::stop(milliseconds longest) { return state_->stop(longest); }

}  // namespace semantrix::testing
