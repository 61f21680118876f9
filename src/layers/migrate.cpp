#include "layers/checkpoint.hpp"
#include "layers/parts.hpp"
#include <semantrix/detail/verbs.hpp>
#include <semantrix/migrate.hpp>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace semantrix {
namespace {

using Clock = std::chrono::steady_clock;
using detail::OwnedAddOptions;
using detail::Verbs;
using layers::Checkpoint;
using Milliseconds = std::chrono::milliseconds;

/// How far two ttls of one entry may lie apart: a back end's whole seconds, and the way.
constexpr Milliseconds tolerated{2000};

awaitable<Result<std::optional<Entry>>> read_entry(CacheStore& store, std::string key) {
  auto answer = Verbs::attempt_entry(store, key);
  if (answer) co_return std::move(*answer);
  auto reading = Verbs::run_entry(store, std::move(key));
  co_return co_await std::move(reading);
}

struct Failure {
  std::string key;
  Error error;
};

/// What became of one batch. Each batch of a group has its own, so that none needs a lock.
struct Outcome {
  MigrateReport counts;
  std::vector<std::string> copied;
  std::vector<Failure> failures;

  void fail(std::string key, const Error& error) {
    ++counts.failed;
    failures.push_back({std::move(key), error});
  }
};

/// An entry on its way, and when it was read.
struct Read {
  Result<std::optional<Entry>> entry = std::optional<Entry>();
  Clock::time_point when;
};

awaitable<void> read_into(CacheStore& store, const std::string& key, Read& read) {
  auto reading = read_entry(store, key);
  Result<std::optional<Entry>> entry = co_await std::move(reading);
  read.when = Clock::now();
  std::destroy_at(&read.entry);
  std::construct_at(&read.entry, std::move(entry));
}

awaitable<std::vector<Read>> read_all(CacheStore& store, std::span<const std::string> keys) {
  std::vector<Read> reads(keys.size());
  std::vector<awaitable<void>> parts;
  parts.reserve(keys.size());
  for (std::size_t i = 0; i != keys.size(); ++i) {
    parts.push_back(read_into(store, keys[i], reads[i]));
  }
  auto reading = layers::run_together(std::move(parts));
  co_await std::move(reading);
  co_return reads;
}

/// What is left of a ttl that was read then.
std::optional<Milliseconds> left_of(const Entry& entry, Clock::time_point when) {
  if (!entry.ttl) return std::nullopt;
  return *entry.ttl - std::chrono::duration_cast<Milliseconds>(Clock::now() - when);
}

/// One batch: reads it from the source and stores it in the destination.
class Batch {
 public:
  Batch(CacheStore& source, CacheStore& destination, const MigrateOptions& options,
        std::vector<std::string> keys)
      : source_(source), destination_(destination), options_(options), keys_(std::move(keys)) {}

  awaitable<void> copy() {
    if (options_.if_exists == IfExists::skip) {
      auto leaving = leave_existing();
      co_await std::move(leaving);
    }
    if (options_.dry_run) {
      outcome_.counts.copied += keys_.size();
      co_return;
    }
    auto reading = read_all(source_, keys_);
    std::vector<Read> reads = co_await std::move(reading);
    for (std::size_t i = 0; i != reads.size(); ++i) take(keys_[i], reads[i]);
    reads.clear();
    auto storing = store();
    co_await std::move(storing);
    auto storing_tagged = store_tagged();
    co_await std::move(storing_tagged);
  }

  awaitable<void> compare() {
    auto reading = read_all(source_, keys_);
    const std::vector<Read> here = co_await std::move(reading);
    auto reading_there = read_all(destination_, keys_);
    const std::vector<Read> there = co_await std::move(reading_there);
    for (std::size_t i = 0; i != keys_.size(); ++i) compare(keys_[i], here[i], there[i]);
  }

  [[nodiscard]] Outcome& outcome() noexcept { return outcome_; }

 private:
  struct Tagged {
    std::string key;
    Entry entry;
  };

  awaitable<void> leave_existing() {
    std::vector<std::string> asked = keys_;
    auto asking = Verbs::run_batch_get(destination_, std::move(asked));
    const Result<Verbs::Values> values = co_await std::move(asking);
    std::vector<std::string> absent;
    for (std::size_t i = 0; i != keys_.size(); ++i) {
      if (!values) {
        outcome_.fail(keys_[i], values.error());
      } else if ((*values)[i]) {
        ++outcome_.counts.skipped;
      } else {
        absent.push_back(std::move(keys_[i]));
      }
    }
    keys_ = std::move(absent);
  }

  void take(const std::string& key, Read& read) {
    if (!read.entry) return outcome_.fail(key, read.entry.error());
    std::optional<Entry>& entry = *read.entry;
    const auto ttl = entry ? left_of(*entry, read.when) : std::nullopt;
    if (!entry || (ttl && ttl->count() <= 0)) {
      ++outcome_.counts.expired;
      return;
    }
    entry->ttl = ttl;
    if (entry->tags.empty()) {
      items_.push_back({key, std::move(entry->value), ttl});
    } else if (destination_.capability().can_tag) {
      tagged_.push_back({key, std::move(*entry)});
    } else {
      ++outcome_.counts.untagged;
      items_.push_back({key, std::move(entry->value), ttl});
    }
  }

  awaitable<void> store() {
    if (items_.empty()) co_return;
    std::vector<std::string> keys;
    for (const BatchItem& item : items_) keys.push_back(item.key);
    detail::CheckedBatch checked(destination_.capability(), std::move(items_));
    auto adding = Verbs::run_batch_add(destination_, std::move(checked), OwnedAddOptions({}));
    const Result<BatchOutcome> added = co_await std::move(adding);
    if (!added) {
      for (std::string& key : keys) outcome_.fail(std::move(key), added.error());
      co_return;
    }
    auto failure = added->failures.begin();
    for (std::size_t i = 0; i != keys.size(); ++i) {
      if (failure != added->failures.end() && failure->index == i) {
        outcome_.fail(std::move(keys[i]), (failure++)->error);
      } else {
        ++outcome_.counts.copied;
        outcome_.copied.push_back(std::move(keys[i]));
      }
    }
  }

  awaitable<void> store_tagged() {
    for (Tagged& tagged : tagged_) {
      const std::vector<std::string_view> tags(tagged.entry.tags.begin(), tagged.entry.tags.end());
      OwnedAddOptions options(AddOptions{tagged.entry.ttl, tags});
      auto adding = Verbs::run_add(destination_, tagged.key, std::move(tagged.entry.value),
                                   std::move(options));
      const Result<void> added = co_await std::move(adding);
      if (!added) {
        outcome_.fail(std::move(tagged.key), added.error());
        continue;
      }
      ++outcome_.counts.copied;
      outcome_.copied.push_back(std::move(tagged.key));
    }
  }

  void compare(const std::string& key, const Read& here, const Read& there) {
    for (const Read* read : {&here, &there}) {
      if (!read->entry) return outcome_.fail(key, read->entry.error());
    }
    if (!*here.entry) return;  // expired meanwhile
    if (*there.entry && equal(here, there)) {
      ++outcome_.counts.verified;
      return;
    }
    // What was about to expire may have done so on one side only.
    const auto left = left_of(**here.entry, here.when);
    if (left && *left < tolerated && !*there.entry) return;
    ++outcome_.counts.differing;
    outcome_.failures.push_back(
        {key, Error(ErrorCode::corrupt, "the entry differs in the destination", "copy it again")});
  }

  static bool equal(const Read& here, const Read& there) {
    const Entry& ours = **here.entry;
    const Entry& theirs = **there.entry;
    if (ours.value != theirs.value || ours.ttl.has_value() != theirs.ttl.has_value()) return false;
    if (!ours.ttl) return true;
    const Milliseconds apart = *left_of(ours, here.when) - *left_of(theirs, there.when);
    return apart <= tolerated && apart >= -tolerated;
  }

  CacheStore& source_;
  CacheStore& destination_;
  const MigrateOptions& options_;
  std::vector<std::string> keys_;
  std::vector<BatchItem> items_;
  std::vector<Tagged> tagged_;
  Outcome outcome_;
};

/// The whole migration: streams keys, and works on a group of batches at a time.
class Migration {
 public:
  Migration(CacheStore& source, CacheStore& destination, const MigrateOptions& options,
            Checkpoint checkpoint)
      : source_(source),
        destination_(destination),
        options_(options),
        checkpoint_(std::move(checkpoint)) {}

  awaitable<MigrateReport> run() {
    auto copying = walk(&Batch::copy);
    co_await std::move(copying);
    if (options_.verify && !options_.dry_run && !report_.stopped) {
      verifying_ = true;
      auto comparing = walk(&Batch::compare);
      co_await std::move(comparing);
    }
    if (!report_.stopped && report_.failed + report_.differing == 0) checkpoint_.finish();
    co_return report_;
  }

 private:
  using Step = awaitable<void> (Batch::*)();

  awaitable<void> walk(Step step) {
    KeyCursor cursor = source_.keys(options_.match);
    started_ = Clock::now();
    paced_ = 0;
    for (;;) {
      auto listing = cursor.next();
      std::vector<std::string> page = co_await std::move(listing);
      if (page.empty()) co_return;
      if (!verifying_) drop_copied(page);
      auto working = work_off(step, std::move(page));
      co_await std::move(working);
      if (report_.stopped) co_return;
    }
  }

  void drop_copied(std::vector<std::string>& page) {
    if (options_.dry_run) return;
    report_.skipped +=
        std::erase_if(page, [this](const std::string& key) { return checkpoint_.has(key); });
  }

  awaitable<void> work_off(Step step, std::vector<std::string> page) {
    const std::size_t group = group_size();
    for (std::size_t begin = 0; begin < page.size(); begin += group) {
      if (options_.stop && options_.stop()) {
        report_.stopped = true;
        co_return;
      }
      const std::size_t count = std::min(group, page.size() - begin);
      auto working = work_group(step, std::span(page).subspan(begin, count));
      co_await std::move(working);
      auto pausing = keep_pace(count);
      co_await std::move(pausing);
    }
  }

  [[nodiscard]] std::size_t group_size() const {
    const std::size_t most = std::max<std::size_t>(1, options_.batch_size) *
                             std::max<std::size_t>(1, options_.concurrency);
    if (options_.rate <= 0) return most;
    // A tenth of a second's work, so that the pace is even.
    const auto paced = static_cast<std::size_t>(std::max(1.0, options_.rate / 10));
    return std::min(most, paced);
  }

  awaitable<void> work_group(Step step, std::span<std::string> keys) {
    std::vector<std::unique_ptr<Batch>> batches;
    std::vector<awaitable<void>> parts;
    const std::size_t size = std::max<std::size_t>(1, options_.batch_size);
    for (std::size_t begin = 0; begin < keys.size(); begin += size) {
      const auto some = keys.subspan(begin, std::min(size, keys.size() - begin));
      std::vector<std::string> own(std::make_move_iterator(some.begin()),
                                   std::make_move_iterator(some.end()));
      batches.push_back(std::make_unique<Batch>(source_, destination_, options_, std::move(own)));
      parts.push_back(((*batches.back()).*step)());
    }
    auto working = layers::run_together(std::move(parts));
    co_await std::move(working);
    settle(batches, keys.size());
  }

  void settle(std::span<const std::unique_ptr<Batch>> batches, std::size_t keys) {
    std::size_t failures = 0;
    std::optional<Error> outage;
    for (const auto& batch : batches) {
      Outcome& outcome = batch->outcome();
      add(outcome.counts);
      for (const std::string& key : outcome.copied) checkpoint_.remember(key);
      for (const Failure& failure : outcome.failures) {
        if (options_.on_failure) options_.on_failure(failure.key, failure.error);
        const int status = exit_status(failure.error.code());
        if (status == 3 || status == 4) outage = failure.error;
      }
      failures += outcome.failures.size();
    }
    checkpoint_.save().value();
    if (options_.on_progress) options_.on_progress(report_);
    // Nothing of it went through, and nothing of the rest would.
    if (outage && failures == keys) throw CacheError(*outage);
  }

  void add(const MigrateReport& counts) {
    report_.copied += counts.copied;
    report_.skipped += counts.skipped;
    report_.expired += counts.expired;
    report_.failed += counts.failed;
    report_.untagged += counts.untagged;
    report_.verified += counts.verified;
    report_.differing += counts.differing;
  }

  awaitable<void> keep_pace(std::size_t done) {
    if (options_.rate <= 0) co_return;
    paced_ += done;
    const std::chrono::duration<double> due(static_cast<double>(paced_) / options_.rate);
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor,
                                    started_ + std::chrono::duration_cast<Clock::duration>(due));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }

  CacheStore& source_;
  CacheStore& destination_;
  const MigrateOptions& options_;
  Checkpoint checkpoint_;
  MigrateReport report_;
  bool verifying_ = false;
  Clock::time_point started_;
  std::uint64_t paced_ = 0;
};

awaitable<MigrateReport> run(CacheStore& source, CacheStore& destination, MigrateOptions options) {
  // What is under way refers to frames of this call: it is waited for, whatever happens.
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
  const std::string path = options.dry_run ? std::string() : options.checkpoint;
  Result<Checkpoint> checkpoint = Checkpoint::open(path, options.identity + '\n' + options.match);
  if (!checkpoint) throw CacheError(checkpoint.error());
  Migration migration(source, destination, options, std::move(*checkpoint));
  auto running = migration.run();
  co_return co_await std::move(running);
}

}  // namespace

awaitable<MigrateReport> migrate(CacheStore& source, CacheStore& destination,
                                 MigrateOptions options) {
  return run(source, destination, std::move(options));
}

}  // namespace semantrix
