#include "stores/redis/redis_backend.hpp"

#include "stores/redis/batches.hpp"
#include "stores/redis/decoders.hpp"
#include "stores/redis/key_pages.hpp"
#include "stores/redis/requests.hpp"

#include <fmt/format.h>

#include <utility>

namespace semantrix::redis {
namespace {

Route route_to(const Core& core, CallKind kind, std::string_view key) {
  Route route;
  route.kind = kind;
  route.prefix = core.prefix();
  route.key = key;
  return route;
}

}  // namespace

awaitable<Result<std::optional<Value>>> RedisBackend::get(std::string_view key) {
  const std::shared_ptr<Core> core = core_;
  const auto encode = [&core, key](Commands& out) {
    append_get(out, WireKey{core->prefix(), key});
  };
  Client& client = core->client();
  Trip trip = client.trip(route_to(*core, CallKind::read, key));
  std::optional<Error> failure;
  if (client.servers().known() && trip.next()) {
    auto attempt = client.attempt<BytesDecoder>(trip, 1, encode);
    Result<std::optional<Value>> stored = co_await std::move(attempt);
    if (stored) {
      trip.succeeded();
      co_return core->found(std::move(*stored));
    }
    failure = stored.error();
  }
  auto going_on = client.go_on<BytesDecoder>(std::move(trip), std::move(failure), 1, encode);
  Result<std::optional<Value>> stored = co_await std::move(going_on);
  if (stored) co_return core->found(std::move(*stored));
  if (core->is_no_string(stored.error())) co_return core->found(std::nullopt);
  const Error error = core->failed(stored.error(), key);
  if (!core->hides(error)) co_return error;
  co_return core->found(std::nullopt);
}

awaitable<Result<void>> RedisBackend::add(std::string_view key, const Value& value,
                                          const AddOptions& options) {
  const std::shared_ptr<Core> core = core_;
  const auto ttl = options.ttl ? options.ttl : core->terms().default_ttl;
  const Value stored = core->encode(value);
  const auto encode = [&](Commands& out) {
    append_set(out, WireKey{core->prefix(), key}, stored, ttl);
  };
  auto set = core->client().call<DoneDecoder>(route_to(*core, CallKind::write, key), 1, encode);
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
    auto erasing = redis::batch_erase(core, keys);
    static_cast<void>(co_await std::move(erasing));
  }
  co_return error;
}

awaitable<Result<BatchOutcome>> RedisBackend::batch_add(std::span<const BatchItem> items,
                                                        const AddOptions& options) {
  return redis::batch_add(core_, items, options);
}

awaitable<Result<std::vector<std::optional<Value>>>> RedisBackend::batch_get(
    std::span<const std::string> keys) {
  return redis::batch_get(core_, keys);
}

awaitable<Result<std::size_t>> RedisBackend::batch_erase(std::span<const std::string> keys) {
  return redis::batch_erase(core_, keys);
}

awaitable<Result<std::size_t>> RedisBackend::size(SizeMode) {
  KeyPages pages(core_, "*");
  std::size_t size = 0;
  for (;;) {
    auto next = pages.do_next();
    const Result<KeyStream::Page> page = co_await std::move(next);
    if (!page) co_return page.error();
    if (page->empty()) co_return size;
    size += page->size();
  }
}

awaitable<Result<std::size_t>> RedisBackend::clear(const ClearOptions& options) {
  const std::shared_ptr<Core> core = core_;
  if (core->prefix().empty() && !options.all) {
    co_return Error(ErrorCode::invalid_argument,
                    "clear would remove every key of the database, for key_prefix is empty",
                    "ask for all of it (--all, all=true), or set a key_prefix");
  }
  KeyPages pages(core, "*");
  std::size_t cleared = 0;
  for (;;) {
    auto next = pages.do_next();
    const Result<KeyStream::Page> page = co_await std::move(next);
    if (!page) co_return page.error();
    if (page->empty()) co_return cleared;
    auto erasing = redis::batch_erase(core, *page);
    const Result<std::size_t> erased = co_await std::move(erasing);
    if (!erased) co_return erased;
    cleared += *erased;
  }
}

awaitable<Result<std::optional<Entry>>> RedisBackend::entry(std::string_view key) {
  const std::shared_ptr<Core> core = core_;
  const WireKey wire{core->prefix(), key};
  const auto encode = [&wire](Commands& out) {
    append_get(out, wire);
    append_pttl(out, wire);
  };
  auto get =
      core->client().call<BytesAndTtlDecoder>(route_to(*core, CallKind::read, key), 2, encode);
  Result<BytesAndTtl> stored = co_await std::move(get);
  if (!stored && core->is_no_string(stored.error())) stored = BytesAndTtl();
  if (!stored) {
    const Error error = core->failed(stored.error(), key);
    if (!core->hides(error)) co_return error;
    stored = BytesAndTtl();
  }
  std::optional<Value> value = core->found(std::move(stored->bytes));
  if (!value) co_return std::optional<Entry>();
  std::optional<Entry> entry(std::in_place);
  entry->value = std::move(*value);
  entry->ttl = stored->ttl;
  co_return entry;
}

Probe<Stats> RedisBackend::stats() { return core_->Bookkeeping::stats(core_->client().retries()); }

awaitable<Result<Description>> RedisBackend::describe() {
  const std::shared_ptr<Core> core = core_;
  Description description;
  description.capability = capability_;
  description.warning = warning_;
  const auto encode = [](Commands& out) { out.next().text().append("*1\r\n$4\r\nPING\r\n"); };
  auto ping = core->client().call<DoneDecoder>(Route(), 1, encode);
  const Result<void> reached = co_await std::move(ping);
  if (!reached) co_return core->failed(reached.error());
  const Greeting greeting = core->client().servers().seed().greeting();
  description.server = greeting.server;
  if (!greeting.version.empty()) description.server += " " + greeting.version;
  if (!greeting.mode.empty()) description.server += " " + greeting.mode;
  if (core->client().is_cluster()) {
    description.server +=
        fmt::format(" of {} primaries", core->client().servers().primaries().size());
  }
  co_return description;
}

awaitable<Result<void>> RedisBackend::close() {
  const std::shared_ptr<Core> core = core_;
  stop_tracking();
  core->close();
  auto closing = core->client().closed();
  co_await std::move(closing);
  co_return Result<void>();
}

bool RedisBackend::subscribe(const std::weak_ptr<InvalidationListener>& listener) {
  auto tracking = std::make_shared<Tracking>(core_, executor_, connect_timeout_, listener);
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(trackings_, [](const auto& old) { return old->ended(); });
    trackings_.push_back(tracking);
  }
  tracking->start();
  return true;
}

void RedisBackend::stop_tracking() {
  const std::lock_guard lock(mutex_);
  for (const auto& tracking : trackings_) tracking->stop();
  trackings_.clear();
}

void RedisBackend::forget() noexcept {
  core_->client().forget();
  // The parent's streams are not the child's to close: they are left where they are.
  for (const auto& tracking : trackings_) tracking->forget();
}

std::unique_ptr<KeyStream> RedisBackend::keys(std::string match) {
  return std::make_unique<KeyPages>(core_, match);
}

}  // namespace semantrix::redis
