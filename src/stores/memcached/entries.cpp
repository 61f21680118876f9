#include "protocol/memcache/command.hpp"
#include "stores/memcached/batches.hpp"
#include "stores/memcached/decoders.hpp"
#include "stores/memcached/items.hpp"
#include "stores/memcached/stored_form.hpp"

#include <utility>

namespace semantrix::memcached {
namespace {

using memcache::Dialect;
using memcache::WireKey;

awaitable<Result<BytesAndTtl>> get_with_ttl(std::shared_ptr<Core> core, const WireKey& wire_key,
                                            std::shared_ptr<Node> server) {
  const auto encode = [&wire_key](net::OutputBuffer& out, Dialect dialect) {
    if (dialect == Dialect::meta) {
      memcache::append_get_entry(out.text(), wire_key);
    } else {
      memcache::append_get(out.text(), dialect, wire_key);
    }
  };
  const auto make = [] { return BytesAndTtlDecoder(); };
  Route route;
  route.wire_key = wire_key.text();
  route.server = std::move(server);
  auto getting = core->client().call(route, 1, make, encode);
  co_return co_await std::move(getting);
}

/// Removes what stands where something else was meant to, whatever comes of it.
awaitable<void> remove(std::shared_ptr<Core> core, const WireKey& wire_key) {
  core->unsettled().note(wire_key.text());
  auto erasing = erase_items(core, At(), std::span(&wire_key, 1));
  static_cast<void>(co_await std::move(erasing));
}

}  // namespace

awaitable<Result<void>> add(std::shared_ptr<Core> core, std::string_view key, Value value,
                            std::optional<std::chrono::milliseconds> ttl) {
  const WireKey wire_key = core->wire_key(key);
  auto arriving = core->client().arrive(wire_key);
  const auto server = co_await std::move(arriving);
  if (!server) {
    core->unsettled().note(wire_key.text());
    co_return server.error();
  }
  if (!ttl) ttl = core->terms().default_ttl;
  const auto form = stored_form(*core, key, value, ttl, (*server)->item_limit());
  if (!form) {
    auto removing = remove(core, wire_key);
    co_await std::move(removing);
    co_return form.error();
  }
  At at;
  // All parts of an entry are on one server.
  if (!form->chunks.empty()) at.server = *server;
  auto storing = store_form(core, std::move(at), *form);
  co_return co_await std::move(storing);
}

awaitable<Result<std::optional<Entry>>> entry(std::shared_ptr<Core> core, std::string_view key) {
  const WireKey wire_key = core->wire_key(key);
  if (core->unsettled().has(wire_key.text())) {
    auto settling = settle(core, wire_key);
    const Result<void> settled = co_await std::move(settling);
    if (!settled) co_return settled.error();
    co_return std::optional<Entry>();
  }
  auto arriving = core->client().arrive(wire_key);
  const auto server = co_await std::move(arriving);
  if (!server) co_return server.error();
  auto getting = get_with_ttl(core, wire_key, *server);
  Result<BytesAndTtl> got = co_await std::move(getting);
  if (!got) co_return got.error();
  if (!got->bytes) co_return std::optional<Entry>();
  auto form = read_form(*core, wire_key, key, std::move(*got->bytes));
  if (!form) co_return std::optional<Entry>();
  std::optional<std::chrono::milliseconds> left = time_left(form->record);
  if (!left && got->ttl) left = *got->ttl;
  At at;
  at.server = *server;
  auto reading = whole_value(core, std::move(at), key, std::move(*form));
  auto value = co_await std::move(reading);
  if (!value) co_return value.error();
  if (!*value) co_return std::optional<Entry>();
  std::optional<Entry> found(std::in_place);
  found->value = std::move(**value);
  found->ttl = left;
  co_return found;
}

}  // namespace semantrix::memcached
