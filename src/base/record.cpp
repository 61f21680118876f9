#include "base/record.hpp"

#include "base/compression.hpp"
#include "base/hash.hpp"
#include "base/record_fields.hpp"
#include "base/utf8.hpp"
#include "base/varint.hpp"

#include <fmt/format.h>

#include <utility>

namespace semantrix {
namespace {

constexpr std::string_view magic = "\xF5SMX";
constexpr char newest_version = 1;
constexpr std::size_t head_bytes = magic.size() + 2;  // magic, version, flags
constexpr std::size_t checksum_bytes = 8;
constexpr unsigned int binary_flag = 1;

Error corrupt(std::string_view why) {
  return {ErrorCode::corrupt, fmt::format("stored record cannot be read: {}", why)};
}

}  // namespace

bool begins_as_record(std::string_view bytes) noexcept { return bytes.starts_with(magic); }

bool needs_record(const Record& record) noexcept {
  return record.codec != Codec::none || record.deadline || !record.whole_key.empty() ||
         !record.tags.empty() || record.chunk || begins_as_record(record.payload) ||
         (record.binary && is_utf8(record.payload));
}

std::string encode_record(const Record& record) {
  const std::string fields = encode_fields(record);
  std::string bytes;
  bytes.reserve(head_bytes + 10 + fields.size() + record.payload.size() + checksum_bytes);
  bytes += magic;
  bytes += newest_version;
  bytes += static_cast<char>(record.binary ? binary_flag : 0);
  append_bytes(bytes, fields);
  bytes += record.payload;
  append_fixed64(bytes, checksum(bytes));
  return bytes;
}

Result<Record> decode_record(std::string_view bytes) {
  Record record;
  record.payload = bytes;
  if (!begins_as_record(bytes)) return record;
  if (bytes.size() < head_bytes + 1 + checksum_bytes) return corrupt("it is cut short");
  const auto version = static_cast<unsigned char>(bytes[magic.size()]);
  if (version > static_cast<unsigned char>(newest_version)) {
    return Error(ErrorCode::unsupported_version,
                 fmt::format("stored record has version {}, this library reads up to {}", version,
                             static_cast<int>(newest_version)),
                 "use a newer library");
  }
  if (version == 0) return corrupt("its version is 0");
  const std::string_view checked = bytes.substr(0, bytes.size() - checksum_bytes);
  if (checksum(checked) != read_fixed64(bytes.substr(checked.size()))) {
    return corrupt("its checksum differs");
  }
  record.binary = (static_cast<unsigned char>(bytes[head_bytes - 1]) & binary_flag) != 0;
  record.payload = checked.substr(head_bytes);
  const auto fields = take_bytes(record.payload);
  if (!fields || !read_fields(*fields, record)) return corrupt("its fields are malformed");
  return record;
}

std::optional<std::string> pack(Record record, std::optional<std::size_t> compress_threshold) {
  std::optional<std::string> frame;
  if (compress_threshold && record.payload.size() >= *compress_threshold) {
    frame = compress_if_worth(record.payload);
  }
  if (frame) {
    record.codec = Codec::zstd;
    record.raw_size = record.payload.size();
    record.payload = *frame;
  }
  if (!needs_record(record)) return std::nullopt;
  return encode_record(record);
}

Result<Value> unpack(const Record& record, std::size_t limit) {
  if (record.codec == Codec::none) {
    Value value(record.payload);
    return record.binary ? std::move(value).as_binary() : value;
  }
  if (record.raw_size > limit) {
    return corrupt(fmt::format("{} bytes exceed the limit of {}", record.raw_size, limit));
  }
  Result<Value> value = decompress(record.payload, nullptr, record.raw_size);
  if (value && value->size() != record.raw_size) return corrupt("its sizes contradict each other");
  if (value && record.binary) return std::move(*value).as_binary();
  return value;
}

}  // namespace semantrix
