#pragma once

#include <string>
#include <string_view>

namespace semantrix::resp {

/// The text as a pattern of the server's globs that matches it alone, for `SCAN … MATCH`: every
/// `* ? [ ] \ ^ -` with a backslash before it.
[[nodiscard]] std::string glob_escape(std::string_view text);

}  // namespace semantrix::resp
