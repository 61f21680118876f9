#include "stores/redis/batches.hpp"

#include "net/gather.hpp"
#include "net/network_checks.hpp"
#include "protocol/resp/error_reply.hpp"
#include "protocol/resp/slot.hpp"
#include "stores/redis/decoders.hpp"
#include "stores/redis/requests.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

namespace semantrix::redis {
namespace {

/// What one MGET or UNLINK asks for, and what one write of SETs holds: long enough to be worth a
/// round trip, short enough for other calls to get their turn.
constexpr std::size_t chunk_keys = 256;
constexpr std::size_t chunk_bytes = std::size_t{4} * 1024 * 1024;

/// Keys that one command may name, by their index in the chunk.
using Group = std::vector<std::uint32_t>;

/// All of them, or in a cluster those of each slot.
template <class KeyOf>
std::vector<Group> group(Core& core, std::size_t count, KeyOf key_of) {
  std::map<std::uint16_t, Group> by_slot;
  const bool is_cluster = core.client().is_cluster();
  for (std::size_t i = 0; i != count; ++i) {
    const std::uint16_t slot = is_cluster ? resp::slot_of(core.prefix(), key_of(i)) : 0;
    by_slot[slot].push_back(static_cast<std::uint32_t>(i));
  }
  std::vector<Group> groups;
  groups.reserve(by_slot.size());
  for (auto& [slot, indices] : by_slot) groups.push_back(std::move(indices));
  return groups;
}

/// Runs `one(group, index of the group)` for all groups at the same time.
template <class One>
awaitable<void> for_each(const std::vector<Group>& groups, One one) {
  if (groups.size() == 1) {
    auto only = one(groups.front(), 0);
    co_await std::move(only);
    co_return;
  }
  std::vector<awaitable<void>> parts;
  parts.reserve(groups.size());
  for (std::size_t i = 0; i != groups.size(); ++i) parts.push_back(one(groups[i], i));
  auto all = net::gather(std::move(parts));
  co_await std::move(all);
}

using Clock = std::chrono::steady_clock;

/// Of a chunk that begins now, whatever is sent of it again.
Clock::time_point deadline_of(const Core& core) {
  return Clock::now() + net::effective_deadline(core.terms().network);
}

Route route_of(const Core& core, CallKind kind, std::string_view key, Clock::time_point deadline) {
  Route route;
  route.kind = kind;
  route.prefix = core.prefix();
  route.key = key;
  route.deadline = deadline;
  return route;
}

/// The part of a chunk that MGET or UNLINK names at once.
struct Part {
  std::shared_ptr<Core> core;
  std::span<const std::string> keys;  // of the chunk
  const Group& group;
  Clock::time_point deadline;
};

/// Whether a command that names one key alone may get through: its slot is on the move.
bool must_go_alone(const Error& error, const Part& part) {
  return part.group.size() > 1 && error.info().phase == Phase::received &&
         resp::classify_error(error.info().server_message) == resp::ErrorKind::try_again &&
         Clock::now() < part.deadline;
}

awaitable<Result<std::vector<std::optional<Value>>>> get_at_once(Part part) {
  const auto encode = [&part](Commands& commands) {
    append_many(commands, "MGET", part.core->prefix(), part.keys, part.group);
  };
  const Route route =
      route_of(*part.core, CallKind::read, part.keys[part.group.front()], part.deadline);
  auto get = part.core->client().call<ManyBytesDecoder>(route, 1, encode);
  auto stored = co_await std::move(get);
  if (stored && stored->size() != part.group.size()) {
    co_return Error(ErrorCode::protocol_error, "the server's reply has the wrong length");
  }
  co_return stored;
}

awaitable<Result<std::int64_t>> erase_at_once(Part part) {
  const auto encode = [&part](Commands& commands) {
    append_many(commands, "UNLINK", part.core->prefix(), part.keys, part.group);
  };
  const Route route =
      route_of(*part.core, CallKind::write, part.keys[part.group.front()], part.deadline);
  auto unlink = part.core->client().call<SumDecoder>(route, 1, encode);
  co_return co_await std::move(unlink);
}

/// Into `found`, by the index in the chunk.
awaitable<void> get_part(Part part, std::vector<std::optional<Value>>& found,
                         std::optional<Error>& failure) {
  auto getting = get_at_once(part);
  auto stored = co_await std::move(getting);
  if (stored) {
    for (std::size_t i = 0; i != part.group.size(); ++i) {
      found[part.group[i]] = std::move((*stored)[i]);
    }
    co_return;
  }
  failure = stored.error();
  if (!must_go_alone(stored.error(), part)) co_return;
  failure.reset();
  for (const std::uint32_t index : part.group) {
    const Group alone{index};
    auto getting_one = get_part({part.core, part.keys, alone, part.deadline}, found, failure);
    co_await std::move(getting_one);
    if (failure) co_return;
  }
}

awaitable<void> erase_part(Part part, std::int64_t& erased, std::optional<Error>& failure) {
  auto erasing = erase_at_once(part);
  const Result<std::int64_t> count = co_await std::move(erasing);
  if (count) {
    erased += *count;
    co_return;
  }
  failure = count.error();
  if (!must_go_alone(count.error(), part)) co_return;
  failure.reset();
  for (const std::uint32_t index : part.group) {
    const Group alone{index};
    auto erasing_one = erase_part({part.core, part.keys, alone, part.deadline}, erased, failure);
    co_await std::move(erasing_one);
    if (failure) co_return;
  }
}

/// Items that are written together, as they are stored.
struct Chunk {
  std::span<const BatchItem> items;
  std::vector<Value> stored;
  std::vector<std::optional<std::chrono::milliseconds>> ttls;
  std::vector<std::optional<Error>> failures;
  Clock::time_point deadline;
};

Chunk next_chunk(Core& core, std::span<const BatchItem> rest, const AddOptions& options) {
  const auto batch_ttl = options.ttl ? options.ttl : core.terms().default_ttl;
  Chunk chunk;
  chunk.deadline = deadline_of(core);
  std::size_t bytes = 0;
  while (chunk.stored.size() != std::min(rest.size(), chunk_keys) && bytes < chunk_bytes) {
    const BatchItem& item = rest[chunk.stored.size()];
    chunk.stored.push_back(core.encode(item.value));
    chunk.ttls.push_back(item.ttl ? item.ttl : batch_ttl);
    bytes += chunk.stored.back().size();
  }
  chunk.items = rest.first(chunk.stored.size());
  chunk.failures.resize(chunk.stored.size());
  return chunk;
}

awaitable<void> add_part(std::shared_ptr<Core> core, Chunk& chunk, const Group& group) {
  const auto encode = [&](Commands& commands) {
    for (const std::uint32_t i : group) {
      append_set(commands, {core->prefix(), chunk.items[i].key}, chunk.stored[i], chunk.ttls[i]);
    }
  };
  const std::string_view first = chunk.items[group.front()].key;
  const Route route = route_of(*core, CallKind::write, first, chunk.deadline);
  auto set =
      core->client().call<OutcomesDecoder>(route, static_cast<std::uint32_t>(group.size()), encode);
  const auto done = co_await std::move(set);
  for (std::size_t i = 0; i != group.size(); ++i) {
    chunk.failures[group[i]] = done ? (*done)[i] : std::optional(done.error());
  }
}

/// Sends by itself what another server of the cluster has, or has not yet.
awaitable<void> add_alone(std::shared_ptr<Core> core, Chunk& chunk) {
  for (std::uint32_t i = 0; i != chunk.failures.size(); ++i) {
    const auto& failure = chunk.failures[i];
    if (!failure || !failure->retryable() || failure->info().phase != Phase::received) continue;
    if (Clock::now() >= chunk.deadline) co_return;
    const std::string_view key = chunk.items[i].key;
    const auto encode = [&](Commands& commands) {
      append_set(commands, {core->prefix(), key}, chunk.stored[i], chunk.ttls[i]);
    };
    const Route route = route_of(*core, CallKind::write, key, chunk.deadline);
    auto set = core->client().call<DoneDecoder>(route, 1, encode);
    const Result<void> done = co_await std::move(set);
    chunk.failures[i] = done ? std::nullopt : std::optional(done.error());
  }
}

/// Erases what a server out of memory did not replace: it would contradict what the caller meant.
awaitable<void> erase_refused(std::shared_ptr<Core> core, const Chunk& chunk) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i != chunk.failures.size(); ++i) {
    const auto& failure = chunk.failures[i];
    if (failure && failure->code() == ErrorCode::server_out_of_memory) {
      keys.push_back(chunk.items[i].key);
    }
  }
  if (keys.empty()) co_return;
  auto erasing = batch_erase(core, keys);
  static_cast<void>(co_await std::move(erasing));
}

}  // namespace

awaitable<Result<std::vector<std::optional<Value>>>> batch_get(std::shared_ptr<Core> core,
                                                               std::span<const std::string> keys) {
  auto learning = core->client().learn();
  const Result<void> learnt = co_await std::move(learning);
  std::vector<std::optional<Value>> values;
  values.reserve(keys.size());
  for (std::size_t begin = 0; begin < keys.size(); begin += chunk_keys) {
    const auto chunk = keys.subspan(begin, std::min(chunk_keys, keys.size() - begin));
    std::vector<std::optional<Value>> found(chunk.size());
    std::vector<Group> groups;
    if (learnt)
      groups =
          group(*core, chunk.size(), [&](std::size_t i) -> std::string_view { return chunk[i]; });
    std::vector<std::optional<Error>> failures(groups.size());
    const auto deadline = deadline_of(*core);
    const auto one = [&](const Group& keys_of_one, std::size_t index) {
      return get_part({core, chunk, keys_of_one, deadline}, found, failures[index]);
    };
    auto getting = for_each(groups, one);
    co_await std::move(getting);
    if (!learnt) failures.emplace_back(learnt.error());
    if (const auto error = core->told(failures)) co_return *error;
    for (auto& stored : found) values.push_back(core->found(std::move(stored)));
  }
  co_return values;
}

awaitable<Result<std::size_t>> batch_erase(std::shared_ptr<Core> core,
                                           std::span<const std::string> keys) {
  auto learning = core->client().learn();
  const Result<void> learnt = co_await std::move(learning);
  std::size_t erased = 0;
  for (std::size_t begin = 0; begin < keys.size(); begin += chunk_keys) {
    const auto chunk = keys.subspan(begin, std::min(chunk_keys, keys.size() - begin));
    std::vector<Group> groups;
    if (learnt)
      groups =
          group(*core, chunk.size(), [&](std::size_t i) -> std::string_view { return chunk[i]; });
    std::vector<std::optional<Error>> failures(groups.size());
    std::vector<std::int64_t> counts(groups.size());
    const auto deadline = deadline_of(*core);
    const auto one = [&](const Group& keys_of_one, std::size_t index) {
      return erase_part({core, chunk, keys_of_one, deadline}, counts[index], failures[index]);
    };
    auto erasing = for_each(groups, one);
    co_await std::move(erasing);
    std::size_t gone = 0;
    for (const std::int64_t count : counts) gone += static_cast<std::size_t>(count);
    Counters::count(core->counters().deletes, gone);
    erased += gone;
    if (!learnt) failures.emplace_back(learnt.error());
    if (const auto error = core->told(failures)) co_return *error;
  }
  co_return erased;
}

awaitable<Result<BatchOutcome>> batch_add(std::shared_ptr<Core> core,
                                          std::span<const BatchItem> items, AddOptions options) {
  auto learning = core->client().learn();
  const Result<void> learnt = co_await std::move(learning);
  if (!learnt && learnt.error().code() == ErrorCode::closed) co_return learnt.error();
  BatchOutcome outcome;
  for (std::size_t begin = 0; begin != items.size();) {
    Chunk chunk = next_chunk(*core, items.subspan(begin), options);
    if (learnt) {
      const auto groups = group(*core, chunk.items.size(), [&](std::size_t i) -> std::string_view {
        return chunk.items[i].key;
      });
      const auto one = [&](const Group& items_of_one, std::size_t) {
        return add_part(core, chunk, items_of_one);
      };
      auto adding = for_each(groups, one);
      co_await std::move(adding);
    } else {
      std::ranges::fill(chunk.failures, std::optional(learnt.error()));
    }
    const auto& first = chunk.failures.front();
    if (first && first->code() == ErrorCode::closed) co_return *first;
    if (core->client().is_cluster()) {
      auto adding_alone = add_alone(core, chunk);
      co_await std::move(adding_alone);
    }
    auto erasing = erase_refused(core, chunk);
    co_await std::move(erasing);
    core->settle(chunk.items, begin, chunk.failures, outcome);
    begin += chunk.items.size();
  }
  co_return outcome;
}

}  // namespace semantrix::redis
