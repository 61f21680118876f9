#include "base/record.hpp"

#include "base/compression.hpp"
#include "base/hash.hpp"
#include "base/utf8.hpp"
#include "base/varint.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <utility>

namespace semantrix {
namespace {

constexpr std::string_view magic = "\xF5SMX";
constexpr char newest_version = 1;
constexpr std::size_t head_bytes = magic.size() + 2;  // magic, version, flags
constexpr std::size_t checksum_bytes = 8;
constexpr unsigned int binary_flag = 1;

enum class Tag : std::uint8_t { codec = 1, deadline = 2, whole_key = 3, tag = 4, chunk = 5 };

Error corrupt(std::string_view why) {
  return {ErrorCode::corrupt, fmt::format("stored record cannot be read: {}", why)};
}

void append_field(std::string& to, Tag tag, std::string_view content) {
  to += static_cast<char>(tag);
  append_bytes(to, content);
}

std::string varints(std::initializer_list<std::uint64_t> numbers) {
  std::string bytes;
  for (const std::uint64_t number : numbers) append_varint(bytes, number);
  return bytes;
}

std::string encode_fields(const Record& record) {
  std::string fields;
  if (record.codec != Codec::none) {
    const auto codec = static_cast<std::uint64_t>(record.codec);
    append_field(fields, Tag::codec, varints({codec, record.raw_size}));
  }
  if (record.deadline) {
    const auto deadline = static_cast<std::uint64_t>(record.deadline->count());
    append_field(fields, Tag::deadline, varints({deadline}));
  }
  if (!record.whole_key.empty()) append_field(fields, Tag::whole_key, record.whole_key);
  for (const std::string_view tag : record.tags) append_field(fields, Tag::tag, tag);
  if (const auto& chunk = record.chunk) {
    append_field(fields, Tag::chunk, varints({chunk->generation, chunk->count, chunk->index}));
  }
  return fields;
}

bool read_codec(std::string_view content, Record& record) {
  const auto codec = take_varint(content);
  const auto raw_size = take_varint(content);
  if (codec != static_cast<std::uint64_t>(Codec::zstd) || !raw_size) return false;
  record.codec = Codec::zstd;
  record.raw_size = *raw_size;
  return content.empty();
}

bool read_deadline(std::string_view content, Record& record) {
  const auto deadline = take_varint(content);
  using Milliseconds = std::chrono::milliseconds;
  if (!deadline || *deadline > static_cast<std::uint64_t>(Milliseconds::max().count()))
    return false;
  record.deadline = Milliseconds(static_cast<Milliseconds::rep>(*deadline));
  return content.empty();
}

bool read_chunk(std::string_view content, Record& record) {
  const auto generation = take_varint(content);
  const auto count = take_varint(content);
  const auto index = take_varint(content);
  if (!generation || !count || !index || *index >= *count) return false;
  record.chunk = ChunkInfo{*generation, *count, *index};
  return content.empty();
}

bool read_field(std::uint64_t tag, std::string_view content, Record& record) {
  switch (tag) {
    case static_cast<std::uint64_t>(Tag::codec):
      return record.codec == Codec::none && read_codec(content, record);
    case static_cast<std::uint64_t>(Tag::deadline):
      return !record.deadline && read_deadline(content, record);
    case static_cast<std::uint64_t>(Tag::whole_key):
      if (content.empty() || !record.whole_key.empty()) return false;
      record.whole_key = content;
      return true;
    case static_cast<std::uint64_t>(Tag::tag):
      record.tags.push_back(content);
      return true;
    case static_cast<std::uint64_t>(Tag::chunk):
      return !record.chunk && read_chunk(content, record);
    default:
      return true;  // A newer library's: it may be left out without harm.
  }
}

bool read_fields(std::string_view fields, Record& record) {
  while (!fields.empty()) {
    const auto tag = take_varint(fields);
    if (!tag) return false;
    const auto content = take_bytes(fields);
    if (!content || !read_field(*tag, *content, record)) return false;
  }
  return true;
}

}  // namespace

bool needs_record(const Record& record) noexcept {
  return record.codec != Codec::none || record.deadline || !record.whole_key.empty() ||
         !record.tags.empty() || record.chunk || record.payload.starts_with(magic) ||
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
  if (!bytes.starts_with(magic)) return record;
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
