// How `TagsLayer` writes: generations, adds, and what removes entries.
#include "layers/ask_once.hpp"
#include "layers/tags_state.hpp"

#include <algorithm>
#include <utility>

namespace semantrix {
namespace {

Error reserved_key() {
  return {ErrorCode::invalid_argument, "a key that begins with smx#tag: is the tags layer's own",
          "choose another key"};
}

std::string key_of(std::string_view tag) { return std::string(layers::tag_keys).append(tag); }

std::vector<std::string> each_once(std::span<const std::string_view> tags) {
  std::vector<std::string> once(tags.begin(), tags.end());
  std::sort(once.begin(), once.end());
  once.erase(std::unique(once.begin(), once.end()), once.end());
  return once;
}

/// Whether the value can be stored as it is.
bool is_plain(const Value& value, const AddOptions& options) {
  return options.tags.empty() && !layers::is_wrapped(value);
}

/// The inner store's keys without the layer's own.
class WithoutTagKeys final : public KeyStream {
 public:
  explicit WithoutTagKeys(std::unique_ptr<KeyStream> inner) : inner_(std::move(inner)) {}

  std::optional<Result<Page>> probe_next() override {
    for (;;) {
      std::optional<Result<Page>> page = inner_->probe_next();
      if (!page || kept(*page)) return page;
    }
  }

  awaitable<Result<Page>> do_next() override {
    for (;;) {
      std::optional<Result<Page>> page = inner_->probe_next();
      if (!page) page = co_await inner_->do_next();
      if (kept(*page)) co_return std::move(*page);
    }
  }

 private:
  /// Whether the page is one: an empty one would be the end.
  static bool kept(Result<Page>& page) {
    if (!page || page->empty()) return true;
    std::erase_if(*page, layers::is_tag_key);
    return !page->empty();
  }

  const std::unique_ptr<KeyStream> inner_;
};

/// Items of a batch that may be stored, and where they stood.
struct Sorted {
  std::vector<BatchItem> items;
  std::vector<std::size_t> positions;
  std::vector<BatchOutcome::Failure> refused;
};

Sorted sorted_out(std::span<const BatchItem> items) {
  Sorted sorted;
  for (std::size_t i = 0; i != items.size(); ++i) {
    if (layers::is_tag_key(items[i].key)) {
      sorted.refused.push_back({i, reserved_key()});
    } else {
      sorted.items.push_back(items[i]);
      sorted.positions.push_back(i);
    }
  }
  return sorted;
}

BatchOutcome put_together(BatchOutcome outcome, Sorted sorted) {
  for (BatchOutcome::Failure& failure : outcome.failures) {
    failure.index = sorted.positions[failure.index];
  }
  for (BatchOutcome::Failure& failure : sorted.refused) {
    outcome.failures.push_back(std::move(failure));
  }
  std::sort(outcome.failures.begin(), outcome.failures.end(),
            [](const auto& left, const auto& right) { return left.index < right.index; });
  return outcome;
}

std::vector<std::string> without_tag_keys(std::span<const std::string> keys) {
  std::vector<std::string> rest(keys.begin(), keys.end());
  std::erase_if(rest, layers::is_tag_key);
  return rest;
}

bool reaches_tag_keys(std::string_view prefix) {
  return layers::tag_keys.starts_with(prefix) || layers::is_tag_key(prefix);
}

layers::TaggedValue tagged(const Value& value, const std::vector<std::string>& tags,
                           const std::vector<std::optional<Value>>& generations) {
  layers::TaggedValue all;
  all.value = value;
  all.tags = tags;
  for (const auto& generation : generations) all.generations.push_back(generation->str());
  return all;
}

}  // namespace

// -- generations --

awaitable<Result<std::optional<Value>>> TagsLayer::write_generation(std::string tag,
                                                                    std::optional<Value> current) {
  const std::string key = key_of(tag);
  const Value generation = state_->fresh(tag, current);
  AddOptions options;
  options.ttl = tag_ttl_;
  const Result<void> added = co_await Layer::do_add(key, generation, options);
  if (!added) co_return added.error();
  state_->count_write();
  co_return std::optional<Value>(generation);
}

/// The first caller of a tag that has none writes one for all.
awaitable<Result<std::optional<Value>>> TagsLayer::begin_generation(std::string tag) {
  const std::vector<std::string> asked(1, tag);
  const Result<Values> found = co_await generations_of(asked);
  if (!found) co_return found.error();
  const std::optional<Value>& current = found->front();
  if (current && state_->trusts(tag, *current)) co_return current;
  co_return co_await write_generation(tag, current);
}

awaitable<Result<TagsLayer::Values>> TagsLayer::generations_for(std::vector<std::string> tags) {
  Result<Values> generations = co_await generations_of(tags);
  if (!generations) co_return generations;
  for (std::size_t i = 0; i != tags.size(); ++i) {
    std::optional<Value>& generation = (*generations)[i];
    if (generation && state_->trusts(tags[i], *generation)) continue;
    const auto begin = [this, tag = tags[i]] { return begin_generation(tag); };
    Result<std::optional<Value>> begun = co_await layers::ask_once(state_->flights, tags[i], begin);
    if (!begun) co_return begun.error();
    generation = std::move(*begun);
  }
  co_return generations;
}

// -- adds --

Probe<void> TagsLayer::probe_add(std::string_view key, const Value& value,
                                 const AddOptions& options) {
  if (layers::is_tag_key(key)) return Result<void>(reserved_key());
  if (!is_plain(value, options)) return std::nullopt;
  return Layer::probe_add(key, value, options);
}

awaitable<Result<void>> TagsLayer::do_add(std::string_view key, const Value& value,
                                          const AddOptions& options) {
  if (layers::is_tag_key(key)) co_return reserved_key();
  if (is_plain(value, options)) co_return co_await Layer::do_add(key, value, options);
  const std::vector<std::string> tags = each_once(options.tags);
  const Result<Values> generations = co_await generations_for(tags);
  if (!generations) co_return generations.error();
  const Value stored = layers::wrapped(tagged(value, tags, *generations));
  AddOptions untagged = options;
  untagged.tags = std::span<const std::string_view>();
  co_return co_await Layer::do_add(key, stored, untagged);
}

Probe<BatchOutcome> TagsLayer::probe_batch_add(std::span<const BatchItem> items,
                                               const AddOptions& options) {
  const bool plain = std::all_of(items.begin(), items.end(), [&](const BatchItem& item) {
    return is_plain(item.value, options) && !layers::is_tag_key(item.key);
  });
  if (!plain) return std::nullopt;
  return Layer::probe_batch_add(items, options);
}

awaitable<Result<BatchOutcome>> TagsLayer::do_batch_add(std::span<const BatchItem> items,
                                                        const AddOptions& options) {
  Sorted sorted = sorted_out(items);
  const std::vector<std::string> tags = each_once(options.tags);
  const Result<Values> generations = co_await generations_for(tags);
  if (!generations) co_return generations.error();
  for (BatchItem& item : sorted.items) {
    item.value = layers::wrapped(tagged(item.value, tags, *generations));
  }
  AddOptions untagged = options;
  untagged.tags = std::span<const std::string_view>();
  Result<BatchOutcome> outcome = co_await Layer::do_batch_add(sorted.items, untagged);
  if (!outcome) co_return outcome;
  co_return put_together(std::move(*outcome), std::move(sorted));
}

// -- what removes --

Probe<bool> TagsLayer::probe_erase(std::string_view key) {
  if (layers::is_tag_key(key)) return Result<bool>(false);
  return Layer::probe_erase(key);
}

awaitable<Result<bool>> TagsLayer::do_erase(std::string_view key) { return Layer::do_erase(key); }

Probe<std::size_t> TagsLayer::probe_batch_erase(std::span<const std::string> keys) {
  if (std::any_of(keys.begin(), keys.end(), layers::is_tag_key)) return std::nullopt;
  return Layer::probe_batch_erase(keys);
}

awaitable<Result<std::size_t>> TagsLayer::do_batch_erase(std::span<const std::string> keys) {
  const std::vector<std::string> rest = without_tag_keys(keys);
  if (rest.empty()) co_return std::size_t{0};
  co_return co_await Layer::do_batch_erase(rest);
}

Probe<std::size_t> TagsLayer::probe_invalidate_tag(std::string_view /*tag*/) {
  return std::nullopt;
}

awaitable<Result<std::size_t>> TagsLayer::do_invalidate_tag(std::string_view tag) {
  const std::string name(tag);
  const std::vector<std::string> asked(1, name);
  const Result<Values> current = co_await generations_of(asked);
  if (!current) co_return current.error();
  if (!current->front()) {
    // Nothing carries it, unless the answer was wrong: no generation is never a mistake.
    const std::string key = key_of(name);
    Result<bool> erased = co_await Layer::do_erase(key);
    state_->flights.forget(name);
    if (!erased) co_return erased.error();
    co_return std::size_t{*erased};
  }
  const auto written = co_await write_generation(name, current->front());
  // An add that begins now must not join a generation that began before.
  state_->flights.forget(name);
  if (!written) co_return written.error();
  co_return std::size_t{1};
}

Probe<std::size_t> TagsLayer::probe_invalidate_prefix(std::string_view prefix) {
  if (reaches_tag_keys(prefix)) return std::nullopt;
  return Layer::probe_invalidate_prefix(prefix);
}

awaitable<Result<std::size_t>> TagsLayer::do_invalidate_prefix(std::string_view prefix) {
  // Listing and erasing leaves the tags' keys alone; the store itself would not.
  // NOLINTNEXTLINE(bugprone-parent-virtual-call): past what the layers between would do.
  if (reaches_tag_keys(prefix)) return CacheStore::do_invalidate_prefix(prefix);
  return Layer::do_invalidate_prefix(prefix);
}

// -- what lists and counts --

std::unique_ptr<KeyStream> TagsLayer::open_keys(std::string match) {
  return std::make_unique<WithoutTagKeys>(Layer::open_keys(std::move(match)));
}

awaitable<Result<std::size_t>> TagsLayer::count_tags() {
  std::size_t count = 0;
  if (!capability_.can_list_keys) co_return count;
  const auto keys = Layer::open_keys(std::string(layers::tag_keys) + '*');
  for (;;) {
    auto page = keys->probe_next();
    if (!page) page = co_await keys->do_next();
    if (!*page) co_return page->error();
    if ((*page)->empty()) co_return count;
    count += (*page)->size();
  }
}

Probe<std::size_t> TagsLayer::probe_size(SizeMode mode) {
  if (mode == SizeMode::exact) return std::nullopt;
  return Layer::probe_size(mode);
}

awaitable<Result<std::size_t>> TagsLayer::do_size(SizeMode mode) {
  Result<std::size_t> size = co_await Layer::do_size(mode);
  if (!size || mode != SizeMode::exact) co_return size;
  const Result<std::size_t> tags = co_await count_tags();
  if (!tags) co_return tags;
  co_return *size - std::min(*size, *tags);
}

Probe<std::size_t> TagsLayer::probe_clear(const ClearOptions& /*options*/) { return std::nullopt; }

awaitable<Result<std::size_t>> TagsLayer::do_clear(const ClearOptions& options) {
  const Result<std::size_t> tags = co_await count_tags();
  if (!tags) co_return tags;
  Result<std::size_t> cleared = co_await Layer::do_clear(options);
  if (cleared) *cleared -= std::min(*cleared, *tags);
  co_return cleared;
}

}  // namespace semantrix
