#pragma once

#include "protocol/memcache/parser.hpp"
#include "protocol_fixture.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace semantrix::memcache {

/// A reply written out: "values'v f5'{''='abc'}": the kind, its text, its items with their flags.
inline std::string describe(const Reply& reply) {
  static constexpr std::array names = {"values",     "miss",       "done",          "not_found",
                                       "not_stored", "exists",     "no_op",         "debug",
                                       "version",    "statistics", "configuration", "error"};
  std::string text = names[static_cast<std::size_t>(reply.kind())];
  if (!reply.text().empty()) text += "'" + std::string(reply.text()) + "'";
  if (reply.items().empty()) return text;
  text += "{";
  for (const Item& item : reply.items()) {
    if (text.back() != '{') text += ' ';
    text += std::string(reply.key(item)) + "=" + std::string(reply.value(item));
    if (item.flags != 0) text += "/" + std::to_string(item.flags);
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

}  // namespace semantrix::memcache
