#include "support/versioned_load.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

namespace semantrix::testing {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

/// A caller's key, touched by its caller alone until that has ended.
struct OwnKey {
  std::string name;
  std::size_t shard = 0;
  std::uint64_t attempted = 0;
  std::uint64_t acknowledged = 0;
  bool in_doubt = false;
  Clock::time_point doubt_until = {};

  void write_ended(bool succeeded, std::chrono::milliseconds doubt) {
    const auto now = Clock::now();
    if (succeeded) {
      acknowledged = attempted;
      if (now >= doubt_until) in_doubt = false;
    } else if (doubt.count() != 0) {
      in_doubt = true;
      doubt_until = now + doubt;
    }
  }
};

std::string mark_of(const std::string& key, std::uint64_t version) {
  return std::string(version % 400, static_cast<char>('!' + std::hash<std::string>{}(key) % 90));
}

/// "key|version|marks"
Value value_of(const std::string& key, std::uint64_t version) {
  return Value(fmt::format("{}|{}|{}", key, version, mark_of(key, version)));
}

/// The version, if the value is the key's own.
std::optional<std::uint64_t> version_of(const std::string& key, std::string_view value) {
  const std::size_t begin = key.size() + 1;
  if (value.size() <= begin) return std::nullopt;
  std::uint64_t version = 0;
  const auto read = std::from_chars(value.data() + begin, value.data() + value.size(), version);
  if (read.ec != std::errc() || value != value_of(key, version).view()) return std::nullopt;
  return version;
}

enum class Found { right, missing, older, wrong };

Found judge(const OwnKey& key, const std::optional<Value>& value) {
  if (!value) return key.acknowledged == 0 || key.in_doubt ? Found::right : Found::missing;
  const auto version = version_of(key.name, value->view());
  if (!version || *version == 0 || *version > key.attempted) return Found::wrong;
  return *version < key.acknowledged ? Found::older : Found::right;
}

std::string complaint(const OwnKey& key, const std::optional<Value>& value) {
  return fmt::format("{} (written {}, acknowledged {}) gave {}", key.name, key.attempted,
                     key.acknowledged, value ? value->view().substr(0, 60) : "a miss");
}

long long in_ms(LoadReport::Duration time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

}  // namespace

std::uint64_t LoadReport::calls() const {
  std::uint64_t sum = batches;
  for (const Shard& shard : shards) sum += shard.calls;
  return sum;
}

std::uint64_t LoadReport::failures() const {
  std::uint64_t sum = 0;
  for (const Shard& shard : shards) sum += shard.failures;
  return sum;
}

std::string LoadReport::text() const {
  std::string text = fmt::format(
      "{} calls ({} batches), {} failed, {} items of batches failed, worst latency {} ms, callers' "
      "timers up to {} ms late; {} wrong, {} missing, {} older than acknowledged",
      calls(), batches, failures(), batch_failures, in_ms(worst), in_ms(lag), wrong.size(), missing,
      older);
  for (const auto& [code, times] : errors) text += fmt::format("; {} {}", times, to_string(code));
  for (std::size_t i = 0; i != shards.size(); ++i) {
    text +=
        fmt::format("\n  shard {}: {} calls, {} failed, worst {} ms, longest without success {} ms",
                    i, shards[i].calls, shards[i].failures, in_ms(shards[i].worst),
                    in_ms(shards[i].longest_quiet));
  }
  return text + "\n";
}

class VersionedLoad::State {
 public:
  State(CacheStore& its_store, Plan plan)
      : store(its_store), plan_(std::move(plan)), last_success_(plan_.shards, Clock::now()) {
    report_.shards.resize(plan_.shards);
    for (const std::vector<std::string>& names : plan_.keys) {
      std::vector<OwnKey>& keys = keys_.emplace_back();
      for (const std::string& name : names) keys.push_back({name, plan_.shard(name)});
    }
    running_ = keys_.size();
  }

  CacheStore& store;

  [[nodiscard]] std::vector<OwnKey>& keys(std::size_t caller) { return keys_.at(caller); }
  [[nodiscard]] const std::vector<std::vector<OwnKey>>& all_keys() const { return keys_; }
  [[nodiscard]] bool batches() const { return plan_.batches; }
  [[nodiscard]] std::chrono::milliseconds doubt() const { return plan_.doubt; }
  [[nodiscard]] std::chrono::milliseconds pause() const { return plan_.pause; }

  [[nodiscard]] bool stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }

  void found(const OwnKey& key, const std::optional<Value>& value) {
    const Found what = judge(key, value);
    const std::lock_guard lock(mutex_);
    if (what == Found::missing) ++report_.missing;
    if (what == Found::older) ++report_.older;
    if (what == Found::wrong) report_.wrong.push_back(complaint(key, value));
  }

  void failed(const Error& error) {
    const std::lock_guard lock(mutex_);
    ++report_.errors[error.code()];
    if (!error.retryable()) ++report_.final_errors;
  }

  void ended(const OwnKey& key, Clock::time_point start, bool succeeded) {
    const auto now = Clock::now();
    const std::lock_guard lock(mutex_);
    LoadReport::Shard& shard = report_.shards.at(key.shard);
    ++shard.calls;
    shard.worst = std::max(shard.worst, now - start);
    report_.worst = std::max(report_.worst, now - start);
    if (!succeeded) {
      ++shard.failures;
      return;
    }
    shard.longest_quiet = std::max(shard.longest_quiet, now - last_success_.at(key.shard));
    last_success_.at(key.shard) = now;
  }

  void batch_ended(Clock::time_point start, std::size_t failures) {
    const std::lock_guard lock(mutex_);
    ++report_.batches;
    report_.batch_failures += failures;
    report_.worst = std::max(report_.worst, Clock::now() - start);
  }

  void late(LoadReport::Duration by) {
    const std::lock_guard lock(mutex_);
    report_.lag = std::max(report_.lag, by);
  }

  void caller_ended() {
    const std::lock_guard lock(mutex_);
    --running_;
    changed_.notify_all();
  }

  [[nodiscard]] LoadReport report() const {
    const std::lock_guard lock(mutex_);
    LoadReport report = report_;
    // A silence that lasts is one too, unless the callers were told to be silent.
    for (std::size_t i = 0; i != report.shards.size() && !stopping_; ++i) {
      LoadReport::Shard& shard = report.shards[i];
      shard.longest_quiet = std::max(shard.longest_quiet, Clock::now() - last_success_[i]);
    }
    return report;
  }

  bool stop(std::chrono::milliseconds longest) {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    return changed_.wait_for(lock, longest, [this] { return running_ == 0; });
  }

 private:
  const Plan plan_;
  std::vector<std::vector<OwnKey>> keys_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::size_t running_ = 0;
  LoadReport report_;
  std::vector<Clock::time_point> last_success_;
};

namespace {

/// The coroutines, for any kind of state.
template <class State>
struct Calls {
  using StatePtr = std::shared_ptr<State>;

  static awaitable<void> one(StatePtr state, OwnKey& key, bool write) {
    const auto start = Clock::now();
    std::optional<Error> error;
    try {
      if (write) {
        const std::uint64_t version = ++key.attempted;
        co_await state->store.add(key.name, value_of(key.name, version));
      } else {
        const std::optional<Value> value = co_await state->store.get_exact(key.name);
        state->found(key, value);
      }
    } catch (const CacheError& failed) {
      error = failed.error();
    }
    if (error) state->failed(*error);
    // To read what is in doubt is to write: it is erased.
    if (write || (error && key.in_doubt)) key.write_ended(!error, state->doubt());
    state->ended(key, start, !error);
  }

  static awaitable<void> batch_of_writes(StatePtr state, std::vector<OwnKey>& keys) {
    const auto start = Clock::now();
    std::vector<BatchItem> items;
    for (OwnKey& key : keys) {
      BatchItem& item = items.emplace_back();
      item.key = key.name;
      item.value = value_of(key.name, ++key.attempted);
    }
    const BatchOutcome outcome = co_await state->store.batch_add(std::move(items));
    std::vector<bool> stored(keys.size(), true);
    for (const BatchOutcome::Failure& failure : outcome.failures) {
      stored.at(failure.index) = false;
      state->failed(failure.error);
    }
    for (std::size_t i = 0; i != keys.size(); ++i) {
      keys[i].write_ended(stored[i], state->doubt());
    }
    state->batch_ended(start, outcome.failures.size());
  }

  static awaitable<void> batch_of_reads(StatePtr state, std::vector<OwnKey>& keys) {
    const auto start = Clock::now();
    std::vector<std::string> names;
    names.reserve(keys.size());
    for (const OwnKey& key : keys) names.push_back(key.name);
    std::size_t failures = 0;
    try {
      const auto values = co_await state->store.batch_get(names);
      for (std::size_t i = 0; i != keys.size(); ++i) state->found(keys[i], values.at(i));
    } catch (const CacheError& failed) {
      state->failed(failed.error());
      failures = keys.size();
      for (OwnKey& key : keys) {
        if (key.in_doubt) key.write_ended(false, state->doubt());
      }
    }
    state->batch_ended(start, failures);
  }

  static awaitable<void> next(StatePtr state, std::vector<OwnKey>& keys, std::uint64_t turn) {
    if (state->batches() && turn % 8 == 3) co_return co_await batch_of_writes(state, keys);
    if (state->batches() && turn % 8 == 7) co_return co_await batch_of_reads(state, keys);
    OwnKey& key = keys[turn / 2 % keys.size()];
    co_await one(state, key, turn % 2 == 0);
  }

  static awaitable<void> pause(StatePtr state, asio::steady_timer& timer) {
    timer.expires_after(state->pause());
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    state->late(Clock::now() - timer.expiry());
  }

  static awaitable<void> caller(StatePtr state, std::size_t number) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (std::uint64_t turn = number; !state->stopping(); ++turn) {
      co_await next(state, state->keys(number), turn);
      co_await pause(state, timer);
    }
    state->caller_ended();
  }
};

}  // namespace

VersionedLoad::VersionedLoad(CacheStore& store, const asio::any_io_executor& executor, Plan plan)
    : state_(std::make_shared<State>(store, std::move(plan))) {
  for (std::size_t caller = 0; caller != state_->all_keys().size(); ++caller) {
    asio::co_spawn(executor, Calls<State>::caller(state_, caller), asio::detached);
  }
}

VersionedLoad::~VersionedLoad() { static_cast<void>(stop(std::chrono::seconds(30))); }

LoadReport VersionedLoad::report() const { return state_->report(); }

bool VersionedLoad::stop(std::chrono::milliseconds longest) { return state_->stop(longest); }

std::vector<std::string> VersionedLoad::check(
    const std::function<std::optional<Value>(const std::string& key)>& get,
    bool may_be_older) const {
  std::vector<std::string> complaints;
  for (const std::vector<OwnKey>& keys : state_->all_keys()) {
    for (const OwnKey& key : keys) {
      const std::optional<Value> value = get(key.name);
      const Found what = judge(key, value);
      if (what == Found::right || (may_be_older && what != Found::wrong)) continue;
      complaints.push_back(complaint(key, value));
    }
  }
  return complaints;
}

}  // namespace semantrix::testing
