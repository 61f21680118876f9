#include "memory/record.hpp"

#include "memory/index.hpp"
#include "memory/nodes.hpp"

#include <cstdlib>
#include <new>

namespace semantrix::memory {

namespace {

// Tags lie behind the value: their total size, then for each its size and bytes.
using TagSize = std::uint32_t;

char* put(char* out, std::string_view bytes) noexcept {
  if (!bytes.empty()) std::memcpy(out, bytes.data(), bytes.size());
  return out + bytes.size();
}

char* put_size(char* out, std::size_t size) noexcept {
  const auto number = static_cast<TagSize>(size);
  std::memcpy(out, &number, sizeof number);
  return out + sizeof number;
}

TagSize get_size(const char* in) noexcept {
  TagSize number;
  std::memcpy(&number, in, sizeof number);
  return number;
}

}  // namespace

Record* Record::create(const Content& content) {
  Record* record = create_unfilled(content);
  record->fill(content.value);
  return record;
}

Record* Record::create_unfilled(const Content& content) {
  const std::size_t tags = bytes_of(content.tags);
  const std::size_t bytes = content.key.size() + content.value.size() + tags;
  void* memory = std::malloc(sizeof(Record) + bytes);
  if (memory == nullptr) throw std::bad_alloc();
  auto* record = new (memory) Record;
  record->key_size_ = static_cast<std::uint32_t>(content.key.size());
  record->value_size_ = static_cast<std::uint32_t>(content.value.size());
  record->deadline_high_ =
      static_cast<std::uint16_t>((content.compressed ? compressed_flag : 0) |
                                 (content.binary ? binary_flag : 0) | (tags > 0 ? tagged_flag : 0));
  char* out = static_cast<char*>(memory) + sizeof(Record);
  out = put(out, content.key) + content.value.size();
  if (tags > 0) {
    out = put_size(out, tags - sizeof(TagSize));
    for (const std::string_view tag : content.tags) out = put(put_size(out, tag.size()), tag);
  }
  return record;
}

template <class Visit>
void Record::visit_tags(Visit visit) const {
  if (!tagged()) return;
  const char* in = bytes() + key_size_ + value_size_;
  const char* const end = in + sizeof(TagSize) + get_size(in);
  for (in += sizeof(TagSize); in < end;) {
    const TagSize size = get_size(in);
    visit(std::string_view(in + sizeof(TagSize), size));
    in += sizeof(TagSize) + size;
  }
}

std::vector<std::string> Record::tags() const {
  std::vector<std::string> all;
  visit_tags([&all](std::string_view tag) { all.emplace_back(tag); });
  return all;
}

bool Record::has_tag(std::string_view wanted) const noexcept {
  bool found = false;
  visit_tags([&](std::string_view tag) { found = found || tag == wanted; });
  return found;
}

std::uint32_t Record::tag_bytes() const noexcept {
  if (!tagged()) return 0;
  return static_cast<std::uint32_t>(sizeof(TagSize)) + get_size(bytes() + key_size_ + value_size_);
}

std::size_t Record::bytes_of(std::span<const std::string_view> tags) noexcept {
  if (tags.empty()) return 0;
  std::size_t size = sizeof(TagSize);
  for (const std::string_view tag : tags) size += sizeof(TagSize) + tag.size();
  return size;
}

std::size_t Record::charge() const noexcept {
  return charge_of(key_size_, value_size_, tag_bytes());
}

std::size_t Record::charge_of(std::size_t key, std::size_t value, std::size_t tags) noexcept {
  constexpr std::size_t heap_header = 8;
  return sizeof(Record) + sizeof(Node) + Index::bytes_per_entry + heap_header + key + value + tags;
}

}  // namespace semantrix::memory
