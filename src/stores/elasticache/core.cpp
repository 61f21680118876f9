#include "stores/elasticache/core.hpp"

#include "base/hash.hpp"
#include "base/record.hpp"

#include <limits>

namespace semantrix::elasticache {
namespace {

/// Status of the command line for what cannot be reached.
constexpr int out_of_reach = 3;

}  // namespace

Value Core::encode(const Value& value) {
  Record record;
  record.payload = value.view();
  record.binary = value.binary();
  auto packed = pack(std::move(record), options_.compress_threshold);
  Counters::count(counters_.value_bytes_in, value.size());
  if (!packed) return value;
  if (packed->size() < value.size()) {
    Counters::count(counters_.raw_bytes, value.size());
    Counters::count(counters_.stored_bytes, packed->size());
  }
  return Value(std::move(*packed));
}

std::optional<Value> Core::decode(Value stored) {
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

std::optional<Value> Core::found(std::optional<Value> stored) {
  std::optional<Value> value;
  if (stored) value = decode(std::move(*stored));
  Counters::count(value ? counters_.hits : counters_.misses);
  if (value) Counters::count(counters_.value_bytes_out, value->size());
  return value;
}

bool Core::is_no_string(const Error& error) noexcept {
  if (error.code() != ErrorCode::corrupt) return false;
  Counters::count(counters_.corrupt);
  return true;
}

void Core::settle(std::span<const BatchItem> items, std::size_t begin,
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

Error Core::failed(const Error& error, std::string_view key) {
  counters_.count(error.code());
  ErrorInfo info = error.info();
  info.store = "elasticache";
  if (!key.empty()) info.key_digest = key_digest(key);
  return Error(std::move(info));
}

bool Core::hides(const Error& error) const noexcept {
  if (options_.network.on_error != OnError::miss) return false;
  return exit_status(error.code()) == out_of_reach || error.code() == ErrorCode::overloaded ||
         error.code() == ErrorCode::throttled;
}

}  // namespace semantrix::elasticache
