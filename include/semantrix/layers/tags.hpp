#pragma once

#include <semantrix/clock.hpp>
#include <semantrix/layer.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix {

namespace layers {
struct TaggedValue;
}

struct TagsOptions {
  /// How long a tag lives from its first use, or from the last time it was invalidated; entries
  /// that carry it are misses from then on. Positive. Default: a year.
  std::chrono::milliseconds tag_ttl = std::chrono::hours(24 * 365);
  /// Of how many tags the newest generation is remembered. Default 10,000.
  std::size_t max_tags = 10'000;
  /// Null (the default): the machine's clocks.
  std::shared_ptr<const Clock> clock = nullptr;
};

/// Tags on a store that has none: `add` takes them, `invalidate_tag` makes every entry that carries
/// one a miss, at the cost of one write, however many they are and whichever process added them.
///
/// Each tag has a generation, a unique text under a key of the inner store that begins with
/// `smx#tag:`. A tagged entry keeps the generations that its tags had before it was written, and is
/// a miss unless they still are its tags' generations. So an add that was under way while its tag
/// was invalidated ends as a miss, and so does an entry whose tag's generation was lost; nothing is
/// ever revived. docs/adr/0010 has the reasons.
///
/// `Capability::invalidates_lazily`: invalidated entries stay in the store, in `keys` and in
/// `size`, until their ttl ends or they are replaced, so give them one; `invalidate_tag` gives 1
/// for a tag that was in use, else 0. Keys that begin with `smx#tag:` are refused
/// (`invalid_argument`). The layer does not tell of others' changes
/// (`can_subscribe_invalidations`).
///
/// Cost: a tagged add and a hit of a tagged entry ask for the generations, one round trip more; a
/// near cache below answers them from memory. An untagged entry costs nothing, and is stored as
/// ever. An exact `size`, and `clear`, list the tags' keys. A store that has tags of its own needs
/// no layer. Throws `CacheError(invalid_argument)` for a ttl that is not positive. Thread-safe.
class TagsLayer final : public Layer {
 public:
  explicit TagsLayer(std::shared_ptr<CacheStore> inner, const TagsOptions& options = {});
  ~TagsLayer() override;

  [[nodiscard]] const Capability& capability() const noexcept override { return capability_; }
  bool subscribe_invalidations(const std::weak_ptr<InvalidationListener>& listener) override;

 protected:
  Probe<void> probe_add(std::string_view key, const Value& value,
                        const AddOptions& options) override;
  Probe<std::optional<Value>> probe_get(std::string_view key) override;
  Probe<bool> probe_erase(std::string_view key) override;
  Probe<BatchOutcome> probe_batch_add(std::span<const BatchItem> items,
                                      const AddOptions& options) override;
  Probe<std::vector<std::optional<Value>>> probe_batch_get(
      std::span<const std::string> keys) override;
  Probe<std::size_t> probe_batch_erase(std::span<const std::string> keys) override;
  Probe<std::size_t> probe_size(SizeMode mode) override;
  Probe<std::size_t> probe_clear(const ClearOptions& options) override;
  Probe<std::size_t> probe_invalidate_tag(std::string_view tag) override;
  Probe<std::size_t> probe_invalidate_prefix(std::string_view prefix) override;
  Probe<std::optional<Entry>> probe_entry(std::string_view key) override;
  Probe<Stats> probe_stats() override;
  Probe<Description> probe_describe() override;

  awaitable<Result<void>> do_add(std::string_view key, const Value& value,
                                 const AddOptions& options) override;
  awaitable<Result<std::optional<Value>>> do_get(std::string_view key) override;
  awaitable<Result<bool>> do_erase(std::string_view key) override;
  awaitable<Result<BatchOutcome>> do_batch_add(std::span<const BatchItem> items,
                                               const AddOptions& options) override;
  awaitable<Result<std::vector<std::optional<Value>>>> do_batch_get(
      std::span<const std::string> keys) override;
  awaitable<Result<std::size_t>> do_batch_erase(std::span<const std::string> keys) override;
  awaitable<Result<std::size_t>> do_size(SizeMode mode) override;
  awaitable<Result<std::size_t>> do_clear(const ClearOptions& options) override;
  awaitable<Result<std::size_t>> do_invalidate_tag(std::string_view tag) override;
  awaitable<Result<std::size_t>> do_invalidate_prefix(std::string_view prefix) override;
  awaitable<Result<std::optional<Entry>>> do_entry(std::string_view key) override;
  awaitable<Result<Stats>> do_stats() override;
  awaitable<Result<Description>> do_describe() override;
  std::unique_ptr<KeyStream> open_keys(std::string match) override;

 private:
  class State;
  using Values = std::vector<std::optional<Value>>;
  using Settled = std::vector<std::optional<layers::TaggedValue>>;

  Probe<Settled> probe_settled(Values stored);
  awaitable<Result<Settled>> settled(Values stored);
  Probe<Values> probe_generations(const std::vector<std::string>& tags);
  awaitable<Result<Values>> generations_of(std::vector<std::string> tags);
  awaitable<Result<Values>> generations_for(std::vector<std::string> tags);
  awaitable<Result<std::optional<Value>>> begin_generation(std::string tag);
  awaitable<Result<std::optional<Value>>> write_generation(std::string tag,
                                                           std::optional<Value> current);
  awaitable<Result<std::size_t>> count_tags();

  const Capability capability_;
  const std::chrono::milliseconds tag_ttl_;
  const std::unique_ptr<State> state_;
};

}  // namespace semantrix
