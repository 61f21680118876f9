#include "stores/memcached/memcached_backend.hpp"

#include "stores/memcached/batches.hpp"
#include "stores/memcached/decoders.hpp"
#include "stores/memcached/items.hpp"
#include "stores/memcached/key_pages.hpp"
#include "stores/memcached/stored_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace semantrix::memcached {
namespace {

using memcache::Dialect;
using memcache::WireKey;
using net::OutputBuffer;

Route read_of(const WireKey& key) {
  Route route;
  route.wire_key = key.text();
  return route;
}

/// The answer to a get that failed: an error, or a miss in its place.
Result<std::optional<Value>> missed(Core& core, const Error& failure, std::string_view key) {
  const Error error = core.failed(failure, key);
  if (!core.hides(error)) return error;
  return core.answered(std::nullopt);
}

/// What the stored bytes of a key are to its reader.
awaitable<Result<std::optional<Value>>> finish(std::shared_ptr<Core> core, const WireKey& wire_key,
                                               std::string_view key, Value stored) {
  auto form = read_form(*core, wire_key, key, std::move(stored));
  if (!form) co_return std::optional<Value>();
  if (form->missing_chunks() == 0) co_return std::move(form->value);
  At at;
  auto arriving = core->client().arrive(wire_key);
  auto server = co_await std::move(arriving);
  if (!server) co_return server.error();
  at.server = std::move(*server);
  auto reading = whole_value(core, std::move(at), key, std::move(*form));
  co_return co_await std::move(reading);
}

/// Reads what the key has, whatever stands in the way of the first attempt.
awaitable<Result<std::optional<Value>>> read(std::shared_ptr<Core> core, const WireKey& wire_key,
                                             Trip trip, std::optional<Error> failure) {
  const auto encode = [&wire_key](OutputBuffer& out, Dialect dialect) {
    memcache::append_get(out.text(), dialect, wire_key);
  };
  const auto make = [] { return BytesDecoder(); };
  auto going_on = core->client().go_on(std::move(trip), std::move(failure), 1, make, encode);
  co_return co_await std::move(going_on);
}

/// A value that is there at once needs no more coroutines.
bool is_whole(const std::optional<Value>& stored) {
  return !stored || !stored->view().starts_with("\xF5SMX");
}

}  // namespace

awaitable<Result<std::optional<Value>>> MemcachedBackend::get(std::string_view key) {
  const std::shared_ptr<Core> core = core_;
  const WireKey wire_key = core->wire_key(key);
  Client& client = core->client();
  if (core->unsettled().has(wire_key.text())) {
    auto settling = settle(core, wire_key);
    const Result<void> settled = co_await std::move(settling);
    if (!settled) co_return missed(*core, settled.error(), key);
    co_return core->answered(std::nullopt);
  }
  const auto encode = [&wire_key](OutputBuffer& out, Dialect dialect) {
    memcache::append_get(out.text(), dialect, wire_key);
  };
  Trip trip = client.trip(read_of(wire_key));
  std::optional<Error> failure;
  Result<std::optional<Value>> stored = std::optional<Value>();
  bool answered = false;
  if (trip.next() && trip.has_arrived()) {
    auto attempt = client.attempt(trip, 1, BytesDecoder(), encode);
    stored = co_await std::move(attempt);
    answered = stored.has_value();
    if (answered) trip.succeeded();
    if (!answered) failure = stored.error();
  }
  if (!answered) {
    auto reading = read(core, wire_key, std::move(trip), std::move(failure));
    stored = co_await std::move(reading);
  }
  if (stored && *stored && !(is_whole(*stored) && !wire_key.is_hashed())) {
    auto finishing = finish(core, wire_key, key, std::move(**stored));
    stored = co_await std::move(finishing);
  }
  if (!stored) co_return missed(*core, stored.error(), key);
  co_return core->answered(std::move(*stored));
}

awaitable<Result<void>> MemcachedBackend::add(std::string_view key, const Value& value,
                                              const AddOptions& options) {
  const std::shared_ptr<Core> core = core_;
  auto adding = memcached::add(core, key, value, options.ttl);
  const Result<void> added = co_await std::move(adding);
  if (added) {
    Counters::count(core->counters().adds);
    co_return added;
  }
  const Error error = core->failed(added.error(), key);
  if (core->hides(error)) co_return Result<void>();
  co_return error;
}

awaitable<Result<BatchOutcome>> MemcachedBackend::batch_add(std::span<const BatchItem> items,
                                                            const AddOptions& options) {
  return memcached::batch_add(core_, items, options);
}

awaitable<Result<std::vector<std::optional<Value>>>> MemcachedBackend::batch_get(
    std::span<const std::string> keys) {
  return memcached::batch_get(core_, keys);
}

awaitable<Result<std::size_t>> MemcachedBackend::batch_erase(std::span<const std::string> keys) {
  return memcached::batch_erase(core_, keys);
}

awaitable<Result<std::size_t>> MemcachedBackend::size(SizeMode /*mode*/) {
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

awaitable<Result<std::size_t>> MemcachedBackend::clear(const ClearOptions& options) {
  if (core_->prefix().empty() && !options.all) {
    co_return Error(ErrorCode::invalid_argument,
                    "clear would remove every key of the servers, for key_prefix is empty",
                    "ask for all of it (--all, all=true), or set a key_prefix");
  }
  auto clearing = memcached::clear(core_);
  co_return co_await std::move(clearing);
}

awaitable<Result<std::optional<Entry>>> MemcachedBackend::entry(std::string_view key) {
  const std::shared_ptr<Core> core = core_;
  auto reading = memcached::entry(core, key);
  Result<std::optional<Entry>> found = co_await std::move(reading);
  if (!found) {
    const Error error = core->failed(found.error(), key);
    if (!core->hides(error)) co_return error;
  }
  const bool hit = found && *found;
  static_cast<void>(core->answered(hit ? std::optional((*found)->value) : std::nullopt));
  if (!hit) co_return std::optional<Entry>();
  co_return found;
}

std::unique_ptr<KeyStream> MemcachedBackend::keys(std::string match) {
  return std::make_unique<KeyPages>(core_, match);
}

Probe<Stats> MemcachedBackend::stats() {
  return core_->Bookkeeping::stats(core_->client().retries());
}

awaitable<Result<Description>> MemcachedBackend::describe() {
  const std::shared_ptr<Core> core = core_;
  Description description;
  description.capability = capability_;
  description.warning = warning_;
  auto learning = core->client().learn();
  const auto view = co_await std::move(learning);
  if (!view) co_return core->failed(view.error());
  const std::shared_ptr<Node> first = (*view)->nodes.front();
  auto asking = core->client().ask(first);
  const Result<void> answered = co_await std::move(asking);
  if (!answered) co_return core->failed(answered.error());
  const Greeting greeting = first->greeting();
  description.server = "memcached " + greeting.version;
  const std::size_t nodes = (*view)->nodes.size();
  if (nodes > 1) description.server += fmt::format(" of {} servers", nodes);
  // One that does not tell its settings does not list its keys either.
  const bool lists = greeting.lists_keys.value_or(false);
  description.capability.can_list_keys = lists;
  description.capability.can_size = lists;
  description.capability.can_clear = lists;
  co_return description;
}

awaitable<Result<void>> MemcachedBackend::close() {
  const std::shared_ptr<Core> core = core_;
  core->Bookkeeping::close();
  auto closing = core->client().closed();
  co_await std::move(closing);
  co_return Result<void>();
}

}  // namespace semantrix::memcached
