#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Feeding bytes to a parser of `src/protocol`, in every way that a network may. What came of it is
/// told by `describe(reply)`, of the parser's own namespace.
namespace semantrix::protocol_testing {

/// The bytes in memory of exactly their size, so that the address sanitizer sees a read past them.
class Exactly {
 public:
  explicit Exactly(std::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {}
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;
};

/// What parsing came to: the reply and its size, "more" or "malformed: why".
template <class Parser>
std::string outcome(const Parser& parser, typename Parser::State state, std::string_view input) {
  if (state == Parser::State::need_more) return "more";
  if (state == Parser::State::malformed) return "malformed: " + std::string(parser.error());
  return std::to_string(parser.consumed()) + " " + describe(parser.reply(input));
}

template <class Parser>
std::string parse_whole(Parser parser, std::string_view bytes) {
  const Exactly input(bytes);
  const auto state = parser.parse(input.view());
  return outcome(parser, state, input.view());
}

/// Byte by byte, each time from other memory, until the parser has enough.
template <class Parser>
std::string parse_bytes(Parser parser, std::string_view bytes) {
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const Exactly input(bytes.substr(0, size));
    const auto state = parser.parse(input.view());
    if (state != Parser::State::need_more) return outcome(parser, state, input.view());
    EXPECT_GT(parser.wanted(), size);
  }
  return "more";
}

/// In two pieces.
template <class Parser>
std::string parse_split(Parser parser, std::string_view bytes, std::size_t at) {
  const Exactly first(bytes.substr(0, at));
  const auto state = parser.parse(first.view());
  if (state != Parser::State::need_more) return outcome(parser, state, first.view());
  EXPECT_GT(parser.wanted(), at);
  const Exactly input(bytes);
  const auto end = parser.parse(input.view());
  return outcome(parser, end, input.view());
}

}  // namespace semantrix::protocol_testing
