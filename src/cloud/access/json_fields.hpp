#pragma once

#include <semantrix/error.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace semantrix::cloud {

/// The document, if it is a JSON object. Nothing else of it is ever quoted: it may hold secrets.
[[nodiscard]] std::optional<boost::json::object> parse_json_object(std::string_view text);

/// The text of a field; empty where it is missing or no string.
[[nodiscard]] std::string text_field(const boost::json::object& object, std::string_view name);

/// A whole number, also one that stands in a string; nothing otherwise.
[[nodiscard]] std::optional<std::int64_t> number_field(const boost::json::object& object,
                                                       std::string_view name);

/// A field that is itself an object; null otherwise.
[[nodiscard]] const boost::json::object* object_field(const boost::json::object& object,
                                                      std::string_view name);

}  // namespace semantrix::cloud
