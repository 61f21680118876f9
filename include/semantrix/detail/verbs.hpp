#pragma once

#include <semantrix/cache_store.hpp>

#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Not for users: what the fronts of a store share (the awaitable verbs, `BlockingStore`, and the
/// completion-token functions of async.hpp).
namespace semantrix::detail {

/// The error that an exception which ended a verb's coroutine stands for. Asio throws one of its
/// own when the caller was cancelled before the coroutine could start.
[[nodiscard]] Error error_of(const std::exception_ptr& thrown);

/// The arguments of a `batch_add` after the check: what may go to the store, and what was refused.
class CheckedBatch {
 public:
  CheckedBatch(const Capability& capability, std::vector<BatchItem> items);

  [[nodiscard]] std::span<const BatchItem> items() const noexcept { return items_; }
  /// Keys of values too large to store: what the store has under them must go.
  [[nodiscard]] std::span<const std::string> contradicted() const noexcept { return contradicted_; }
  /// The store's outcome for `items()`, told in terms of what the caller gave.
  [[nodiscard]] BatchOutcome complete(BatchOutcome outcome) const;

 private:
  std::vector<BatchItem> items_;
  std::vector<std::size_t> positions_;  // of items_ in the caller's batch; empty: the same
  std::vector<BatchOutcome::Failure> refused_;
  std::vector<std::string> contradicted_;
};

/// An `AddOptions` that owns its tags. Moving it keeps its views valid.
class OwnedAddOptions {
 public:
  explicit OwnedAddOptions(const AddOptions& options);
  OwnedAddOptions(OwnedAddOptions&&) noexcept = default;
  OwnedAddOptions& operator=(OwnedAddOptions&&) = delete;

  operator const AddOptions&() const noexcept { return options_; }

 private:
  std::vector<std::string> tags_;
  std::vector<std::string_view> views_;
  AddOptions options_;
};

/// The verbs with errors as values.
///
/// `attempt_*` checks the arguments and asks the store's probe; a refused argument is an answer.
/// `run_*`, for when there was none, owns its arguments and runs the store's coroutine.
struct Verbs {
  using Values = std::vector<std::optional<Value>>;
  using Count = std::size_t;

  static Probe<void> attempt_add(CacheStore& store, std::string_view key, const Value& value,
                                 const AddOptions& options);
  static Probe<std::optional<Value>> attempt_get(CacheStore& store, std::string_view key);
  static Probe<bool> attempt_erase(CacheStore& store, std::string_view key);
  static Probe<BatchOutcome> attempt_batch_add(CacheStore& store, const CheckedBatch& batch,
                                               const AddOptions& options);
  static Probe<Values> attempt_batch_get(CacheStore& store, std::span<const std::string> keys);
  static Probe<Count> attempt_batch_erase(CacheStore& store, std::span<const std::string> keys);
  static Probe<Count> attempt_size(CacheStore& store, SizeMode mode);
  static Probe<Count> attempt_clear(CacheStore& store, ClearOptions options);
  static Probe<Count> attempt_invalidate_tag(CacheStore& store, std::string_view tag);
  static Probe<Count> attempt_invalidate_prefix(CacheStore& store, std::string_view prefix);
  static Probe<std::optional<Entry>> attempt_entry(CacheStore& store, std::string_view key);
  static Probe<Stats> attempt_stats(CacheStore& store);
  static Probe<Description> attempt_describe(CacheStore& store);
  static Probe<void> attempt_close(CacheStore& store);
  static Probe<KeyStream::Page> attempt_next_page(KeyStream& stream);

  static awaitable<Result<void>> run_add(CacheStore& store, std::string key, Value value,
                                         OwnedAddOptions options);
  static awaitable<Result<std::optional<Value>>> run_get(CacheStore& store, std::string key);
  /// `run_get` as the caller awaits it, in one frame: the verb that must cost the least.
  static awaitable<std::optional<Value>> fetch(CacheStore& store, std::string key);
  static awaitable<Result<bool>> run_erase(CacheStore& store, std::string key);
  static awaitable<Result<BatchOutcome>> run_batch_add(CacheStore& store, CheckedBatch batch,
                                                       OwnedAddOptions options);
  static awaitable<Result<Values>> run_batch_get(CacheStore& store, std::vector<std::string> keys);
  static awaitable<Result<Count>> run_batch_erase(CacheStore& store, std::vector<std::string> keys);
  static awaitable<Result<Count>> run_size(CacheStore& store, SizeMode mode);
  static awaitable<Result<Count>> run_clear(CacheStore& store, ClearOptions options);
  static awaitable<Result<Count>> run_invalidate_tag(CacheStore& store, std::string tag);
  static awaitable<Result<Count>> run_invalidate_prefix(CacheStore& store, std::string prefix);
  static awaitable<Result<std::optional<Entry>>> run_entry(CacheStore& store, std::string key);
  static awaitable<Result<Stats>> run_stats(CacheStore& store);
  static std::vector<HotKey> nameless_hot_keys(const CacheStore& store);
  static awaitable<Result<Description>> run_describe(CacheStore& store);
  static awaitable<Result<void>> run_close(CacheStore& store);
  static awaitable<Result<KeyStream::Page>> run_next_page(KeyStream& stream);
};

}  // namespace semantrix::detail
