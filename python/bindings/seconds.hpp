#pragma once

#include "python.hpp"

#include <chrono>
#include <optional>

namespace semantrix::python {

/// Seconds as `int`, `float` or `timedelta`, to milliseconds; fractions of one are rounded up, so
/// that no time above zero becomes none. TypeError, ValueError (not finite, beyond 1,000 years).
[[nodiscard]] bool read_seconds(PyObject* seconds, std::chrono::milliseconds& time);

/// The same; nothing for `None`.
[[nodiscard]] bool read_optional_seconds(PyObject* seconds,
                                         std::optional<std::chrono::milliseconds>& time);

/// Seconds as `float`; `None` for nothing.
[[nodiscard]] PyObject* seconds_to_python(std::optional<std::chrono::milliseconds> time);

}  // namespace semantrix::python
