#include "stores/memcached/batches.hpp"

#include "net/gather.hpp"
#include "net/network_checks.hpp"
#include "stores/memcached/items.hpp"
#include "stores/memcached/stored_form.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

namespace semantrix::memcached {
namespace {

using memcache::WireKey;
using Clock = std::chrono::steady_clock;

/// What is asked of the servers at once: long enough to be worth a round trip, short enough for
/// other calls to get their turn.
constexpr std::size_t chunk_keys = 256;
constexpr std::size_t chunk_bytes = std::size_t{4} << 20U;

/// Keys of one server, by their index in the chunk.
struct Group {
  At at;
  std::vector<std::uint32_t> indices;
  std::vector<WireKey> keys;
};

/// A part of a batch that is on its way at once.
struct Chunk {
  std::shared_ptr<Core> core;
  std::vector<Group> groups;
};

template <class KeyOf>
Chunk split(const std::shared_ptr<Core>& core, const Servers::View& view, std::size_t count,
            KeyOf key_of) {
  const auto deadline = Clock::now() + net::effective_deadline(core->terms().network);
  std::map<const Node*, std::size_t> place;
  Chunk chunk{core, {}};
  for (std::size_t i = 0; i != count; ++i) {
    const WireKey key = core->wire_key(key_of(i));
    const std::shared_ptr<Node>& node = view.node_of(key.text());
    const auto [found, is_new] = place.try_emplace(node.get(), chunk.groups.size());
    if (is_new) chunk.groups.push_back({At{node, deadline}, {}, {}});
    Group& group = chunk.groups[found->second];
    group.indices.push_back(static_cast<std::uint32_t>(i));
    group.keys.push_back(key);
  }
  return chunk;
}

/// Runs `one(group)` for all groups at the same time.
template <class One>
awaitable<void> for_each(std::vector<Group>& groups, One one) {
  if (groups.size() == 1) {
    auto only = one(groups.front());
    co_await std::move(only);
    co_return;
  }
  std::vector<awaitable<void>> parts;
  parts.reserve(groups.size());
  for (Group& group : groups) parts.push_back(one(group));
  auto all = net::gather(std::move(parts));
  co_await std::move(all);
}

// -- batch_get --

struct Found {
  std::span<const std::string> keys;  // of the chunk
  std::vector<std::optional<Value>> values;
  std::vector<std::optional<Error>> failures;
};

/// Takes out of the group what nobody may read, and erases it where it is time to.
awaitable<void> erase_unsettled(std::shared_ptr<Core> core, Group& group, Found& found) {
  Group left{group.at, {}, {}};
  std::vector<WireKey> unsettled;
  const auto now = Unsettled::Clock::now();
  for (std::size_t i = 0; i != group.keys.size(); ++i) {
    const std::string_view key = group.keys[i].text();
    if (!core->unsettled().has(key)) {
      left.indices.push_back(group.indices[i]);
      left.keys.push_back(group.keys[i]);
    } else if (!core->unsettled().waits(key, now)) {
      unsettled.push_back(group.keys[i]);
    }
  }
  group = std::move(left);
  if (unsettled.empty()) co_return;
  auto erasing = erase_items(core, group.at, unsettled);
  const auto erased = co_await std::move(erasing);
  for (const Result<bool>& each : erased) {
    if (!each) found.failures.emplace_back(each.error());
  }
}

awaitable<void> get_group(std::shared_ptr<Core> core, Group& group, Found& found) {
  if (core->unsettled().any()) {
    auto erasing = erase_unsettled(core, group, found);
    co_await std::move(erasing);
    if (group.keys.empty()) co_return;
  }
  auto getting = get_items(core, group.at, group.keys);
  auto stored = co_await std::move(getting);
  if (!stored) {
    found.failures.emplace_back(stored.error());
    co_return;
  }
  for (std::size_t i = 0; i != group.keys.size(); ++i) {
    if (!(*stored)[i]) continue;
    const std::string& key = found.keys[group.indices[i]];
    auto form = read_form(*core, group.keys[i], key, std::move(*(*stored)[i]));
    if (!form) continue;
    std::optional<Value>& value = found.values[group.indices[i]];
    if (form->missing_chunks() == 0) {
      value = std::move(form->value);
      continue;
    }
    auto reading = whole_value(core, group.at, key, std::move(*form));
    auto whole = co_await std::move(reading);
    if (whole) {
      value = std::move(*whole);
    } else {
      found.failures.emplace_back(whole.error());
    }
  }
}

// -- batch_add --

/// Items that are written together.
struct Adding {
  std::span<const BatchItem> items;
  std::optional<std::chrono::milliseconds> batch_ttl;
  std::vector<std::optional<Error>> failures;
};

std::span<const BatchItem> next_items(std::span<const BatchItem> rest) {
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count != std::min(rest.size(), chunk_keys) && bytes < chunk_bytes) {
    bytes += rest[count++].value.size();
  }
  return rest.first(count);
}

/// What fits a single item each, as it goes to the server.
struct SmallItems {
  std::vector<std::uint32_t> indices;  // in the chunk
  std::vector<Item> items;
  std::vector<memcache::Set> sets;
};

awaitable<void> add_small(std::shared_ptr<Core> core, At at, SmallItems small, Adding& adding) {
  if (small.items.empty()) co_return;
  auto setting = set_items(core, std::move(at), small.items, small.sets);
  const auto failures = co_await std::move(setting);
  for (std::size_t i = 0; i != small.items.size(); ++i) {
    core->written(small.items[i].key, failures[i]);
    adding.failures[small.indices[i]] = failures[i];
  }
}

awaitable<void> add_group(std::shared_ptr<Core> core, Group& group, Adding& adding) {
  auto knowing = core->client().know(group.at.server);
  const Result<void> known = co_await std::move(knowing);
  SmallItems small;
  std::vector<std::uint32_t> large;
  for (std::size_t i = 0; i != group.keys.size(); ++i) {
    const std::uint32_t index = group.indices[i];
    const BatchItem& item = adding.items[index];
    const auto ttl = item.ttl ? item.ttl : adding.batch_ttl;
    const std::size_t limit = known ? group.at.server->item_limit() : 0;
    if (!known) {
      core->unsettled().note(group.keys[i].text());
      adding.failures[index] = known.error();
    } else if (item.value.size() + item.key.size() + 1024 > limit) {
      large.push_back(index);
    } else if (auto form = stored_form(*core, item.key, item.value, ttl, limit)) {
      small.indices.push_back(index);
      small.items.push_back(std::move(form->head));
      small.sets.push_back(form->set);
    }
  }
  auto adding_small = add_small(core, group.at, std::move(small), adding);
  co_await std::move(adding_small);
  for (const std::uint32_t index : large) {
    const BatchItem& item = adding.items[index];
    auto adding_one = add(core, item.key, item.value, item.ttl ? item.ttl : adding.batch_ttl);
    const Result<void> added = co_await std::move(adding_one);
    if (!added) adding.failures[index] = added.error();
  }
}

}  // namespace

awaitable<Result<std::vector<std::optional<Value>>>> batch_get(std::shared_ptr<Core> core,
                                                               std::span<const std::string> keys) {
  std::vector<std::optional<Value>> values;
  values.reserve(keys.size());
  for (std::size_t begin = 0; begin < keys.size(); begin += chunk_keys) {
    Found found{keys.subspan(begin, std::min(chunk_keys, keys.size() - begin)), {}, {}};
    found.values.resize(found.keys.size());
    auto learning = core->client().learn();
    const auto view = co_await std::move(learning);
    if (view) {
      const auto key_of = [&found](std::size_t i) -> std::string_view { return found.keys[i]; };
      Chunk chunk = split(core, **view, found.keys.size(), key_of);
      const auto one = [&](Group& group) { return get_group(core, group, found); };
      auto getting = for_each(chunk.groups, one);
      co_await std::move(getting);
    } else {
      found.failures.emplace_back(view.error());
    }
    if (const auto error = core->told(found.failures)) co_return *error;
    for (auto& value : found.values) values.push_back(core->answered(std::move(value)));
  }
  co_return values;
}

awaitable<Result<std::size_t>> batch_erase(std::shared_ptr<Core> core,
                                           std::span<const std::string> keys) {
  std::size_t erased = 0;
  for (std::size_t begin = 0; begin < keys.size(); begin += chunk_keys) {
    const auto chunk_of = keys.subspan(begin, std::min(chunk_keys, keys.size() - begin));
    std::vector<std::optional<Error>> failures;
    std::size_t gone = 0;
    auto learning = core->client().learn();
    const auto view = co_await std::move(learning);
    if (view) {
      const auto key_of = [&](std::size_t i) -> std::string_view { return chunk_of[i]; };
      Chunk chunk = split(core, **view, chunk_of.size(), key_of);
      std::vector<std::vector<Result<bool>>> outcomes(chunk.groups.size());
      const auto one = [&](Group& group) -> awaitable<void> {
        auto& outcome = outcomes[static_cast<std::size_t>(&group - chunk.groups.data())];
        auto erasing = erase_items(core, group.at, group.keys);
        outcome = co_await std::move(erasing);
      };
      auto erasing = for_each(chunk.groups, one);
      co_await std::move(erasing);
      for (const auto& outcome : outcomes) {
        for (const Result<bool>& each : outcome) {
          if (each && *each) ++gone;
          if (!each && failures.empty()) failures.emplace_back(each.error());
        }
      }
    } else {
      for (const std::string& key : chunk_of) core->unsettled().note(core->wire_key(key).text());
      failures.emplace_back(view.error());
    }
    Counters::count(core->counters().deletes, gone);
    erased += gone;
    if (const auto error = core->told(failures)) co_return *error;
  }
  co_return erased;
}

awaitable<Result<BatchOutcome>> batch_add(std::shared_ptr<Core> core,
                                          std::span<const BatchItem> items, AddOptions options) {
  BatchOutcome outcome;
  const auto batch_ttl = options.ttl ? options.ttl : core->terms().default_ttl;
  for (std::size_t begin = 0; begin != items.size();) {
    Adding adding{next_items(items.subspan(begin)), batch_ttl, {}};
    adding.failures.resize(adding.items.size());
    auto learning = core->client().learn();
    const auto view = co_await std::move(learning);
    if (view) {
      const auto key_of = [&](std::size_t i) -> std::string_view { return adding.items[i].key; };
      Chunk chunk = split(core, **view, adding.items.size(), key_of);
      const auto one = [&](Group& group) { return add_group(core, group, adding); };
      auto parts = for_each(chunk.groups, one);
      co_await std::move(parts);
    } else {
      for (const BatchItem& item : adding.items) {
        core->unsettled().note(core->wire_key(item.key).text());
      }
      std::ranges::fill(adding.failures, std::optional(view.error()));
    }
    const auto& first = adding.failures.front();
    if (first && first->code() == ErrorCode::closed) co_return *first;
    core->settle(adding.items, begin, adding.failures, outcome);
    begin += adding.items.size();
  }
  co_return outcome;
}

}  // namespace semantrix::memcached
