#pragma once

#include "protocol/resp/parser.hpp"
#include "protocol_fixture.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace semantrix::resp {

/// A reply written out: "array(2){bulk_string'a' integer'1'}".
inline std::string describe(const Reply& reply) {
  static constexpr std::array names = {
      "simple_string", "error",      "integer",    "bulk_string", "array", "null", "boolean",
      "real",          "big_number", "bulk_error", "verbatim",    "map",   "set",  "push"};
  std::string text = names[static_cast<std::size_t>(reply.type())];
  const bool aggregate = reply.is_list() || reply.type() == Type::map;
  if (!aggregate && !reply.is_null()) text += "'" + std::string(reply.text()) + "'";
  if (!aggregate) return text;
  text += "(" + std::to_string(reply.size()) + "){";
  for (const Reply child : reply.children()) {
    if (text.back() != '{') text += ' ';
    text += describe(child);
  }
  return text + "}";
}

using protocol_testing::Exactly;
using protocol_testing::outcome;

inline std::string parse_whole(std::string_view bytes, Limits limits = {}) {
  return protocol_testing::parse_whole(Parser(limits), bytes);
}
inline std::string parse_bytes(std::string_view bytes, Limits limits = {}) {
  return protocol_testing::parse_bytes(Parser(limits), bytes);
}
inline std::string parse_split(std::string_view bytes, std::size_t at, Limits limits = {}) {
  return protocol_testing::parse_split(Parser(limits), bytes, at);
}

}  // namespace semantrix::resp
