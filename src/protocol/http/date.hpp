#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace semantrix::http {

/// The header Date, "Wed, 21 Oct 2015 07:28:00 GMT". Nothing for anything else.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_date(std::string_view text) noexcept;

}  // namespace semantrix::http
