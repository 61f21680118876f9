#pragma once

#include <semantrix/error.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>

namespace semantrix {

/// The longest ttl or timeout that is taken for one. Anything longer is a mistake of units, and
/// deadlines must not overflow.
inline constexpr std::chrono::milliseconds longest_duration = std::chrono::years(1000);

/// Which durations a caller can use.
enum class DurationRange : std::uint8_t { positive, not_negative, any };

/// Reads "90", "1.5h", "250ms", "2d": a decimal number with ms, s, m, h or d; bare = seconds.
/// Rounds to the millisecond. Error (`invalid_argument`): one sentence that quotes the text.
[[nodiscard]] Result<std::chrono::milliseconds> parse_duration(
    std::string_view text, DurationRange range = DurationRange::positive);

/// The same checks for a number of seconds that is at hand already.
[[nodiscard]] Result<std::chrono::milliseconds> duration_of_seconds(
    double seconds, DurationRange range = DurationRange::positive);

/// Checks a ttl or timeout given as `chrono`: positive and at most `longest_duration`. `what` names
/// it in the error ("ttl").
[[nodiscard]] Result<void> check_duration(std::string_view what,
                                          std::chrono::milliseconds duration);

}  // namespace semantrix
