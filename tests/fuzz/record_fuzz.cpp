// Reads arbitrary bytes as a stored record. Whatever can be read must survive a round trip.

#include "base/compression.hpp"
#include "base/hash.hpp"
#include "base/record.hpp"
#include "base/varint.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace semantrix;

constexpr std::size_t limit = 1U << 20U;

void require(bool holds) {
  if (!holds) std::abort();
}

bool same(const Record& left, const Record& right) {
  return left.payload == right.payload && left.binary == right.binary &&
         left.codec == right.codec && left.raw_size == right.raw_size &&
         left.deadline == right.deadline && left.whole_key == right.whole_key &&
         left.tags == right.tags && left.chunk == right.chunk;
}

void read(std::string_view bytes) {
  const Result<Record> record = decode_record(bytes);
  if (!record) return;
  const std::string again = encode_record(*record);
  const Result<Record> decoded = decode_record(again);
  require(decoded.has_value() && same(*decoded, *record));
  const Result<Value> value = unpack(*record, limit);
  if (!value) return;
  require(record->codec == Codec::none ? value->view() == record->payload : value->size() <= limit);
  require(value->binary() == record->binary);
}

/// The bytes as what lies between a record's magic and its checksum, which no fuzzer would guess.
void read_sealed(std::string_view bytes) {
  std::string sealed = "\xF5SMX\x01";
  sealed += bytes;
  append_fixed64(sealed, checksum(sealed));
  read(sealed);
}

void pack_and_unpack(std::string_view bytes) {
  Record record;
  record.payload = bytes;
  record.binary = bytes.size() % 2 == 0;
  const auto packed = pack(record, 64);
  const Result<Record> decoded = decode_record(packed ? std::string_view(*packed) : bytes);
  require(decoded.has_value());
  const Result<Value> value = unpack(*decoded, bytes.size());
  require(value.has_value() && value->view() == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read(bytes);
  read_sealed(bytes);
  pack_and_unpack(bytes);
  (void)decompress(bytes, nullptr, limit);
  return 0;
}
