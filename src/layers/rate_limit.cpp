#include <semantrix/layers/rate_limit.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <string>
#include <utility>

/// The limit is kept as the time at which the next entry would be due if all came at their pace
/// (the generic cell rate algorithm): one number says all.
namespace semantrix {
namespace {

constexpr double us_a_second = 1e6;

RateLimitOptions checked(RateLimitOptions options) {
  if (!(options.per_second > 0 && options.per_second <= 1e9)) {
    throw CacheError(Error(ErrorCode::invalid_argument, "rate_limit must be positive",
                           "give the entries a second, e.g. 1000"));
  }
  if (options.max_wait.count() < 0) {
    throw CacheError(Error(ErrorCode::invalid_argument, "the rate limit's wait is negative", ""));
  }
  if (options.burst == 0) {
    options.burst = std::max<std::size_t>(1, static_cast<std::size_t>(options.per_second / 10));
  }
  if (!options.clock) options.clock = system_clock();
  return options;
}

Error refused(const Capability& capability) {
  ErrorInfo info;
  info.code = ErrorCode::overloaded;
  info.message = "the rate limit of this process is used up";
  info.remedy = "raise rate_limit, or let calls wait longer for their turn";
  info.store = std::string(capability.store);
  info.retryable = true;
  return Error(std::move(info));
}

}  // namespace

RateLimitLayer::RateLimitLayer(std::shared_ptr<CacheStore> inner, RateLimitOptions options)
    : Layer(std::move(inner)),
      options_(checked(std::move(options))),
      interval_us_(us_a_second / options_.per_second),
      tolerance_us_(interval_us_ * static_cast<double>(options_.burst)) {}

Result<std::chrono::microseconds> RateLimitLayer::reserve(std::size_t entries) {
  const std::chrono::microseconds steady = options_.clock->steady_now();
  const auto now = static_cast<double>(steady.count());
  const std::chrono::microseconds patience = options_.max_wait;
  double due = next_us_.load(std::memory_order_relaxed);
  for (;;) {
    const double from = std::max(due, now);
    // A batch larger than the burst passes alone, and what follows waits for it.
    const double wait = from + interval_us_ - tolerance_us_ - now;
    if (wait > static_cast<double>(patience.count())) {
      refused_.fetch_add(1, std::memory_order_relaxed);
      return refused(capability());
    }
    const double next = from + interval_us_ * static_cast<double>(entries);
    if (next_us_.compare_exchange_weak(due, next, std::memory_order_relaxed)) {
      return std::chrono::microseconds(static_cast<Microseconds>(std::max(wait, 0.0)));
    }
  }
}

awaitable<Result<void>> RateLimitLayer::turn(std::size_t entries) {
  const auto wait = reserve(entries);
  if (!wait) co_return wait.error();
  if (wait->count() == 0) co_return Result<void>();
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, *wait);
  co_await timer.async_wait(boost::asio::use_awaitable);
  co_return Result<void>();
}

template <class T, class Call>
awaitable<Result<T>> RateLimitLayer::limited(std::size_t entries, Call call) {
  const Result<void> allowed = co_await turn(entries);
  if (!allowed) co_return allowed.error();
  auto pending = call();
  co_return co_await std::move(pending);
}

awaitable<Result<void>> RateLimitLayer::do_add(std::string_view key, const Value& value,
                                               const AddOptions& options) {
  return limited<void>(
      1, [this, key, &value, &options] { return Layer::do_add(key, value, options); });
}

awaitable<Result<std::optional<Value>>> RateLimitLayer::do_get(std::string_view key) {
  return limited<std::optional<Value>>(1, [this, key] { return Layer::do_get(key); });
}

awaitable<Result<bool>> RateLimitLayer::do_erase(std::string_view key) {
  return limited<bool>(1, [this, key] { return Layer::do_erase(key); });
}

awaitable<Result<BatchOutcome>> RateLimitLayer::do_batch_add(std::span<const BatchItem> items,
                                                             const AddOptions& options) {
  return limited<BatchOutcome>(
      items.size(), [this, items, &options] { return Layer::do_batch_add(items, options); });
}

awaitable<Result<std::vector<std::optional<Value>>>> RateLimitLayer::do_batch_get(
    std::span<const std::string> keys) {
  return limited<std::vector<std::optional<Value>>>(
      keys.size(), [this, keys] { return Layer::do_batch_get(keys); });
}

awaitable<Result<std::size_t>> RateLimitLayer::do_batch_erase(std::span<const std::string> keys) {
  return limited<std::size_t>(keys.size(), [this, keys] { return Layer::do_batch_erase(keys); });
}

awaitable<Result<std::optional<Entry>>> RateLimitLayer::do_entry(std::string_view key) {
  return limited<std::optional<Entry>>(1, [this, key] { return Layer::do_entry(key); });
}

Result<Stats> RateLimitLayer::counted(Result<Stats> stats) const {
  const std::uint64_t times = refused_.load(std::memory_order_relaxed);
  if (stats && times != 0) stats->errors[std::string(to_string(ErrorCode::overloaded))] += times;
  return stats;
}

Probe<Stats> RateLimitLayer::probe_stats() {
  Probe<Stats> stats = Layer::probe_stats();
  if (stats) stats = counted(std::move(*stats));
  return stats;
}

awaitable<Result<Stats>> RateLimitLayer::do_stats() {
  Result<Stats> stats = co_await Layer::do_stats();
  co_return counted(std::move(stats));
}

}  // namespace semantrix
