#include "stores/backend/bookkeeping.hpp"

#include "base/hash.hpp"
#include "base/record.hpp"
#include "net/connection_errors.hpp"

#include <limits>

namespace semantrix::stores {
namespace {

/// Status of the command line for what cannot be reached.
constexpr int out_of_reach = 3;

}  // namespace

Value Bookkeeping::encode(const Value& value) {
  Record record;
  record.payload = value.view();
  record.binary = value.binary();
  auto packed = pack(std::move(record), terms_.compress_threshold);
  Counters::count(counters_.value_bytes_in, value.size());
  if (!packed) return value;
  if (packed->size() < value.size()) {
    Counters::count(counters_.raw_bytes, value.size());
    Counters::count(counters_.stored_bytes, packed->size());
  }
  return Value(std::move(*packed));
}

std::optional<Value> Bookkeeping::decode(Value stored) {
  const Result<Record> record = decode_record(stored.view());
  if (record) {
    // A plain value is handed on as it came, without a copy.
    if (record->payload.size() == stored.size()) return stored;
    Result<Value> value = unpack(*record, std::numeric_limits<std::uint32_t>::max());
    if (value) return std::move(*value);
  }
  Counters::count(counters_.corrupt);
  return std::nullopt;
}

std::optional<Value> Bookkeeping::answered(std::optional<Value> value) {
  Counters::count(value ? counters_.hits : counters_.misses);
  if (value) Counters::count(counters_.value_bytes_out, value->size());
  return value;
}

std::optional<Value> Bookkeeping::found(std::optional<Value> stored) {
  std::optional<Value> value;
  if (stored) value = decode(std::move(*stored));
  return answered(std::move(value));
}

void Bookkeeping::settle(std::span<const BatchItem> items, std::size_t begin,
                         std::span<const std::optional<Error>> failures, BatchOutcome& outcome) {
  for (std::size_t i = 0; i != items.size(); ++i) {
    if (!failures[i]) {
      ++outcome.stored;
      Counters::count(counters_.adds);
      continue;
    }
    Error told = failed(*failures[i], items[i].key);
    if (!hides(told)) outcome.failures.push_back({begin + i, std::move(told)});
  }
}

Error Bookkeeping::failed(const Error& error, std::string_view key) {
  counters_.count(error.code());
  ErrorInfo info = error.info();
  info.store = terms_.store;
  if (!key.empty()) info.key_digest = key_digest(key);
  return Error(std::move(info));
}

bool Bookkeeping::hides(const Error& error) const noexcept {
  if (terms_.network.on_error != OnError::miss) return false;
  return exit_status(error.code()) == out_of_reach || error.code() == ErrorCode::overloaded ||
         error.code() == ErrorCode::throttled;
}

std::optional<Error> Bookkeeping::told(std::span<const std::optional<Error>> failures) {
  for (const std::optional<Error>& failure : failures) {
    if (!failure) continue;
    const Error error = failed(*failure);
    if (!hides(error)) return error;
  }
  return std::nullopt;
}

Probe<Stats> Bookkeeping::stats(std::uint64_t retries) const {
  if (closed()) return net::store_closed();
  Stats stats;
  stats.store = terms_.store;
  counters_.copy_to(stats);
  stats.retries = retries;
  return stats;
}

}  // namespace semantrix::stores
