#include "stores/dynamodb/entries.hpp"

#include "base/record.hpp"
#include "stores/dynamodb/large.hpp"

#include <utility>

namespace semantrix::dynamodb {
namespace {

using stores::Counters;

/// The stored form of the empty value: some servers refuse an attribute without a byte.
Value sealed_nothing(bool binary) {
  Record record;
  record.binary = binary;
  return Value(encode_record(record));
}

/// Whether what was read belongs to the key that was asked for.
bool is_of(const Item& item, const WireKey& wire, std::string_view key) noexcept {
  return !wire.hashed || item.whole_key == key;
}

std::optional<Item> item_before(const Answer& answer, std::string_view ttl_attribute) {
  auto before = read_one(answer.body, "Attributes", ttl_attribute);
  return before ? std::move(*before) : std::nullopt;
}

}  // namespace

NewItem Stored::item() const noexcept {
  NewItem item;
  item.key = wire.text;
  if (wire.hashed) item.whole_key = key;
  item.value = value;
  item.expires = expires;
  return item;
}

bool Stored::fits(std::string_view ttl_attribute) const {
  return item_bytes(item(), ttl_attribute) <= largest_item;
}

Stored store_form(Core& core, std::string_view key, const Value& value, Ttl ttl) {
  Stored stored{wire_key(core.prefix(), key), key, core.encode(value), core.deadline_of(ttl)};
  if (stored.value.empty()) stored.value = sealed_nothing(value.binary());
  if (stored.fits(core.requests.ttl_attribute()) || core.terms().compress_threshold) return stored;
  Record record;
  record.payload = value.view();
  record.binary = value.binary();
  if (auto packed = pack(std::move(record), 1); packed && packed->size() < stored.value.size()) {
    Counters::count(core.counters().raw_bytes, value.size());
    Counters::count(core.counters().stored_bytes, packed->size());
    stored.value = Value(std::move(*packed));
  }
  return stored;
}

awaitable<Result<std::optional<Value>>> open(SharedCore core, std::string_view key, Item item,
                                             std::chrono::milliseconds now) {
  if (item.expired(now) || !is_of(item, wire_key(core->prefix(), key), key)) {
    co_return std::optional<Value>();
  }
  if (!item.value) {
    Counters::count(core->counters().corrupt);
    co_return std::optional<Value>();
  }
  const Value stored(std::move(*item.value));
  const Result<Record> record = decode_record(stored.view());
  if (!record || !record->chunk || record->chunk->count == 1) co_return core->decode(stored);
  auto reading = read_large(core, key, *record);
  co_return co_await std::move(reading);
}

awaitable<Result<void>> add_one(SharedCore core, std::string_view key, const Value& value,
                                Ttl ttl) {
  const Stored stored = store_form(*core, key, value, ttl);
  if (!stored.fits(core->requests.ttl_attribute())) {
    auto adding = add_large(core, key, value, stored.expires);
    co_return co_await std::move(adding);
  }
  net::HttpAttempts attempts = core->attempts(net::CallKind::write);
  auto putting = ask(core, Action::put_item, core->requests.put(stored.item(), true), attempts);
  Answer answer = co_await std::move(putting);
  if (answer.error && answer.kind == FailureKind::condition_failed) {
    // A large value is in its place: its parts must go with it.
    auto replacing =
        ask(core, Action::put_item, core->requests.put(stored.item(), false), attempts);
    answer = co_await std::move(replacing);
    if (auto before = item_before(answer, core->requests.ttl_attribute()); before) {
      auto erasing = erase_parts(core, key, std::move(*before));
      co_await std::move(erasing);
    }
  }
  if (answer.error) co_return *answer.error;
  co_return Result<void>();
}

awaitable<void> erase_one(SharedCore core, std::string_view key, std::size_t& erased,
                          std::optional<Error>& failure) {
  const WireKey wire = wire_key(core->prefix(), key);
  net::HttpAttempts attempts = core->attempts(net::CallKind::write);
  auto asking = ask(core, Action::delete_item, core->requests.erase(wire.text), attempts);
  const Answer answer = co_await std::move(asking);
  failure = answer.error;
  if (failure) co_return;
  auto before = item_before(answer, core->requests.ttl_attribute());
  if (!before) co_return;
  if (!before->expired(Core::now()) && is_of(*before, wire, key)) ++erased;
  if (before->chunks == 0) co_return;
  auto erasing = erase_parts(core, key, std::move(*before));
  co_await std::move(erasing);
}

}  // namespace semantrix::dynamodb
