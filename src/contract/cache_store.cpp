#include "contract/checks.hpp"
#include "contract/hot_keys.hpp"
#include "contract/ready.hpp"
#include <semantrix/cache_store.hpp>
#include <semantrix/detail/verbs.hpp>

#include <utility>

namespace semantrix {

using contract::ready;
using contract::unwrap;
using detail::CheckedBatch;
using detail::OwnedAddOptions;
using detail::Verbs;

CacheStore::CacheStore() : hot_keys_(std::make_shared<contract::HotKeys>()) {}

std::vector<HotKey> CacheStore::hot_keys(std::size_t most) const { return hot_keys_->most(most); }

awaitable<void> CacheStore::add(std::string_view key, Value value, AddOptions options) {
  if (Probe<void> answer = Verbs::attempt_add(*this, key, value, options)) {
    return ready(std::move(*answer));
  }
  return unwrap(
      Verbs::run_add(*this, std::string(key), std::move(value), OwnedAddOptions(options)));
}

namespace {

/// `ready` for the verb that must cost the least: a value is cheaper to move than a result.
awaitable<std::optional<Value>> found(std::optional<Value> value) { co_return std::move(value); }

}  // namespace

awaitable<std::optional<Value>> CacheStore::get_exact(std::string_view key) {
  const Capability& known = capability();
  if (!contract::key_fits(known, key)) [[unlikely]] {
    return ready(Result<std::optional<Value>>(contract::key_error(known, key)));
  }
  hot_keys_->note(key);
  Probe<std::optional<Value>> answer = probe_get(key);
  if (!answer) return Verbs::fetch(*this, std::string(key));
  if (*answer) [[likely]]
    return found(std::move(**answer));
  return ready(std::move(*answer));
}

awaitable<bool> CacheStore::erase(std::string_view key) {
  if (auto answer = Verbs::attempt_erase(*this, key)) return ready(std::move(*answer));
  return unwrap(Verbs::run_erase(*this, std::string(key)));
}

awaitable<BatchOutcome> CacheStore::batch_add(std::vector<BatchItem> items, AddOptions options) {
  CheckedBatch batch(capability(), std::move(items));
  if (auto answer = Verbs::attempt_batch_add(*this, batch, options)) {
    return ready(std::move(*answer));
  }
  return unwrap(Verbs::run_batch_add(*this, std::move(batch), OwnedAddOptions(options)));
}

awaitable<std::vector<std::optional<Value>>> CacheStore::batch_get(std::vector<std::string> keys) {
  if (auto answer = Verbs::attempt_batch_get(*this, keys)) return ready(std::move(*answer));
  return unwrap(Verbs::run_batch_get(*this, std::move(keys)));
}

awaitable<std::size_t> CacheStore::batch_erase(std::vector<std::string> keys) {
  if (auto answer = Verbs::attempt_batch_erase(*this, keys)) return ready(std::move(*answer));
  return unwrap(Verbs::run_batch_erase(*this, std::move(keys)));
}

awaitable<std::size_t> CacheStore::size(SizeMode mode) {
  if (auto answer = Verbs::attempt_size(*this, mode)) return ready(std::move(*answer));
  return unwrap(Verbs::run_size(*this, mode));
}

awaitable<std::size_t> CacheStore::clear(ClearOptions options) {
  if (auto answer = Verbs::attempt_clear(*this, options)) return ready(std::move(*answer));
  return unwrap(Verbs::run_clear(*this, options));
}

awaitable<std::size_t> CacheStore::invalidate_tag(std::string_view tag) {
  if (auto answer = Verbs::attempt_invalidate_tag(*this, tag)) return ready(std::move(*answer));
  return unwrap(Verbs::run_invalidate_tag(*this, std::string(tag)));
}

awaitable<std::size_t> CacheStore::invalidate_prefix(std::string_view prefix) {
  if (auto answer = Verbs::attempt_invalidate_prefix(*this, prefix)) {
    return ready(std::move(*answer));
  }
  return unwrap(Verbs::run_invalidate_prefix(*this, std::string(prefix)));
}

awaitable<std::optional<Entry>> CacheStore::get_entry(std::string_view key) {
  if (auto answer = Verbs::attempt_entry(*this, key)) return ready(std::move(*answer));
  return unwrap(Verbs::run_entry(*this, std::string(key)));
}

awaitable<Stats> CacheStore::get_stats() {
  if (auto answer = Verbs::attempt_stats(*this)) return ready(std::move(*answer));
  return unwrap(Verbs::run_stats(*this));
}

awaitable<Description> CacheStore::describe() {
  if (auto answer = Verbs::attempt_describe(*this)) return ready(std::move(*answer));
  return unwrap(Verbs::run_describe(*this));
}

awaitable<void> CacheStore::close() {
  if (auto answer = Verbs::attempt_close(*this)) return ready(std::move(*answer));
  return unwrap(Verbs::run_close(*this));
}

}  // namespace semantrix
