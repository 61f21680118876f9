#pragma once

#include "python.hpp"

#include <string_view>

namespace semantrix::python {

/// UTF-8 to `str` with the GIL released but for making the object: CPython's own decoder holds it
/// throughout, which for a megabyte of prose keeps all other threads waiting. Null without an error
/// set where the bytes are no UTF-8.
[[nodiscard]] PyObject* decode_long_text(std::string_view text);

}  // namespace semantrix::python
