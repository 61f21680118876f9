#include "stores/memcached/items.hpp"

#include "protocol/memcache/command.hpp"
#include "stores/memcached/decoders.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace semantrix::memcached {
namespace {

using memcache::Dialect;
using memcache::WireKey;
using net::OutputBuffer;

/// What one write of chunks holds, and one reading of them: more would take longer than an attempt
/// has.
constexpr std::size_t group_bytes = std::size_t{4} << 20U;

Route route_of(CallKind kind, At at, const WireKey& first) {
  Route route;
  route.kind = kind;
  route.wire_key = first.text();
  route.server = std::move(at.server);
  route.deadline = at.deadline;
  return route;
}

std::uint32_t lines_of(std::span<const WireKey> keys) noexcept {
  std::uint32_t lines = 0;
  for (; !keys.empty(); ++lines) keys = keys.subspan(memcache::fitting_keys(keys));
  return lines;
}

}  // namespace

awaitable<Result<std::vector<std::optional<Value>>>> get_items(std::shared_ptr<Core> core, At at,
                                                               std::span<const WireKey> keys) {
  const auto encode = [keys](OutputBuffer& out, Dialect) {
    for (std::span<const WireKey> left = keys; !left.empty();) {
      const std::size_t count = memcache::fitting_keys(left);
      memcache::append_get_many(out.text(), left.first(count));
      left = left.subspan(count);
    }
  };
  const auto make = [keys] {
    return ManyBytesDecoder(std::vector<WireKey>(keys.begin(), keys.end()));
  };
  const Route route = route_of(CallKind::read, std::move(at), keys.front());
  auto getting = core->client().call(route, lines_of(keys), make, encode);
  co_return co_await std::move(getting);
}

awaitable<std::vector<std::optional<Error>>> set_items(std::shared_ptr<Core> core, At at,
                                                       std::span<const Item> items,
                                                       std::span<const memcache::Set> sets) {
  const auto encode = [items, sets](OutputBuffer& out, Dialect dialect) {
    for (std::size_t i = 0; i != items.size(); ++i) {
      memcache::Set set = sets[i];
      set.opaque = static_cast<std::uint32_t>(i);
      memcache::append_set_header(out.text(), dialect, items[i].key, items[i].bytes.size(), set);
      out.append(items[i].bytes);
      out.text().append(memcache::end_of_data);
    }
  };
  const auto make = [] { return OutcomesDecoder(); };
  const Route route = route_of(CallKind::write, std::move(at), items.front().key);
  auto setting = core->client().call(route, static_cast<std::uint32_t>(items.size()), make, encode);
  auto outcomes = co_await std::move(setting);
  if (outcomes) co_return std::move(*outcomes);
  const std::optional<Error> failure = outcomes.error();
  std::vector<std::optional<Error>> failures(items.size(), failure);
  co_return failures;
}

awaitable<std::vector<Result<bool>>> erase_items(std::shared_ptr<Core> core, At at,
                                                 std::span<const WireKey> keys) {
  const auto encode = [keys](OutputBuffer& out, Dialect dialect) {
    for (const WireKey& key : keys) {
      memcache::append_get_state(out.text(), dialect, key);
      memcache::append_delete(out.text(), dialect, key);
    }
  };
  const auto make = [] { return ErasedDecoder(wall_clock()); };
  const Route route = route_of(CallKind::write, std::move(at), keys.front());
  auto erasing =
      core->client().call(route, static_cast<std::uint32_t>(2 * keys.size()), make, encode);
  const auto answer = co_await std::move(erasing);
  std::vector<Result<bool>> erased;
  erased.reserve(keys.size());
  for (std::size_t i = 0; i != keys.size(); ++i) {
    if (answer) {
      erased.push_back((*answer)[i]);
    } else {
      erased.emplace_back(answer.error());
    }
    std::optional<Error> failure;
    if (!erased.back()) failure = erased.back().error();
    core->written(keys[i], failure);
  }
  co_return erased;
}

awaitable<Result<void>> settle(std::shared_ptr<Core> core, const WireKey& key) {
  if (core->unsettled().waits(key.text(), Unsettled::Clock::now())) co_return Result<void>();
  auto erasing = erase_items(core, At(), std::span(&key, 1));
  const auto erased = co_await std::move(erasing);
  if (!erased.front()) co_return erased.front().error();
  co_return Result<void>();
}

awaitable<Result<std::optional<Value>>> whole_value(std::shared_ptr<Core> core, At at,
                                                    std::string_view key, ReadForm head) {
  if (head.missing_chunks() == 0) co_return std::move(head.value);
  std::vector<WireKey> keys;
  for (std::size_t i = 1; i <= head.missing_chunks(); ++i) {
    keys.push_back(core->key_prefix().chunk(key, static_cast<std::uint32_t>(i)));
  }
  const std::size_t group =
      std::max(group_bytes / std::max(head.stored.size(), std::size_t{1}), std::size_t{1});
  std::vector<std::optional<Value>> chunks;
  for (std::size_t begin = 0; begin < keys.size(); begin += group) {
    const std::span<const WireKey> next(keys.data() + begin, std::min(group, keys.size() - begin));
    auto getting = get_items(core, at, next);
    auto got = co_await std::move(getting);
    if (!got) co_return got.error();
    for (std::optional<Value>& chunk : *got) chunks.push_back(std::move(chunk));
  }
  co_return joined(*core, head, chunks);
}

awaitable<Result<void>> store_form(std::shared_ptr<Core> core, At at, const StoredForm& form) {
  const std::size_t piece = form.chunks.empty() ? 1 : form.chunks.front().bytes.size();
  const std::size_t group = std::max(group_bytes / piece, std::size_t{1});
  std::optional<Error> failure;
  for (std::size_t begin = 0; begin < form.chunks.size() && !failure; begin += group) {
    const std::span<const Item> next(form.chunks.data() + begin,
                                     std::min(group, form.chunks.size() - begin));
    const std::vector<memcache::Set> sets(next.size(), form.set);
    auto setting = set_items(core, at, next, sets);
    const auto failures = co_await std::move(setting);
    for (const auto& each : failures) failure = failure ? failure : each;
  }
  if (failure) {
    // What the key had before would contradict what the caller meant it to have.
    core->unsettled().note(form.head.key.text());
    auto erasing = erase_items(core, at, std::span(&form.head.key, 1));
    static_cast<void>(co_await std::move(erasing));
    co_return *failure;
  }
  auto setting = set_items(core, at, std::span(&form.head, 1), std::span(&form.set, 1));
  const auto failures = co_await std::move(setting);
  core->written(form.head.key, failures.front());
  if (failures.front()) co_return *failures.front();
  co_return Result<void>();
}

}  // namespace semantrix::memcached
