#include "cloud/access/json_fields.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <charconv>
#include <system_error>
#include <utility>

namespace semantrix::cloud {

namespace json = boost::json;

std::optional<json::object> parse_json_object(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.as_object());
}

std::string text_field(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr || !value->is_string()) return {};
  const json::string& text = value->get_string();
  return {text.data(), text.size()};
}

std::optional<std::int64_t> number_field(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) {
    const json::string& text = value->get_string();
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return stop == end && error == std::errc() ? std::optional(number) : std::nullopt;
  }
  if (value->is_double()) {
    const double number = value->get_double();
    const bool fits = number > -9e15 && number < 9e15;
    return fits ? std::optional(static_cast<std::int64_t>(number)) : std::nullopt;
  }
  if (value->is_int64()) return value->get_int64();
  return std::nullopt;
}

const json::object* object_field(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(json::string_view(name.data(), name.size()));
  return value == nullptr ? nullptr : value->if_object();
}

}  // namespace semantrix::cloud
