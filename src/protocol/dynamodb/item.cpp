#include "protocol/dynamodb/item.hpp"

#include "protocol/dynamodb/base64.hpp"
#include "protocol/dynamodb/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace semantrix::dynamodb {
namespace {

using std::chrono::milliseconds;

/// A number takes at most so many bytes of an item.
constexpr std::size_t number_bytes = 21;

void append_number(std::string& out, std::string_view name, std::int64_t number) {
  out.append(",");
  append_json_string(out, name);
  out.append(R"(:{"N":")").append(std::to_string(number)).append("\"}");
}

void append_binary(std::string& out, std::string_view name, std::string_view bytes) {
  out.append(",\"").append(name).append(R"(":{"B":")");
  append_base64(out, bytes);
  out.append("\"}");
}

/// The table's clock ticks in whole seconds: never before the exact time, whatever the rounding.
std::int64_t table_time(milliseconds expires) {
  return std::chrono::ceil<std::chrono::seconds>(expires).count() + 1;
}

/// Whole numbers alone; the fraction of another program's is cut off.
std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool ends = read.ptr == text.data() + text.size() || *read.ptr == '.';
  if (read.ec != std::errc() || !ends) return std::nullopt;
  return number;
}

/// An attribute value: its type's letter and, of B, S and N, its text. One member, always.
bool read_attribute(JsonReader& json, char& type, std::string_view& text) {
  std::string_view name;
  if (!json.begin_object() || !json.next_member(name)) return false;
  type = name.size() == 1 ? name.front() : '?';
  const bool sound = type == 'B' || type == 'S' || type == 'N' ? json.string(text) : json.skip();
  if (!sound) return false;
  // The view may lie in what the next string overwrites, and there must be none.
  const bool more = json.peek() != '}';
  return !more && !json.next_member(name) && !json.failed();
}

void set_number(char type, std::string_view text, std::optional<std::int64_t>& number) {
  if (type == 'N') number = whole_number(text);
}

}  // namespace

std::size_t item_bytes(const NewItem& item, std::string_view ttl_attribute) {
  std::size_t bytes = std::string_view("key").size() + item.key.size();
  bytes += std::string_view("value").size() + item.value.size();
  if (!item.whole_key.empty()) bytes += 1 + item.whole_key.size();
  if (item.expires) {
    bytes += ttl_attribute.size() + std::string_view("expires_ms").size() + 2 * number_bytes;
  }
  return bytes + 2 * (1 + number_bytes);
}

void append_item(std::string& out, const NewItem& item, std::string_view ttl_attribute) {
  out.append(R"({"key":{"S":)");
  append_json_string(out, item.key);
  out.append("}");
  append_binary(out, "value", item.value);
  if (!item.whole_key.empty()) append_binary(out, "k", item.whole_key);
  if (item.expires) {
    append_number(out, ttl_attribute, table_time(*item.expires));
    append_number(out, "expires_ms", item.expires->count());
  }
  if (item.chunks != 0) append_number(out, "n", static_cast<std::int64_t>(item.chunks));
  if (item.is_chunk) append_number(out, "c", 1);
  out.append("}");
}

std::optional<milliseconds> Item::expires() const noexcept {
  if (expires_ms) return milliseconds(*expires_ms);
  if (!expires_s) return std::nullopt;
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 1000;
  return milliseconds(1000 * std::clamp(*expires_s, -most, most));
}

bool read_item(JsonReader& json, std::string_view ttl_attribute, Item& item) {
  if (!json.begin_object()) return false;
  for (std::string_view name; json.next_member(name);) {
    enum class Field : char { other, key, value, whole_key, ttl, expires_ms, chunks, chunk };
    // The ttl attribute's name is the user's to choose, and may be one of ours.
    Field field = Field::other;
    if (name == "key") field = Field::key;
    if (name == "value") field = Field::value;
    if (name == "k") field = Field::whole_key;
    if (name == "expires_ms") field = Field::expires_ms;
    if (name == "n") field = Field::chunks;
    if (name == "c") field = Field::chunk;
    if (name == ttl_attribute) field = Field::ttl;
    char type = 0;
    std::string_view text;
    if (!read_attribute(json, type, text)) return false;
    std::optional<std::int64_t> number;
    switch (field) {
      case Field::key:
        if (type == 'S') item.key = text;
        break;
      case Field::value:
        if (type == 'B') item.value = decode_base64(text);
        if (type == 'S') item.value = std::string(text);
        break;
      case Field::whole_key:
        if (type == 'B') item.whole_key = decode_base64(text).value_or("");
        break;
      case Field::ttl:
        set_number(type, text, item.expires_s);
        break;
      case Field::expires_ms:
        set_number(type, text, item.expires_ms);
        break;
      case Field::chunks:
        set_number(type, text, number);
        item.chunks = static_cast<std::uint64_t>(std::max<std::int64_t>(0, number.value_or(0)));
        break;
      case Field::chunk:
        item.is_chunk = type == 'N';
        break;
      case Field::other:
        break;
    }
  }
  return !json.failed();
}

}  // namespace semantrix::dynamodb
