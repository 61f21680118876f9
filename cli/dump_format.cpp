#include "cli/dump_format.hpp"

#include "base/duration.hpp"
#include "base/utf8.hpp"
#include "cli/json_text.hpp"

#include <boost/json/parse.hpp>

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace semantrix::cli {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

Error broken(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

bool is_given(const json::value* value) { return value != nullptr && !value->is_null(); }

/// The bytes under `name`, or under `name`_b64.
Result<std::optional<std::string>> read_bytes(const json::object& object, std::string_view name) {
  const json::value* plain = object.if_contains(json::string_view(name.data(), name.size()));
  if (is_given(plain)) {
    if (!plain->is_string()) return broken(fmt::format("has a {} that is no string", name));
    return std::optional(std::string(plain->get_string()));
  }
  const json::value* encoded = object.if_contains(fmt::format("{}_b64", name));
  if (!is_given(encoded)) return std::optional<std::string>();
  auto decoded = encoded->is_string() ? decode_base64(encoded->get_string()) : std::nullopt;
  if (!decoded) return broken(fmt::format("has a {}_b64 that is no base64", name));
  return decoded;
}

/// Whole milliseconds, also where a program wrote them as 1500.0.
Result<std::optional<std::int64_t>> read_milliseconds(const json::object& object,
                                                      std::string_view name) {
  const json::value* value = object.if_contains(json::string_view(name.data(), name.size()));
  if (!is_given(value)) return std::optional<std::int64_t>();
  if (value->is_int64()) return std::optional(value->get_int64());
  if (value->is_double() && std::abs(value->get_double()) < 9e15) {
    return std::optional(std::llround(value->get_double()));
  }
  return broken(fmt::format("has a {} that is no number of milliseconds", name));
}

Result<void> read_times(const json::object& object, milliseconds now, DumpLine& line) {
  const auto ttl = read_milliseconds(object, "ttl_ms");
  if (!ttl) return ttl.error();
  const auto deadline = read_milliseconds(object, "expires_ms");
  if (!deadline) return deadline.error();
  if (*deadline) {
    line.expired = **deadline <= now.count();
    if (!line.expired) line.ttl = milliseconds(**deadline) - now;
  } else if (*ttl) {
    line.ttl = milliseconds(**ttl);
  }
  if (!line.ttl) return {};
  const auto fine = check_duration(*deadline ? "expires_ms" : "ttl_ms", *line.ttl);
  if (!fine) return broken("has a bad time: " + fine.error().message());
  return {};
}

Result<void> read_tags(const json::object& object, DumpLine& line) {
  const json::value* tags = object.if_contains("tags");
  if (!is_given(tags)) return {};
  if (!tags->is_array()) return broken("has tags that are no list");
  for (const json::value& tag : tags->get_array()) {
    if (!tag.is_string()) return broken("has a tag that is no string");
    line.tags.emplace_back(tag.get_string());
  }
  return {};
}

std::string tags_json(const std::vector<std::string>& tags) {
  std::string text = "[";
  for (const std::string& tag : tags) {
    if (text.size() > 1) text += ',';
    append_json_string(text, tag);
  }
  return text + "]";
}

bool are_utf8(const std::vector<std::string>& tags) {
  for (const std::string& tag : tags) {
    if (!is_utf8(tag)) return false;
  }
  return true;
}

}  // namespace

std::string format_dump_line(std::string_view key, const Entry& entry, milliseconds now) {
  JsonLine line;
  line.bytes("key", key).bytes("value", entry.value, entry.value.binary());
  if (entry.ttl) {
    line.number("ttl_ms", static_cast<std::uint64_t>(entry.ttl->count()));
    line.number("expires_ms", static_cast<std::uint64_t>((now + *entry.ttl).count()));
  } else {
    line.null("ttl_ms").null("expires_ms");
  }
  // A tag that is no text cannot be written as JSON; the entry is worth more than its tags.
  if (!entry.tags.empty() && are_utf8(entry.tags)) line.raw("tags", tags_json(entry.tags));
  return line.str();
}

Result<DumpLine> parse_dump_line(std::string_view text, milliseconds now) {
  json::error_code failure;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), failure);
  if (failure) return broken(fmt::format("is no JSON: {}", failure.message()));
  if (!parsed.is_object()) return broken("is no JSON object");
  const json::object& object = parsed.get_object();
  auto key = read_bytes(object, "key");
  if (!key) return key.error();
  auto value = read_bytes(object, "value");
  if (!value) return value.error();
  if (!*key) return broken("has no key");
  if (!*value) return broken("has no value");
  if ((*key)->empty()) return broken("has an empty key");
  DumpLine line;
  line.key = std::move(**key);
  line.value = Value(std::move(**value));
  const bool encoded = !is_given(object.if_contains("value"));
  if (encoded) line.value = std::move(line.value).as_binary();
  if (const auto times = read_times(object, now, line); !times) return times.error();
  if (const auto tags = read_tags(object, line); !tags) return tags.error();
  return line;
}

}  // namespace semantrix::cli
