#include "cli/bench_load.hpp"

#include "cli/interrupt.hpp"
#include "workload/zipf.hpp"
#include <semantrix/blocking_store.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <array>
#include <chrono>
#include <thread>
#include <utility>

namespace semantrix::cli {
namespace {

using Clock = std::chrono::steady_clock;

enum class Phase : std::uint8_t { warmup, counting, over };

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// One thread of the load: its draws, its counters, its calls. Aligned so that threads do not share
/// a cache line.
class alignas(64) Worker {
 public:
  Worker(CacheStore& store, const BenchPlan& plan, const std::atomic<Phase>& phase,
         std::uint64_t seed)
      : store_(store),
        plan_(plan),
        phase_(phase),
        draws_(static_cast<std::uint32_t>(plan.keys), plan.zipf, seed),
        payload_(plan.value_bytes, 'x') {}

  void run() {
    if (plan_.callers == 1 && store_.capability().synchronous) {
      run_plain();
    } else {
      run_callers();
    }
  }

  /// Exact once the thread has ended.
  [[nodiscard]] std::uint64_t ops() const noexcept { return ops_.load(std::memory_order_relaxed); }

  void add_to(BenchCounts& counts) const {
    counts.ops += ops();
    counts.hits += hits_;
    counts.errors += errors_;
    counts.latencies.merge(latencies_);
    if (!counts.first_error) counts.first_error = first_error_;
  }

 private:
  // What answers at once is called in a plain loop, as a program with such a store would.
  void run_plain() {
    BlockingStore store(std::shared_ptr<CacheStore>(std::shared_ptr<void>(), &store_));
    std::string key;
    while (goes_on()) {
      const auto start = begin_op(key);
      try {
        const bool hit = store.get_exact(key).has_value();
        if (!hit) store.add(key, Value(std::string_view(payload_)));
        end_op(start, hit);
      } catch (const CacheError& failure) {
        fail_op(failure.error());
      }
    }
  }

  void run_callers() {
    boost::asio::io_context io(1);
    for (std::uint64_t caller = 0; caller < plan_.callers; ++caller) {
      boost::asio::co_spawn(io, call_until_over(), boost::asio::detached);
    }
    io.run();
  }

  awaitable<void> call_until_over() {
    std::string key;
    // A store that answers at once never suspends, and the other callers would wait for ever.
    std::uint64_t until_yield = ops_between_yields;
    while (goes_on()) {
      if (--until_yield == 0) {
        until_yield = ops_between_yields;
        co_await boost::asio::post(boost::asio::use_awaitable);
      }
      co_await call_once(key);
    }
  }

  awaitable<void> call_once(std::string& key) {
    const auto start = begin_op(key);
    try {
      const std::optional<Value> found = co_await store_.get_exact(key);
      if (!found) {
        Value value{std::string_view(payload_)};
        co_await store_.add(key, std::move(value));
      }
      end_op(start, found.has_value());
    } catch (const CacheError& failure) {
      fail_op(failure.error());
    }
  }

  bool goes_on() {
    const Phase phase = phase_.load(std::memory_order_relaxed);
    if (phase == Phase::counting && !counting_) start_counting();
    return phase != Phase::over;
  }

  void start_counting() {
    counting_ = true;
    ops_.store(0, std::memory_order_relaxed);
    hits_ = 0;
    latencies_ = LatencyHistogram();
  }

  /// Draws the key; the time, where this op is one of those whose latency is taken.
  Clock::time_point begin_op(std::string& key) {
    key = plan_.prefix;
    append_hexadecimal(key, draws_.next());
    const bool timed = (drawn_++ % ops_between_samples) == 0;
    return timed ? Clock::now() : Clock::time_point();
  }

  void end_op(Clock::time_point start, bool hit) {
    if (start != Clock::time_point()) latencies_.record(Clock::now() - start);
    // Only this thread writes; the other one looks on.
    ops_.store(ops() + 1, std::memory_order_relaxed);
    hits_ += hit ? 1 : 0;
  }

  void fail_op(const Error& error) {
    ++errors_;
    if (!first_error_) first_error_ = error;
  }

  static void append_hexadecimal(std::string& text, std::uint32_t number) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (int shift = 28; shift >= 0; shift -= 4) text += digits[(number >> shift) & 15U];
  }

  static constexpr std::uint64_t ops_between_samples = 16;
  static constexpr std::uint64_t ops_between_yields = 64;

  CacheStore& store_;
  const BenchPlan& plan_;
  const std::atomic<Phase>& phase_;
  workload::ZipfGenerator draws_;
  const std::string payload_;
  std::atomic<std::uint64_t> ops_{0};
  std::uint64_t drawn_ = 0;
  std::uint64_t hits_ = 0;
  std::uint64_t errors_ = 0;
  bool counting_ = false;
  std::optional<Error> first_error_;
  LatencyHistogram latencies_;
};

using Workers = std::vector<std::unique_ptr<Worker>>;

/// Waits until `end` seconds after `start`, or a signal.
void wait_until(double end, Clock::time_point start, const Workers& workers,
                const std::function<void(double, std::uint64_t)>& tick) {
  constexpr double tick_seconds = 0.1;
  for (;;) {
    const double elapsed = seconds_since(start);
    if (elapsed >= end || interrupted()) return;
    std::uint64_t ops = 0;
    for (const auto& worker : workers) ops += worker->ops();
    tick(elapsed, ops);
    std::this_thread::sleep_for(
        std::chrono::duration<double>(std::min(tick_seconds, end - elapsed)));
  }
}

}  // namespace

BenchCounts run_load(CacheStore& store, const BenchPlan& plan,
                     const std::function<void(double, std::uint64_t)>& tick) {
  std::atomic<Phase> phase{plan.warmup > 0 ? Phase::warmup : Phase::counting};
  Workers workers;
  for (std::uint64_t seed = 1; seed <= plan.threads; ++seed) {
    workers.push_back(std::make_unique<Worker>(store, plan, phase, seed));
  }
  const auto start = Clock::now();
  std::vector<std::jthread> threads;
  for (const auto& worker : workers) threads.emplace_back([&worker] { worker->run(); });
  wait_until(plan.warmup, start, workers, tick);
  phase.store(Phase::counting, std::memory_order_relaxed);
  const auto counting_start = Clock::now();
  wait_until(plan.warmup + plan.seconds, start, workers, tick);
  phase.store(Phase::over, std::memory_order_relaxed);
  BenchCounts counts;
  counts.seconds = seconds_since(counting_start);
  threads.clear();  // joins
  for (const auto& worker : workers) worker->add_to(counts);
  return counts;
}

}  // namespace semantrix::cli
