#include "protocol/dynamodb/responses.hpp"

#include "protocol/dynamodb/json_reader.hpp"

#include <charconv>
#include <utility>

namespace semantrix::dynamodb {
namespace {

/// Reads the members of an object: `take(name)` reads the value of those it knows and says whether
/// that went well; for the others it calls `skip`.
template <class Take>
bool members(JsonReader& json, Take take) {
  if (!json.begin_object()) return false;
  for (std::string_view name; json.next_member(name);) {
    if (!take(name)) return false;
  }
  return !json.failed();
}

template <class Take>
bool elements(JsonReader& json, Take take) {
  if (!json.begin_array()) return false;
  while (json.next_element()) {
    if (!take()) return false;
  }
  return !json.failed();
}

bool read_text(JsonReader& json, std::string& out) {
  std::string_view text;
  if (!json.string(text)) return false;
  out = text;
  return true;
}

bool read_count(JsonReader& json, std::uint64_t& out) {
  std::string_view text;
  if (!json.number(text)) return false;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return true;
}

bool read_items(JsonReader& json, std::string_view ttl_attribute, std::vector<Item>& items) {
  return elements(json, [&] { return read_item(json, ttl_attribute, items.emplace_back()); });
}

/// `{"key":{"S":"…"}}`, whatever else is in it.
bool read_key(JsonReader& json, std::string_view ttl_attribute, std::vector<std::string>& keys) {
  Item item;
  if (!read_item(json, ttl_attribute, item)) return false;
  keys.push_back(std::move(item.key));
  return true;
}

/// What follows a colon or a hash: "com.amazonaws.dynamodb.v20120810#Type:http://…".
std::string bare_type(std::string_view type) {
  type = type.substr(0, type.find(':'));
  return std::string(type.substr(type.rfind('#') + 1));
}

bool read_reason(JsonReader& json, std::string& reasons) {
  std::string reason;
  std::string resource;
  const bool sound = members(json, [&](std::string_view name) {
    if (name == "reason") return read_text(json, reason);
    if (name == "resource") return read_text(json, resource);
    return json.skip();
  });
  if (!sound) return false;
  if (!reasons.empty()) reasons += ", ";
  reasons += reason;
  if (!resource.empty()) reasons += " on " + resource;
  return true;
}

bool read_key_schema(JsonReader& json, TableState& table) {
  return elements(json, [&] {
    std::string attribute;
    std::string kind;
    const bool sound = members(json, [&](std::string_view name) {
      if (name == "AttributeName") return read_text(json, attribute);
      if (name == "KeyType") return read_text(json, kind);
      return json.skip();
    });
    if (kind == "HASH") table.hash_key = attribute;
    if (kind == "RANGE") table.has_range_key = true;
    return sound;
  });
}

using Types = std::vector<std::pair<std::string, std::string>>;

bool read_types(JsonReader& json, Types& types) {
  return elements(json, [&] {
    auto& defined = types.emplace_back();
    return members(json, [&](std::string_view name) {
      if (name == "AttributeName") return read_text(json, defined.first);
      if (name == "AttributeType") return read_text(json, defined.second);
      return json.skip();
    });
  });
}

bool read_table_state(JsonReader& json, TableState& table) {
  Types types;
  const bool sound = members(json, [&](std::string_view name) {
    if (name == "TableStatus") return read_text(json, table.status);
    if (name == "ItemCount") return read_count(json, table.items);
    if (name == "KeySchema") return read_key_schema(json, table);
    if (name == "AttributeDefinitions") return read_types(json, types);
    return json.skip();
  });
  for (const auto& [attribute, type] : types) {
    if (attribute == table.hash_key) table.hash_type = type;
  }
  return sound;
}

template <class T>
std::optional<T> if_whole(JsonReader& json, bool sound, T&& value) {
  if (!sound || !json.at_end()) return std::nullopt;
  return std::forward<T>(value);
}

}  // namespace

std::optional<std::optional<Item>> read_one(std::string_view body, std::string_view member,
                                            std::string_view ttl_attribute) {
  JsonReader json(body);
  std::optional<Item> item;
  const bool sound = members(json, [&](std::string_view name) {
    return name == member ? read_item(json, ttl_attribute, item.emplace()) : json.skip();
  });
  return if_whole(json, sound, std::move(item));
}

std::optional<BatchGot> read_batch_got(std::string_view body, std::string_view ttl_attribute) {
  JsonReader json(body);
  BatchGot got;
  const auto take_keys = [&](std::string_view name) {
    if (name != "Keys") return json.skip();
    return elements(json, [&] { return read_key(json, ttl_attribute, got.unprocessed); });
  };
  const bool sound = members(json, [&](std::string_view name) {
    if (name == "Responses") {
      return members(json,
                     [&](std::string_view) { return read_items(json, ttl_attribute, got.items); });
    }
    if (name == "UnprocessedKeys") {
      return members(json, [&](std::string_view) { return members(json, take_keys); });
    }
    return json.skip();
  });
  return if_whole(json, sound, std::move(got));
}

std::optional<std::vector<std::string>> read_batch_written(std::string_view body,
                                                           std::string_view ttl_attribute) {
  JsonReader json(body);
  std::vector<std::string> keys;
  // {"PutRequest":{"Item":{…}}} or {"DeleteRequest":{"Key":{…}}}
  const auto take_element = [&] {
    return members(json, [&](std::string_view) {
      return members(json, [&](std::string_view) { return read_key(json, ttl_attribute, keys); });
    });
  };
  const bool sound = members(json, [&](std::string_view name) {
    if (name != "UnprocessedItems") return json.skip();
    return members(json, [&](std::string_view) { return elements(json, take_element); });
  });
  return if_whole(json, sound, std::move(keys));
}

std::optional<Scanned> read_scanned(std::string_view body, std::string_view ttl_attribute) {
  JsonReader json(body);
  Scanned page;
  const bool sound = members(json, [&](std::string_view name) {
    if (name == "Items") return read_items(json, ttl_attribute, page.items);
    if (name == "Count") return read_count(json, page.count);
    if (name != "LastEvaluatedKey") return json.skip();
    Item last;
    const bool read = read_item(json, ttl_attribute, last);
    page.last_key = std::move(last.key);
    return read;
  });
  return if_whole(json, sound, std::move(page));
}

std::optional<TableState> read_table(std::string_view body) {
  JsonReader json(body);
  TableState table;
  const bool sound = members(json, [&](std::string_view name) {
    if (name == "Table" || name == "TableDescription") return read_table_state(json, table);
    return json.skip();
  });
  return if_whole(json, sound, std::move(table));
}

std::optional<TtlState> read_ttl(std::string_view body) {
  JsonReader json(body);
  TtlState ttl;
  const bool sound = members(json, [&](std::string_view name) {
    if (name != "TimeToLiveDescription") return json.skip();
    return members(json, [&](std::string_view field) {
      if (field == "TimeToLiveStatus") return read_text(json, ttl.status);
      if (field == "AttributeName") return read_text(json, ttl.attribute);
      return json.skip();
    });
  });
  return if_whole(json, sound, std::move(ttl));
}

Refusal read_refusal(std::string_view body, std::string_view type_header) {
  JsonReader json(body);
  Refusal refusal;
  std::string type;
  members(json, [&](std::string_view name) {
    if (name == "__type" || name == "code") return read_text(json, type);
    if (name == "message" || name == "Message") return read_text(json, refusal.message);
    if (name != "ThrottlingReasons" && name != "throttlingReasons") return json.skip();
    return elements(json, [&] { return read_reason(json, refusal.reasons); });
  });
  refusal.type = bare_type(type.empty() ? type_header : type);
  return refusal;
}

}  // namespace semantrix::dynamodb
