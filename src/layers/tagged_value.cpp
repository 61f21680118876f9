#include "layers/tagged_value.hpp"

#include "base/record.hpp"

#include <utility>

namespace semantrix::layers {

bool is_wrapped(const std::optional<Value>& stored) noexcept {
  return stored && begins_as_record(*stored);
}

Value wrapped(TaggedValue tagged) {
  Record record;
  record.payload = tagged.value.view();
  if (tagged.tags.empty() && !begins_as_record(record.payload)) return std::move(tagged.value);
  record.binary = tagged.value.binary();
  record.tags.assign(tagged.tags.begin(), tagged.tags.end());
  record.generations.assign(tagged.generations.begin(), tagged.generations.end());
  return {encode_record(record)};
}

Result<TaggedValue> unwrapped(Value stored) {
  TaggedValue tagged;
  if (!begins_as_record(stored)) {
    tagged.value = std::move(stored);
    return tagged;
  }
  const Result<Record> record = decode_record(stored);
  if (!record) return record.error();
  if (record->generations.size() != record->tags.size()) {
    return Error(ErrorCode::corrupt, "a stored entry has tags without generations");
  }
  tagged.value = Value(record->payload);
  if (record->binary) tagged.value = std::move(tagged.value).as_binary();
  tagged.tags.assign(record->tags.begin(), record->tags.end());
  tagged.generations.assign(record->generations.begin(), record->generations.end());
  return tagged;
}

}  // namespace semantrix::layers
