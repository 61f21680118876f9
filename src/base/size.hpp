#pragma once

#include <semantrix/error.hpp>

#include <cstddef>
#include <string_view>

namespace semantrix {

/// Reads a number of bytes: "4096", "64k", "1.5g", "16MiB". Units k, m, g, t are 1024-based, in any
/// case, with an optional b or ib. Zero is a size. Error (`invalid_argument`): one sentence.
[[nodiscard]] Result<std::size_t> parse_size(std::string_view text);

/// Reads a whole number, 0 or more, of decimal digits. Error (`invalid_argument`): one sentence.
[[nodiscard]] Result<std::size_t> parse_count(std::string_view text);

}  // namespace semantrix
