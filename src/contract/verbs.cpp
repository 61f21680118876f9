#include "contract/checks.hpp"
#include "contract/hot_keys.hpp"
#include <semantrix/detail/verbs.hpp>

#include <utility>

namespace semantrix::detail {

using contract::check_keys;
using contract::check_options;
using contract::check_prefix;
using contract::check_tag;
using contract::check_value;
using contract::key_error;
using contract::key_fits;
using contract::not_supported;

namespace {

template <class T>
Probe<T> refused(Error error) {
  return Probe<T>(std::in_place, std::move(error));
}

}  // namespace

Probe<void> Verbs::attempt_add(CacheStore& store, std::string_view key, const Value& value,
                               const AddOptions& options) {
  const Capability& capability = store.capability();
  if (!key_fits(capability, key)) return refused<void>(key_error(capability, key));
  if (auto error = check_options(capability, options)) return refused<void>(std::move(*error));
  if (auto error = check_value(capability, value)) {
    // An older value would contradict what the caller wanted to store.
    const Probe<bool> erased = store.probe_erase(key);
    if (!erased) return std::nullopt;
    return refused<void>(*erased ? std::move(*error) : erased->error());
  }
  return store.probe_add(key, value, options);
}

Probe<std::optional<Value>> Verbs::attempt_get(CacheStore& store, std::string_view key) {
  const Capability& capability = store.capability();
  if (!key_fits(capability, key)) [[unlikely]] {
    return refused<std::optional<Value>>(key_error(capability, key));
  }
  store.hot_keys_->note(key);
  return store.probe_get(key);
}

Probe<bool> Verbs::attempt_erase(CacheStore& store, std::string_view key) {
  const Capability& capability = store.capability();
  if (!key_fits(capability, key)) return refused<bool>(key_error(capability, key));
  return store.probe_erase(key);
}

Probe<BatchOutcome> Verbs::attempt_batch_add(CacheStore& store, const CheckedBatch& batch,
                                             const AddOptions& options) {
  if (auto error = check_options(store.capability(), options)) {
    return refused<BatchOutcome>(std::move(*error));
  }
  if (!batch.contradicted().empty() && !store.probe_batch_erase(batch.contradicted())) {
    return std::nullopt;
  }
  Probe<BatchOutcome> answer = store.probe_batch_add(batch.items(), options);
  if (!answer && batch.items().empty()) answer = BatchOutcome{};
  if (!answer || !*answer) return answer;
  return Result<BatchOutcome>(batch.complete(std::move(**answer)));
}

Probe<Verbs::Values> Verbs::attempt_batch_get(CacheStore& store,
                                              std::span<const std::string> keys) {
  if (auto error = check_keys(store.capability(), keys)) return refused<Values>(std::move(*error));
  for (const std::string& key : keys) store.hot_keys_->note(key);
  Probe<Values> answer = store.probe_batch_get(keys);
  if (!answer && keys.empty()) answer = Values{};
  return answer;
}

Probe<Verbs::Count> Verbs::attempt_batch_erase(CacheStore& store,
                                               std::span<const std::string> keys) {
  if (auto error = check_keys(store.capability(), keys)) return refused<Count>(std::move(*error));
  Probe<Count> answer = store.probe_batch_erase(keys);
  if (!answer && keys.empty()) answer = Count{0};
  return answer;
}

Probe<Verbs::Count> Verbs::attempt_size(CacheStore& store, SizeMode mode) {
  const Capability& capability = store.capability();
  if (!capability.can_size)
    return refused<Count>(not_supported(capability, "counting its entries"));
  return store.probe_size(mode);
}

Probe<Verbs::Count> Verbs::attempt_clear(CacheStore& store, ClearOptions options) {
  const Capability& capability = store.capability();
  if (!capability.can_clear) return refused<Count>(not_supported(capability, "clear"));
  return store.probe_clear(options);
}

Probe<Verbs::Count> Verbs::attempt_invalidate_tag(CacheStore& store, std::string_view tag) {
  if (auto error = check_tag(store.capability(), tag)) return refused<Count>(std::move(*error));
  return store.probe_invalidate_tag(tag);
}

Probe<Verbs::Count> Verbs::attempt_invalidate_prefix(CacheStore& store, std::string_view prefix) {
  if (auto error = check_prefix(prefix)) return refused<Count>(std::move(*error));
  return store.probe_invalidate_prefix(prefix);
}

Probe<std::optional<Entry>> Verbs::attempt_entry(CacheStore& store, std::string_view key) {
  const Capability& capability = store.capability();
  if (!key_fits(capability, key)) return refused<std::optional<Entry>>(key_error(capability, key));
  return store.probe_entry(key);
}

Probe<Stats> Verbs::attempt_stats(CacheStore& store) {
  Probe<Stats> stats = store.probe_stats();
  if (stats && *stats) (*stats)->hot_keys = nameless_hot_keys(store);
  return stats;
}

std::vector<HotKey> Verbs::nameless_hot_keys(const CacheStore& store) {
  std::vector<HotKey> keys = store.hot_keys();
  for (HotKey& key : keys) key.key.clear();
  return keys;
}

Probe<Description> Verbs::attempt_describe(CacheStore& store) { return store.probe_describe(); }

Probe<void> Verbs::attempt_close(CacheStore& store) { return store.probe_close(); }

Probe<KeyStream::Page> Verbs::attempt_next_page(KeyStream& stream) { return stream.probe_next(); }

}  // namespace semantrix::detail
