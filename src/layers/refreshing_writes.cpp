// The half of `RefreshingLayer` that knows how long entries are kept beyond their ttl.
#include "base/duration.hpp"
#include "layers/refreshing_state.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace semantrix {

RefreshingLayer::Ttl RefreshingLayer::lengthened(Ttl ttl) const {
  if (!ttl) ttl = terms_.default_ttl;
  if (!ttl) return ttl;
  return std::min(*ttl + terms_.extension, longest_duration);
}

std::vector<BatchItem> RefreshingLayer::lengthened(std::span<const BatchItem> items,
                                                   const AddOptions& options) const {
  std::vector<BatchItem> changed(items.begin(), items.end());
  for (BatchItem& item : changed) item.ttl = lengthened(item.ttl ? item.ttl : options.ttl);
  return changed;
}

/// With no ttl also what was erased, or whose fate is unknown.
void RefreshingLayer::added(std::string_view key, Ttl ttl) {
  if (!capability_.synchronous) {
    // Without a ttl, only the store knows how long it lives.
    if (ttl) {
      state_->deadlines.learn(key, ttl);
    } else {
      state_->deadlines.forget(key);
    }
  }
  on_written(key);
}

void RefreshingLayer::added(std::span<const BatchItem> items) {
  for (const BatchItem& item : items) added(item.key, item.ttl);
}

Probe<void> RefreshingLayer::probe_add(std::string_view key, const Value& value,
                                       const AddOptions& options) {
  AddOptions changed = options;
  changed.ttl = lengthened(options.ttl);
  Probe<void> answer = Layer::probe_add(key, value, changed);
  if (answer) added(key, changed.ttl);
  return answer;
}

awaitable<Result<void>> RefreshingLayer::do_add(std::string_view key, const Value& value,
                                                const AddOptions& options) {
  AddOptions changed = options;
  changed.ttl = lengthened(options.ttl);
  Result<void> result = co_await Layer::do_add(key, value, changed);
  added(key, result ? changed.ttl : std::nullopt);
  co_return result;
}

Probe<BatchOutcome> RefreshingLayer::probe_batch_add(std::span<const BatchItem> items,
                                                     const AddOptions& options) {
  if (!capability_.synchronous) return std::nullopt;
  const std::vector<BatchItem> changed = lengthened(items, options);
  Probe<BatchOutcome> answer = Layer::probe_batch_add(changed, options);
  if (answer) added(changed);
  return answer;
}

awaitable<Result<BatchOutcome>> RefreshingLayer::do_batch_add(std::span<const BatchItem> items,
                                                              const AddOptions& options) {
  const std::vector<BatchItem> changed = lengthened(items, options);
  Result<BatchOutcome> outcome = co_await Layer::do_batch_add(changed, options);
  added(changed);
  co_return outcome;
}

// An entry past its ttl is erased as any other, and was none.

bool RefreshingLayer::is_expired(std::string_view key) {
  if (terms_.extension.count() == 0) return false;
  const auto remaining = left(key);
  return remaining && *remaining <= terms_.extension;
}

std::size_t RefreshingLayer::expired_among(std::span<const std::string> keys) {
  std::unordered_set<std::string_view> expired;
  for (const std::string& key : keys) {
    if (is_expired(key)) expired.insert(key);
  }
  return expired.size();
}

Probe<bool> RefreshingLayer::probe_erase(std::string_view key) {
  const bool expired = is_expired(key);
  Probe<bool> answer = Layer::probe_erase(key);
  if (!answer) return answer;
  if (*answer && **answer) answer = Result<bool>(!expired);
  added(key, std::nullopt);
  return answer;
}

awaitable<Result<bool>> RefreshingLayer::do_erase(std::string_view key) {
  const bool expired = is_expired(key);
  Result<bool> erased = co_await Layer::do_erase(key);
  added(key, std::nullopt);
  if (erased && *erased) co_return !expired;
  co_return erased;
}

Probe<std::size_t> RefreshingLayer::probe_batch_erase(std::span<const std::string> keys) {
  const std::size_t expired = expired_among(keys);
  Probe<std::size_t> answer = Layer::probe_batch_erase(keys);
  if (!answer) return answer;
  if (*answer) **answer -= std::min(**answer, expired);
  for (const std::string& key : keys) added(key, std::nullopt);
  return answer;
}

awaitable<Result<std::size_t>> RefreshingLayer::do_batch_erase(std::span<const std::string> keys) {
  const std::size_t expired = expired_among(keys);
  Result<std::size_t> erased = co_await Layer::do_batch_erase(keys);
  if (erased) *erased -= std::min(*erased, expired);
  for (const std::string& key : keys) added(key, std::nullopt);
  co_return erased;
}

/// The inner store's keys without those whose ttl has passed.
class RefreshingLayer::Unexpired final : public KeyStream {
 public:
  Unexpired(RefreshingLayer& layer, std::unique_ptr<KeyStream> inner)
      : layer_(layer), inner_(std::move(inner)) {}

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
  [[nodiscard]] bool kept(Result<Page>& page) {
    if (!page || page->empty()) return true;
    std::erase_if(*page, [this](const std::string& key) { return layer_.is_expired(key); });
    return !page->empty();
  }

  RefreshingLayer& layer_;
  const std::unique_ptr<KeyStream> inner_;
};

std::unique_ptr<KeyStream> RefreshingLayer::open_keys(std::string match) {
  auto all = Layer::open_keys(std::move(match));
  if (terms_.extension.count() == 0) return all;
  return std::make_unique<Unexpired>(*this, std::move(all));
}

bool RefreshingLayer::must_list(SizeMode mode) const noexcept {
  return mode == SizeMode::exact && terms_.extension.count() != 0 && capability_.can_list_keys;
}

Probe<std::size_t> RefreshingLayer::probe_size(SizeMode mode) {
  if (!must_list(mode)) return Layer::probe_size(mode);
  const auto keys = open_keys("*");
  std::size_t size = 0;
  for (;;) {
    const auto page = keys->probe_next();
    if (!page) return std::nullopt;
    if (!*page) return Result<std::size_t>(page->error());
    if ((*page)->empty()) return Result<std::size_t>(size);
    size += (*page)->size();
  }
}

awaitable<Result<std::size_t>> RefreshingLayer::do_size(SizeMode mode) {
  if (!must_list(mode)) co_return co_await Layer::do_size(mode);
  const auto keys = open_keys("*");
  std::size_t size = 0;
  for (;;) {
    const auto page = co_await keys->do_next();
    if (!page) co_return page.error();
    if (page->empty()) co_return size;
    size += page->size();
  }
}

}  // namespace semantrix
