#pragma once

#include <string_view>

namespace semantrix {

/// Whether the bytes are valid UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF.
/// Empty text is valid. Eight bytes a step through ASCII.
[[nodiscard]] bool is_utf8(std::string_view bytes) noexcept;

}  // namespace semantrix
