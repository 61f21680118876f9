#include "stores/dynamodb/dynamodb_backend.hpp"

#include "net/connection_errors.hpp"
#include "stores/dynamodb/batches.hpp"
#include "stores/dynamodb/entries.hpp"
#include "stores/dynamodb/scans.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace semantrix::dynamodb {
namespace {

using stores::Counters;

/// The item of a key, if there is one.
awaitable<Result<std::optional<Item>>> get_item(SharedCore core, std::string_view key) {
  const WireKey wire = wire_key(core->prefix(), key);
  net::HttpAttempts attempts = core->attempts(net::CallKind::read);
  auto asking = ask(core, Action::get_item, core->requests.get(wire.text), attempts);
  const Answer answer = co_await std::move(asking);
  if (answer.error) co_return *answer.error;
  auto item = read_one(answer.body, "Item", core->requests.ttl_attribute());
  if (!item) co_return not_understood(Action::get_item);
  co_return std::move(*item);
}

/// The same, together with others where there are many.
awaitable<Result<std::optional<Item>>> get_among_others(SharedCore core, std::string_view key) {
  if (!core->reads.may_go_alone()) {
    const auto deadline = net::HttpAttempts::Clock::now() + core->service.means().deadline;
    auto waiting = GatheredReads::wait(core, wire_key(core->prefix(), key).text, deadline);
    co_return co_await std::move(waiting);
  }
  GatheredReads::Slot slot(core->reads, core);
  auto getting = get_item(core, key);
  Result<std::optional<Item>> item = co_await std::move(getting);
  slot.end();
  co_return item;
}

/// What a read that failed gives: its error, or nothing where outages are hidden.
Result<void> unless_hidden(Core& core, const Error& failure, std::string_view key) {
  const Error error = core.failed(failure, key);
  if (!core.hides(error)) return error;
  return {};
}

}  // namespace

awaitable<Result<std::optional<Value>>> DynamoDBBackend::get(std::string_view key) {
  const SharedCore core = core_;
  auto getting = core->gathers ? get_among_others(core, key) : get_item(core, key);
  Result<std::optional<Item>> item = co_await std::move(getting);
  if (!item) {
    if (const auto told = unless_hidden(*core, item.error(), key); !told) co_return told.error();
    co_return core->answered(std::nullopt);
  }
  if (!*item) co_return core->answered(std::nullopt);
  auto opening = open(core, key, std::move(**item), Core::now());
  Result<std::optional<Value>> value = co_await std::move(opening);
  if (!value) {
    if (const auto told = unless_hidden(*core, value.error(), key); !told) co_return told.error();
    co_return core->answered(std::nullopt);
  }
  co_return core->answered(std::move(*value));
}

awaitable<Result<void>> DynamoDBBackend::add(std::string_view key, const Value& value,
                                             const AddOptions& options) {
  const SharedCore core = core_;
  auto adding = add_one(core, key, value, options.ttl);
  const Result<void> added = co_await std::move(adding);
  if (added) {
    Counters::count(core->counters().adds);
    co_return Result<void>();
  }
  const Error error = core->failed(added.error(), key);
  if (core->hides(error)) co_return Result<void>();
  co_return error;
}

awaitable<Result<BatchOutcome>> DynamoDBBackend::batch_add(std::span<const BatchItem> items,
                                                           const AddOptions& options) {
  return dynamodb::batch_add(core_, items, options);
}

awaitable<Result<std::vector<std::optional<Value>>>> DynamoDBBackend::batch_get(
    std::span<const std::string> keys) {
  return dynamodb::batch_get(core_, keys);
}

awaitable<Result<std::size_t>> DynamoDBBackend::batch_erase(std::span<const std::string> keys) {
  return dynamodb::batch_erase(core_, keys);
}

awaitable<Result<std::size_t>> DynamoDBBackend::size(SizeMode mode) {
  return mode == SizeMode::exact ? count_entries(core_) : approximate_count(core_);
}

awaitable<Result<std::size_t>> DynamoDBBackend::clear(const ClearOptions& options) {
  const SharedCore core = core_;
  if (core->prefix().empty() && !options.all) {
    co_return Error(ErrorCode::invalid_argument,
                    "clear would remove every item of the table, for key_prefix is empty",
                    "ask for all of it (--all, all=true), or set a key_prefix");
  }
  auto clearing = clear_entries(core);
  co_return co_await std::move(clearing);
}

awaitable<Result<std::optional<Entry>>> DynamoDBBackend::entry(std::string_view key) {
  const SharedCore core = core_;
  auto getting = core->gathers ? get_among_others(core, key) : get_item(core, key);
  Result<std::optional<Item>> item = co_await std::move(getting);
  if (!item) {
    if (const auto told = unless_hidden(*core, item.error(), key); !told) co_return told.error();
    co_return std::optional<Entry>();
  }
  if (!*item) co_return std::optional<Entry>();
  const auto now = Core::now();
  const auto expires = (*item)->expires();
  auto opening = open(core, key, std::move(**item), now);
  Result<std::optional<Value>> value = co_await std::move(opening);
  if (!value) {
    if (const auto told = unless_hidden(*core, value.error(), key); !told) co_return told.error();
    co_return std::optional<Entry>();
  }
  if (!*value) co_return std::optional<Entry>();
  Entry entry;
  entry.value = std::move(**value);
  if (expires) entry.ttl = std::max(*expires - now, std::chrono::milliseconds(1));
  co_return entry;
}

std::unique_ptr<KeyStream> DynamoDBBackend::keys(std::string match) {
  return std::make_unique<KeyPages>(core_, match);
}

Probe<Stats> DynamoDBBackend::stats() {
  return core_->stats(core_->service.means().retries.load(std::memory_order_relaxed));
}

awaitable<Result<Description>> DynamoDBBackend::describe() {
  const SharedCore core = core_;
  net::HttpAttempts attempts = core->attempts(net::CallKind::read);
  auto asking = ask(core, Action::describe_table, core->requests.describe(), attempts);
  const Answer answer = co_await std::move(asking);
  Description description;
  description.capability = capability_;
  description.server =
      fmt::format("DynamoDB at {}, table {} ", core->service.url(), core->service.table());
  description.warning = core->table.warning();
  if (core->misses_table(answer)) {
    description.server += "(missing; the first add creates it)";
    co_return description;
  }
  if (answer.error) co_return core->failed(*answer.error);
  const auto state = read_table(answer.body);
  if (!state) co_return core->failed(not_understood(Action::describe_table));
  if (const Result<void> checked = check_keys(*state, core->service.table()); !checked) {
    co_return core->failed(checked.error());
  }
  description.server += "(" + state->status + ")";
  co_return description;
}

awaitable<Result<void>> DynamoDBBackend::close() {
  const SharedCore core = core_;
  core->close();
  auto closing = core->service.closed();
  co_await std::move(closing);
  co_return Result<void>();
}

}  // namespace semantrix::dynamodb
