#pragma once

#include <string_view>

namespace semantrix {

/// The library's version, "0.1.0". SemVer; see CHANGELOG.md.
[[nodiscard]] std::string_view version() noexcept;

}  // namespace semantrix
