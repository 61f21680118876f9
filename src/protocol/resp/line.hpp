#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// The lines of the protocol: what stands between a type's mark and CR LF.
namespace semantrix::resp {

/// What reading a line that begins at some offset of the input came to.
struct Line {
  enum class State : std::uint8_t { whole, unfinished, malformed } state = State::unfinished;
  std::size_t end = 0;          ///< Whole: behind CR LF. Unfinished: where to look on from.
  std::string_view fault = {};  ///< Malformed: why, a sentence fragment.
};

/// A line that is a decimal number: an optional sign and digits, none of them a needless zero.
struct NumberLine : Line {
  std::int64_t number = 0;
};

/// Reads a number and its CR LF. Looks at no more than 23 bytes.
[[nodiscard]] NumberLine read_number(std::string_view input, std::size_t begin) noexcept;

/// Finds the end of a line of text of at most `longest` bytes, without a CR or LF of its own,
/// looking from `from` on (not before `begin`).
[[nodiscard]] Line find_line(std::string_view input, std::size_t begin, std::size_t from,
                             std::size_t longest) noexcept;

/// Whether the text is a floating-point number of RESP3: "-1.5e3", "10", "inf", "nan".
[[nodiscard]] bool is_real(std::string_view text) noexcept;
/// Whether the text is a whole number of any length.
[[nodiscard]] bool is_whole_number(std::string_view text) noexcept;

}  // namespace semantrix::resp
