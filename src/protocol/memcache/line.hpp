#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// The lines of the text protocol, and the words and numbers in them.
namespace semantrix::memcache {

/// How lines end. A dump of the keys (`metadump.hpp`) is the one answer without carriage returns.
enum class Ending : std::uint8_t { cr_lf, any_lf };

/// What reading a line that begins at some offset of the input came to.
struct Line {
  enum class State : std::uint8_t { whole, unfinished, malformed } state = State::unfinished;
  std::size_t size = 0;         ///< Whole: of the text, without its end.
  std::size_t end = 0;          ///< Whole: behind its end. Unfinished: where to look on from.
  std::string_view fault = {};  ///< Malformed: why, a sentence fragment.
};

/// Finds the end of a line of at most `longest` bytes of text without a carriage return of its own,
/// looking from `from` on (not before `begin`). What it comes to does not depend on the pieces that
/// the line arrives in.
[[nodiscard]] Line find_line(std::string_view input, std::size_t begin, std::size_t from,
                             std::size_t longest, Ending ending = Ending::cr_lf) noexcept;

/// Takes the next word off the front of the text, with the spaces before it and one behind it.
/// Empty at the end. Some servers put a space more than is needed into a line.
[[nodiscard]] std::string_view take_word(std::string_view& text) noexcept;

/// A whole number without sign or needless zeros, of at most 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text) noexcept;

}  // namespace semantrix::memcache
