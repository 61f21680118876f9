#include <semantrix/layer.hpp>

#include <utility>

namespace semantrix {

Probe<void> Layer::probe_add(std::string_view key, const Value& value, const AddOptions& options) {
  return inner_->probe_add(key, value, options);
}

Probe<std::optional<Value>> Layer::probe_get(std::string_view key) {
  return inner_->probe_get(key);
}

Probe<bool> Layer::probe_erase(std::string_view key) { return inner_->probe_erase(key); }

Probe<BatchOutcome> Layer::probe_batch_add(std::span<const BatchItem> items,
                                           const AddOptions& options) {
  return inner_->probe_batch_add(items, options);
}

Probe<std::vector<std::optional<Value>>> Layer::probe_batch_get(std::span<const std::string> keys) {
  return inner_->probe_batch_get(keys);
}

Probe<std::size_t> Layer::probe_batch_erase(std::span<const std::string> keys) {
  return inner_->probe_batch_erase(keys);
}

Probe<std::size_t> Layer::probe_size(SizeMode mode) { return inner_->probe_size(mode); }

Probe<std::size_t> Layer::probe_clear(const ClearOptions& options) {
  return inner_->probe_clear(options);
}

Probe<std::size_t> Layer::probe_invalidate_tag(std::string_view tag) {
  return inner_->probe_invalidate_tag(tag);
}

Probe<std::size_t> Layer::probe_invalidate_prefix(std::string_view prefix) {
  return inner_->probe_invalidate_prefix(prefix);
}

Probe<std::optional<Entry>> Layer::probe_entry(std::string_view key) {
  return inner_->probe_entry(key);
}

Probe<Stats> Layer::probe_stats() { return inner_->probe_stats(); }
Probe<Description> Layer::probe_describe() { return inner_->probe_describe(); }
Probe<void> Layer::probe_close() { return inner_->probe_close(); }

awaitable<Result<void>> Layer::do_add(std::string_view key, const Value& value,
                                      const AddOptions& options) {
  return inner_->do_add(key, value, options);
}

awaitable<Result<std::optional<Value>>> Layer::do_get(std::string_view key) {
  return inner_->do_get(key);
}

awaitable<Result<bool>> Layer::do_erase(std::string_view key) { return inner_->do_erase(key); }

awaitable<Result<BatchOutcome>> Layer::do_batch_add(std::span<const BatchItem> items,
                                                    const AddOptions& options) {
  return inner_->do_batch_add(items, options);
}

awaitable<Result<std::vector<std::optional<Value>>>> Layer::do_batch_get(
    std::span<const std::string> keys) {
  return inner_->do_batch_get(keys);
}

awaitable<Result<std::size_t>> Layer::do_batch_erase(std::span<const std::string> keys) {
  return inner_->do_batch_erase(keys);
}

awaitable<Result<std::size_t>> Layer::do_size(SizeMode mode) { return inner_->do_size(mode); }

awaitable<Result<std::size_t>> Layer::do_clear(const ClearOptions& options) {
  return inner_->do_clear(options);
}

awaitable<Result<std::size_t>> Layer::do_invalidate_tag(std::string_view tag) {
  return inner_->do_invalidate_tag(tag);
}

awaitable<Result<std::size_t>> Layer::do_invalidate_prefix(std::string_view prefix) {
  return inner_->do_invalidate_prefix(prefix);
}

awaitable<Result<std::optional<Entry>>> Layer::do_entry(std::string_view key) {
  return inner_->do_entry(key);
}

awaitable<Result<Stats>> Layer::do_stats() { return inner_->do_stats(); }
awaitable<Result<Description>> Layer::do_describe() { return inner_->do_describe(); }
awaitable<Result<void>> Layer::do_close() { return inner_->do_close(); }

std::unique_ptr<KeyStream> Layer::open_keys(std::string match) {
  return inner_->open_keys(std::move(match));
}

}  // namespace semantrix
