#include "base/record_fields.hpp"

#include "base/varint.hpp"

#include <initializer_list>

namespace semantrix {
namespace {

enum class Tag : std::uint8_t {
  codec = 1,
  deadline = 2,
  whole_key = 3,
  tag = 4,
  chunk = 5,
  generation = 6
};

void append_field(std::string& to, Tag tag, std::string_view content) {
  to += static_cast<char>(tag);
  append_bytes(to, content);
}

std::string varints(std::initializer_list<std::uint64_t> numbers) {
  std::string bytes;
  for (const std::uint64_t number : numbers) append_varint(bytes, number);
  return bytes;
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
    case static_cast<std::uint64_t>(Tag::generation):
      record.generations.push_back(content);
      return true;
    default:
      return true;  // A newer library's: it may be left out without harm.
  }
}

}  // namespace

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
  for (const std::string_view generation : record.generations) {
    append_field(fields, Tag::generation, generation);
  }
  if (const auto& chunk = record.chunk) {
    append_field(fields, Tag::chunk, varints({chunk->generation, chunk->count, chunk->index}));
  }
  return fields;
}

bool read_fields(std::string_view fields, Record& record) {
  while (!fields.empty()) {
    const auto tag = take_varint(fields);
    if (!tag) return false;
    const auto content = take_bytes(fields);
    if (!content || !read_field(*tag, *content, record)) return false;
  }
  return record.generations.empty() || record.generations.size() == record.tags.size();
}

}  // namespace semantrix
