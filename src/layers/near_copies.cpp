#include "layers/near_copies.hpp"

#include <algorithm>
#include <utility>

namespace semantrix::layers {
namespace {

using Values = std::vector<std::optional<Value>>;

/// How long what nobody watches over is trusted.
constexpr std::chrono::milliseconds unwatched_ttl{5000};

MemoryOptions memory_options(const NearCacheOptions& options) {
  if (options.ttl && options.ttl->count() <= 0) {
    throw CacheError(Error(ErrorCode::invalid_argument, "near_cache_ttl must be positive"));
  }
  MemoryOptions memory;
  memory.max_size = options.max_size;
  memory.max_bytes = options.max_bytes;
  memory.eviction_policy = options.eviction_policy;
  memory.clock = options.clock;
  return memory;
}

}  // namespace

Values NearBatch::completed(Values rest) && {
  for (std::size_t i = 0; i != positions.size(); ++i) values[positions[i]] = std::move(rest[i]);
  return std::move(values);
}

NearCopies::NearCopies(const NearCacheOptions& options)
    : ttl_(options.ttl), subscribe_(options.subscribe), copies_(memory_options(options)) {}

std::optional<Values> NearCopies::find_all(std::span<const std::string> keys) {
  if (keys.empty()) return std::nullopt;
  const auto near = [this](const std::string& key) { return copies_.peek(key).has_value(); };
  if (!std::all_of(keys.begin(), keys.end(), near)) return std::nullopt;
  Values values;
  values.reserve(keys.size());
  for (const std::string& key : keys) {
    values.push_back(find(key));
    if (!values.back()) return std::nullopt;
  }
  return values;
}

NearBatch NearCopies::begin_batch(std::span<const std::string> keys) {
  NearBatch batch;
  batch.values.resize(keys.size());
  for (std::size_t i = 0; i != keys.size(); ++i) {
    batch.values[i] = find(keys[i]);
    if (batch.values[i]) continue;
    batch.missing.push_back(keys[i]);
    batch.positions.push_back(i);
  }
  return batch;
}

void NearCopies::copy(std::string_view key, const Value& value, Ttl remaining) {
  if (closed_.load(std::memory_order_relaxed)) return;
  Ttl ttl = remaining;
  const bool watched = listening_.load(std::memory_order_relaxed);
  const Ttl limit = watched ? ttl_ : Ttl(ttl_.value_or(unwatched_ttl));
  if (limit) ttl = ttl ? std::min(*ttl, *limit) : *limit;
  MemoryItem item;
  item.key = key;
  item.value = value.view();
  item.binary = value.binary();
  item.options.ttl = ttl;
  // What is too large to be kept near is read from the store each time.
  static_cast<void>(copies_.add(item));
}

std::optional<Value> NearCopies::keep(std::string_view key, std::optional<Entry> entry,
                                      Ticket ticket) {
  if (!entry) {
    misses_.fetch_add(1, std::memory_order_relaxed);
    return std::nullopt;
  }
  hits_.fetch_add(1, std::memory_order_relaxed);
  bytes_out_.fetch_add(entry->value.size(), std::memory_order_relaxed);
  stripes_.keep_if_unwritten(key, ticket, [&] { copy(key, entry->value, entry->ttl); });
  return std::move(entry->value);
}

void NearCopies::keep_added(std::string_view key, const Value& value, const AddOptions& options,
                            Ticket begun) {
  const auto keep = [&] {
    if (options.ttl) copy(key, value, options.ttl);
  };
  stripes_.ended(key, begun, keep, [&] { copies_.erase(key); });
}

NearCopies::Ticket NearCopies::written(std::string_view key) {
  return stripes_.written(key, [&] { copies_.erase(key); });
}

void NearCopies::written(std::span<const std::string> keys) {
  for (const std::string& key : keys) written(key);
}

void NearCopies::written(std::span<const BatchItem> items) {
  for (const BatchItem& item : items) written(item.key);
}

void NearCopies::on_all_changed() noexcept {
  stripes_.all_written([this] { copies_.clear(); });
}

void NearCopies::on_listening(bool listening) noexcept {
  listening_.store(listening, std::memory_order_relaxed);
  // What was kept until now was kept on other terms.
  on_all_changed();
}

void NearCopies::begin_anew() noexcept {
  generation_.store(fork_generation(), std::memory_order_relaxed);
  asked_ = false;
  on_listening(false);
}

void NearCopies::close() {
  closed_ = true;
  on_all_changed();
}

Result<Stats> NearCopies::counted(Result<Stats> stats) const {
  if (!stats) return stats;
  const Stats near = copies_.stats();
  stats->hits += near.hits + hits_.load(std::memory_order_relaxed);
  stats->misses += misses_.load(std::memory_order_relaxed);
  stats->value_bytes_out += near.value_bytes_out + bytes_out_.load(std::memory_order_relaxed);
  return stats;
}

}  // namespace semantrix::layers
