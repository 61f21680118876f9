#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace semantrix::cloud {

/// Reads "2021-09-21T18:41:26Z", with or without parts of a second (which are dropped), with "Z",
/// "UTC" or "+hh:mm" behind. Nothing for anything else.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_rfc3339(std::string_view text);

}  // namespace semantrix::cloud
