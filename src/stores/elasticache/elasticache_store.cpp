#include "base/fork_generation.hpp"
#include "net/connection_errors.hpp"
#include "stores/elasticache/batches.hpp"
#include "stores/elasticache/key_pages.hpp"
#include "stores/elasticache/option_checks.hpp"
#include "stores/elasticache/requests.hpp"
#include "stores/elasticache/store_core.hpp"
#include "stores/redis/decoders.hpp"
#include <semantrix/elasticache_store.hpp>

#include <fmt/format.h>

#include <utility>

namespace semantrix {
namespace {

using elasticache::Counters;
using elasticache::WireKey;
using redis::CallKind;
using redis::Commands;

/// Redis takes strings of at most 512 MiB (proto-max-bulk-len). What a record adds must fit too.
constexpr std::size_t largest_value = (std::size_t{512} << 20U) - 1024;

constexpr Capability elasticache_capability{
    .store = "elasticache",
    .networked = true,
    .keeps_across_processes = true,
    .max_key_bytes = std::size_t{256} << 20U,
    .max_value_bytes = largest_value,
};

/// The parent's connections, in a child of `fork`: their threads and locks are not here, so they
/// are let go of and never destroyed.
void abandon(std::shared_ptr<elasticache::Core> core) {
  core->client().forget();
  static_cast<void>(new std::shared_ptr<elasticache::Core>(std::move(core)));
}

redis::Route route_to(const elasticache::Core& core, CallKind kind, std::string_view key) {
  redis::Route route;
  route.kind = kind;
  route.prefix = core.prefix();
  route.key = key;
  return route;
}

}  // namespace

std::shared_ptr<elasticache::Core> elasticache::core_of(ElastiCacheStore& store) {
  return ElastiCacheStore::Core::of(store);
}

ElastiCacheStore::ElastiCacheStore(ElastiCacheOptions options) : generation_(fork_generation()) {
  auto client = elasticache::client_options(options);
  if (!client) throw CacheError(client.error());
  core_ = std::make_shared<Core>(std::move(options), std::move(*client));
}

ElastiCacheStore::~ElastiCacheStore() {
  if (generation_ != fork_generation()) abandon(std::move(core_));
}

const std::shared_ptr<ElastiCacheStore::Core>& ElastiCacheStore::current() {
  if (generation_.load(std::memory_order_acquire) == fork_generation()) return core_;
  const std::lock_guard lock(mutex_);
  if (generation_.load(std::memory_order_acquire) == fork_generation()) return core_;
  auto client = elasticache::client_options(core_->options());
  if (!client) throw CacheError(client.error());
  auto fresh = std::make_shared<Core>(core_->options(), std::move(*client));
  abandon(std::exchange(core_, std::move(fresh)));
  generation_.store(fork_generation(), std::memory_order_release);
  return core_;
}

const Capability& ElastiCacheStore::static_capability() noexcept { return elasticache_capability; }
const Capability& ElastiCacheStore::capability() const noexcept { return elasticache_capability; }

awaitable<Result<std::optional<Value>>> ElastiCacheStore::do_get(std::string_view key) {
  const std::shared_ptr<Core> core = current();
  const auto encode = [&core, key](Commands& out) {
    append_get(out, WireKey{core->prefix(), key});
  };
  redis::Client& client = core->client();
  redis::Trip trip = client.trip(route_to(*core, CallKind::read, key));
  std::optional<Error> failure;
  if (client.servers().known() && trip.next()) {
    auto attempt = client.attempt<redis::BytesDecoder>(trip, 1, encode);
    Result<std::optional<Value>> stored = co_await std::move(attempt);
    if (stored) {
      trip.succeeded();
      co_return core->found(std::move(*stored));
    }
    failure = stored.error();
  }
  auto going_on = client.go_on<redis::BytesDecoder>(std::move(trip), std::move(failure), 1, encode);
  Result<std::optional<Value>> stored = co_await std::move(going_on);
  if (stored) co_return core->found(std::move(*stored));
  if (core->is_no_string(stored.error())) co_return core->found(std::nullopt);
  const Error error = core->failed(stored.error(), key);
  if (!core->hides(error)) co_return error;
  co_return core->found(std::nullopt);
}

awaitable<Result<void>> ElastiCacheStore::do_add(std::string_view key, const Value& value,
                                                 const AddOptions& options) {
  const std::shared_ptr<Core> core = current();
  const auto ttl = options.ttl ? options.ttl : core->options().default_ttl;
  const Value stored = core->encode(value);
  const auto encode = [&](Commands& out) {
    append_set(out, WireKey{core->prefix(), key}, stored, ttl);
  };
  auto set =
      core->client().call<redis::DoneDecoder>(route_to(*core, CallKind::write, key), 1, encode);
  const Result<void> done = co_await std::move(set);
  if (done) {
    Counters::count(core->counters().adds);
    co_return Result<void>();
  }
  const Error error = core->failed(done.error(), key);
  if (core->hides(error)) co_return Result<void>();
  if (error.code() == ErrorCode::server_out_of_memory) {
    // What the key had before would contradict what the caller meant it to have.
    const std::string old(key);
    const std::span<const std::string> keys(&old, 1);
    auto erasing = do_batch_erase(keys);
    static_cast<void>(co_await std::move(erasing));
  }
  co_return error;
}

awaitable<Result<bool>> ElastiCacheStore::do_erase(std::string_view key) {
  const std::string owned(key);
  const std::span<const std::string> keys(&owned, 1);
  auto erasing = do_batch_erase(keys);
  const Result<std::size_t> erased = co_await std::move(erasing);
  if (!erased) co_return erased.error();
  co_return *erased != 0;
}

awaitable<Result<BatchOutcome>> ElastiCacheStore::do_batch_add(std::span<const BatchItem> items,
                                                               const AddOptions& options) {
  return elasticache::batch_add(current(), items, options);
}

awaitable<Result<std::vector<std::optional<Value>>>> ElastiCacheStore::do_batch_get(
    std::span<const std::string> keys) {
  return elasticache::batch_get(current(), keys);
}

awaitable<Result<std::size_t>> ElastiCacheStore::do_batch_erase(std::span<const std::string> keys) {
  return elasticache::batch_erase(current(), keys);
}

awaitable<Result<std::size_t>> ElastiCacheStore::do_size(SizeMode) {
  elasticache::KeyPages pages(current(), "*");
  std::size_t size = 0;
  for (;;) {
    auto next = pages.do_next();
    const Result<KeyStream::Page> page = co_await std::move(next);
    if (!page) co_return page.error();
    if (page->empty()) co_return size;
    size += page->size();
  }
}

awaitable<Result<std::size_t>> ElastiCacheStore::do_clear(const ClearOptions& options) {
  if (current()->prefix().empty() && !options.all) {
    co_return Error(ErrorCode::invalid_argument,
                    "clear would remove every key of the database, for key_prefix is empty",
                    "ask for all of it (--all, all=true), or set a key_prefix");
  }
  elasticache::KeyPages pages(current(), "*");
  std::size_t cleared = 0;
  for (;;) {
    auto next = pages.do_next();
    const Result<KeyStream::Page> page = co_await std::move(next);
    if (!page) co_return page.error();
    if (page->empty()) co_return cleared;
    auto erasing = do_batch_erase(*page);
    const Result<std::size_t> erased = co_await std::move(erasing);
    if (!erased) co_return erased;
    cleared += *erased;
  }
}

awaitable<Result<std::optional<Entry>>> ElastiCacheStore::do_entry(std::string_view key) {
  const std::shared_ptr<Core> core = current();
  const WireKey wire{core->prefix(), key};
  const auto encode = [&wire](Commands& out) {
    append_get(out, wire);
    append_pttl(out, wire);
  };
  auto get = core->client().call<redis::BytesAndTtlDecoder>(route_to(*core, CallKind::read, key), 2,
                                                            encode);
  Result<redis::BytesAndTtl> stored = co_await std::move(get);
  if (!stored && core->is_no_string(stored.error())) stored = redis::BytesAndTtl();
  if (!stored) {
    const Error error = core->failed(stored.error(), key);
    if (!core->hides(error)) co_return error;
    stored = redis::BytesAndTtl();
  }
  std::optional<Value> value = core->found(std::move(stored->bytes));
  if (!value) co_return std::optional<Entry>();
  std::optional<Entry> entry(std::in_place);
  entry->value = std::move(*value);
  entry->ttl = stored->ttl;
  co_return entry;
}

Probe<Stats> ElastiCacheStore::probe_stats() {
  if (current()->closed()) return net::store_closed();
  Stats stats;
  stats.store = elasticache_capability.store;
  current()->counters().copy_to(stats);
  stats.retries = current()->client().retries();
  return stats;
}

awaitable<Result<Description>> ElastiCacheStore::do_describe() {
  const std::shared_ptr<Core> core = current();
  const auto encode = [](Commands& out) { out.next().text().append("*1\r\n$4\r\nPING\r\n"); };
  auto ping = core->client().call<redis::DoneDecoder>(redis::Route(), 1, encode);
  const Result<void> reached = co_await std::move(ping);
  if (!reached) co_return core->failed(reached.error());
  const redis::Greeting greeting = core->client().servers().seed().greeting();
  Description description;
  description.capability = elasticache_capability;
  description.server = greeting.server;
  if (!greeting.version.empty()) description.server += " " + greeting.version;
  if (!greeting.mode.empty()) description.server += " " + greeting.mode;
  if (core->client().is_cluster()) {
    description.server +=
        fmt::format(" of {} primaries", core->client().servers().primaries().size());
  }
  description.warning = elasticache::warning(core->options());
  co_return description;
}

awaitable<Result<void>> ElastiCacheStore::do_close() {
  const std::shared_ptr<Core> core = current();
  core->close();
  auto closing = core->client().closed();
  co_await std::move(closing);
  co_return Result<void>();
}

std::unique_ptr<KeyStream> ElastiCacheStore::open_keys(std::string match) {
  return std::make_unique<elasticache::KeyPages>(current(), match);
}

}  // namespace semantrix
