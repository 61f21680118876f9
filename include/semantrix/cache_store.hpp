#pragma once

#include <semantrix/capability.hpp>
#include <semantrix/error.hpp>
#include <semantrix/invalidations.hpp>
#include <semantrix/stats.hpp>
#include <semantrix/value.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// START HERE. One interface to every cache store.
///
///     semantrix::InMemoryStore store({.max_size = 1000});
///     co_await store.add("key1", "value1", {.ttl = 1h});
///     std::optional<semantrix::Value> value = co_await store.get_exact("key1");
///
/// A miss is `nullopt`, never an error. A failure throws `CacheError` when awaited.
namespace semantrix {

using boost::asio::awaitable;

namespace contract {
class HotKeys;
}
namespace detail {
struct Verbs;
}

/// Options of an `add`. The tag views are copied before the call can suspend.
struct AddOptions {
  std::optional<std::chrono::milliseconds> ttl =
      std::nullopt;                             ///< Positive; absent: `default_ttl`.
  std::span<const std::string_view> tags = {};  ///< Needs `Capability::can_tag`.
};
static_assert(std::is_trivially_destructible_v<AddOptions>);

/// One entry of a `batch_add`. Without a ttl of its own it takes the batch's.
struct BatchItem {
  std::string key;
  Value value;
  std::optional<std::chrono::milliseconds> ttl = std::nullopt;
};

/// What became of a `batch_add`. Items that are not named in `failures` are stored.
struct BatchOutcome {
  struct Failure {
    std::size_t index;  ///< Position of the item in the batch.
    Error error;
  };
  std::size_t stored = 0;
  std::vector<Failure> failures;  ///< In the order of the items.
  [[nodiscard]] bool ok() const noexcept { return failures.empty(); }
};

/// An entry with what belongs to it: all that a migration needs.
struct Entry {
  Value value;
  std::optional<std::chrono::milliseconds> ttl;  ///< What remains; absent: does not expire.
  std::vector<std::string> tags;
};

enum class SizeMode : std::uint8_t {
  exact,        ///< Counts live entries; may look at every key.
  approximate,  ///< The cheapest figure the store has; may be hours old or count expired entries.
};

/// Options of `clear`.
struct ClearOptions {
  bool all = false;  ///< Needed where the store is shared and its `key_prefix` is empty.
};

/// What is known of a store after it has been reached.
struct Description {
  Capability capability;
  std::string server;            ///< What the server says of itself; empty in memory.
  std::optional<Error> warning;  ///< What went wrong at start without stopping the store.
};

/// The pages of `CacheStore::keys`, as stores implement them.
class KeyStream {
 public:
  using Page = std::vector<std::string>;

  virtual ~KeyStream() = default;
  /// The next page if it is at hand, without suspending.
  [[nodiscard]] virtual std::optional<Result<Page>> probe_next() { return std::nullopt; }
  /// The next page; an empty one is the end.
  virtual awaitable<Result<Page>> do_next() = 0;
};

/// A stream of keys in pages. Must not outlive its store; one caller at a time.
class KeyCursor {
 public:
  explicit KeyCursor(std::unique_ptr<KeyStream> stream) noexcept : stream_(std::move(stream)) {}

  /// The next page, never empty until the end; an empty page is the end.
  awaitable<std::vector<std::string>> next();
  /// All that is left, in one list.
  awaitable<std::vector<std::string>> rest();

  [[nodiscard]] KeyStream& stream() noexcept { return *stream_; }

 private:
  std::unique_ptr<KeyStream> stream_;
};

/// A result that may be at hand already: nothing means "start the coroutine".
template <class T>
using Probe = std::optional<Result<T>>;

/// A cache store.
///
/// Threads: every verb may be called from any thread and any executor; the awaitable resumes on the
/// caller's. Lifetime: arguments are copied before anything suspends; the store must outlive its
/// awaited calls. Keys and values are arbitrary bytes; an empty key throws `invalid_argument`.
/// Errors: `CacheError`, thrown from the `co_await`. Cancellation: a cancelled or timed-out write
/// has an unknown outcome. Destructors never block; `close()` is the orderly end.
///
/// The verbs are not virtual: they check the arguments, ask `probe_*`, and only if that has no
/// answer run `do_*`. Stores and layers override those two, which report errors as values. `do_*`
/// receives views that stay valid until it has finished.
class CacheStore {
 public:
  virtual ~CacheStore() = default;

  /// Stores the value, replacing what the key had.
  awaitable<void> add(std::string_view key, Value value, AddOptions options = {});

  /// The value, or nothing if the key has none or it expired.
  awaitable<std::optional<Value>> get_exact(std::string_view key);

  /// Removes the entry (`delete` elsewhere); whether there was one.
  awaitable<bool> erase(std::string_view key);

  /// Stores many. Never throws for single items: read the outcome.
  awaitable<BatchOutcome> batch_add(std::vector<BatchItem> items, AddOptions options = {});

  /// Values in the order of the keys, duplicates included.
  awaitable<std::vector<std::optional<Value>>> batch_get(std::vector<std::string> keys);

  /// Removes many; how many there were.
  awaitable<std::size_t> batch_erase(std::vector<std::string> keys);

  /// Streams the keys that match a glob (`*`, `?`, `[a-z]`, `[!a-z]`, `\` escapes), each once.
  /// Does no I/O by itself.
  KeyCursor keys(std::string match = "*");

  /// Entries under this store's `key_prefix`.
  awaitable<std::size_t> size(SizeMode mode = SizeMode::exact);

  /// Removes every entry under this store's `key_prefix`, and nothing else; how many.
  awaitable<std::size_t> clear(ClearOptions options = {});

  /// Removes the entries that carry the tag (`Capability::can_tag`); how many. With
  /// `Capability::invalidates_lazily`: 1 if the tag was in use, else 0.
  awaitable<std::size_t> invalidate_tag(std::string_view tag);

  /// Removes the entries whose key begins with the prefix; how many. Where the store cannot do it
  /// at once (`Capability::can_invalidate_prefix`), lists the keys and erases them. An empty prefix
  /// is an error: that is `clear`.
  awaitable<std::size_t> invalidate_prefix(std::string_view prefix);

  /// Value, remaining ttl and tags.
  awaitable<std::optional<Entry>> get_entry(std::string_view key);

  /// What this process counted; asks the server where it counts more.
  awaitable<Stats> get_stats();

  /// The keys of which `get_exact` and `batch_get` of this object asked most lately, the hottest
  /// first, with their texts (`get_stats` has them without): each with at least a hundredth of the
  /// gets, found in a sample of them. Does no I/O; empty at worst.
  [[nodiscard]] std::vector<HotKey> hot_keys(std::size_t most = 10) const;

  /// Reaches the store and says what it is.
  awaitable<Description> describe();

  /// Ends the store: what is under way fails with `closed`, later calls too. A second `close` waits
  /// for the first.
  awaitable<void> close();

  /// Tells the listener of changes, by whomever, for as long as it lives and the store is open; the
  /// store reconnects by itself. Returns at once, and whether the store can
  /// (`Capability::can_subscribe_invalidations`). Costs the store a connection a server.
  virtual bool subscribe_invalidations(const std::weak_ptr<InvalidationListener>& listener);

  /// What is known without reaching the store.
  [[nodiscard]] virtual const Capability& capability() const noexcept = 0;

 protected:
  CacheStore();
  CacheStore(const CacheStore&) = default;
  CacheStore& operator=(const CacheStore&) = default;

  // Layers call these on the store they wrap; the other fronts (blocking, completion tokens) call
  // them as the verbs above do.
  friend class Layer;
  friend struct detail::Verbs;

  virtual Probe<void> probe_add(std::string_view key, const Value& value,
                                const AddOptions& options);
  virtual Probe<std::optional<Value>> probe_get(std::string_view key);
  virtual Probe<bool> probe_erase(std::string_view key);
  virtual Probe<BatchOutcome> probe_batch_add(std::span<const BatchItem> items,
                                              const AddOptions& options);
  virtual Probe<std::vector<std::optional<Value>>> probe_batch_get(
      std::span<const std::string> keys);
  virtual Probe<std::size_t> probe_batch_erase(std::span<const std::string> keys);
  virtual Probe<std::size_t> probe_size(SizeMode mode);
  virtual Probe<std::size_t> probe_clear(const ClearOptions& options);
  virtual Probe<std::size_t> probe_invalidate_tag(std::string_view tag);
  virtual Probe<std::size_t> probe_invalidate_prefix(std::string_view prefix);
  virtual Probe<std::optional<Entry>> probe_entry(std::string_view key);
  virtual Probe<Stats> probe_stats();
  virtual Probe<Description> probe_describe();
  virtual Probe<void> probe_close();

  // The defaults give what `probe_*` answers, so that a store that answers everything at once need
  // not write coroutines; where that has no answer either they give `not_supported`, but for
  // `do_invalidate_prefix`, which lists and erases, and `do_describe`, which gives `capability()`.
  virtual awaitable<Result<void>> do_add(std::string_view key, const Value& value,
                                         const AddOptions& options);
  virtual awaitable<Result<std::optional<Value>>> do_get(std::string_view key);
  virtual awaitable<Result<bool>> do_erase(std::string_view key);
  virtual awaitable<Result<BatchOutcome>> do_batch_add(std::span<const BatchItem> items,
                                                       const AddOptions& options);
  virtual awaitable<Result<std::vector<std::optional<Value>>>> do_batch_get(
      std::span<const std::string> keys);
  virtual awaitable<Result<std::size_t>> do_batch_erase(std::span<const std::string> keys);
  virtual awaitable<Result<std::size_t>> do_size(SizeMode mode);
  virtual awaitable<Result<std::size_t>> do_clear(const ClearOptions& options);
  virtual awaitable<Result<std::size_t>> do_invalidate_tag(std::string_view tag);
  virtual awaitable<Result<std::size_t>> do_invalidate_prefix(std::string_view prefix);
  virtual awaitable<Result<std::optional<Entry>>> do_entry(std::string_view key);
  virtual awaitable<Result<Stats>> do_stats();
  virtual awaitable<Result<Description>> do_describe();
  virtual awaitable<Result<void>> do_close();

  virtual std::unique_ptr<KeyStream> open_keys(std::string match) = 0;

 private:
  std::shared_ptr<contract::HotKeys> hot_keys_;
};

}  // namespace semantrix
