#pragma once

#include "protocol/resp/line.hpp"
#include "protocol/resp/reply.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace semantrix::resp {

/// What a reply may ask of memory before it is refused as malformed. The server's word is never
/// taken for it: a header that announces much allocates nothing.
struct Limits {
  std::size_t bulk_bytes = (std::size_t{512} << 20U) + (std::size_t{1} << 20U);  ///< Of one string.
  std::size_t elements = 1'000'000;  ///< In all aggregates of a reply together, maps by twos.
  std::uint32_t depth = 64;          ///< Aggregates within one another.
  std::size_t line_bytes = std::size_t{64} << 10U;  ///< Of a simple string, error or number.
};

/// Reads one reply after the other, from bytes that arrive in any pieces. RESP2 and RESP3 in one;
/// attributes are passed over with what they hold; streamed strings and aggregates ("$?", "*?") are
/// malformed, as is a push within another reply.
///
/// Without recursion; no byte of text is looked at twice (an unfinished length or integer, of at
/// most 23 bytes, is). In a steady state nothing is allocated. Not thread-safe.
class Parser {
 public:
  enum class State : std::uint8_t { need_more, complete, malformed };

  explicit Parser(Limits limits = {});

  /// `input` begins where the reply begins. After `need_more` call again with the same bytes and
  /// more behind them; they may have moved in memory. After `complete` the call is for the next
  /// reply. After `malformed` it stays so until `reset`: nothing behind can be trusted.
  State parse(std::string_view input);

  /// After `complete`: bytes of the reply.
  [[nodiscard]] std::size_t consumed() const noexcept { return at_; }
  /// After `complete`, until the next `parse` or `reset`; `input` may have moved.
  [[nodiscard]] Reply reply(std::string_view input) const noexcept { return {input, nodes_}; }
  /// After `need_more`: bytes that the input must at least have before parsing gets further. Up to
  /// the end of a bulk string once its length is known.
  [[nodiscard]] std::size_t wanted() const noexcept { return wanted_; }
  /// After `malformed`: why, a fragment of a sentence without any byte of the input.
  [[nodiscard]] std::string_view error() const noexcept { return error_; }

  /// Forgets all of the present reply.
  void reset() noexcept;

 private:
  struct Frame {
    std::uint32_t left;  // Children still to come.
    bool attribute;
  };

  State element(std::string_view input);
  State line(std::string_view input, Type type);
  State integer(std::string_view input);
  State bulk(std::string_view input, Type type);
  State body(std::string_view input);
  State aggregate(std::string_view input, Type type, bool attribute);
  State open(Type type, std::int64_t count, bool attribute);
  State add(Node node, std::size_t end);
  State close();
  State need(std::size_t size) noexcept;
  State unfinished(std::string_view input, const Line& line) noexcept;
  State fail(std::string_view why) noexcept;

  Limits limits_;
  State state_ = State::need_more;
  bool in_body_ = false;  // A bulk's header is read: `body_` says what follows.
  Node body_;
  std::size_t at_ = 0;         // Where the present element begins.
  std::size_t looked_at_ = 0;  // Up to where an unfinished line has no end.
  std::size_t wanted_ = 1;
  std::size_t announced_ = 0;   // Elements by the headers so far.
  std::uint32_t skipping_ = 0;  // Attributes that are open.
  std::vector<Frame> open_;
  std::vector<Node> nodes_;
  std::string_view error_;
};

}  // namespace semantrix::resp
