#pragma once

#include "protocol/memcache/parser.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

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

/// The bytes in memory of exactly their size, so that the address sanitizer sees a read past them.
class Exactly {
 public:
  explicit Exactly(std::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {}
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;
};

/// What parsing came to: the reply and its size, "more" or "malformed: why".
inline std::string outcome(const Parser& parser, Parser::State state, std::string_view input) {
  if (state == Parser::State::need_more) return "more";
  if (state == Parser::State::malformed) return "malformed: " + std::string(parser.error());
  return std::to_string(parser.consumed()) + " " + describe(parser.reply(input));
}

inline std::string parse_whole(std::string_view bytes, Limits limits = {}) {
  const Exactly input(bytes);
  Parser parser(limits);
  const Parser::State state = parser.parse(input.view());
  return outcome(parser, state, input.view());
}

/// Byte by byte, each time from other memory, until the parser has enough.
inline std::string parse_bytes(std::string_view bytes, Limits limits = {}) {
  Parser parser(limits);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const Exactly input(bytes.substr(0, size));
    const Parser::State state = parser.parse(input.view());
    if (state != Parser::State::need_more) return outcome(parser, state, input.view());
    EXPECT_GT(parser.wanted(), size);
  }
  return "more";
}

/// In two pieces.
inline std::string parse_split(std::string_view bytes, std::size_t at, Limits limits = {}) {
  Parser parser(limits);
  const Exactly first(bytes.substr(0, at));
  const Parser::State state = parser.parse(first.view());
  if (state != Parser::State::need_more) return outcome(parser, state, first.view());
  EXPECT_GT(parser.wanted(), at);
  const Exactly input(bytes);
  const Parser::State end = parser.parse(input.view());
  return outcome(parser, end, input.view());
}

}  // namespace semantrix::memcache
