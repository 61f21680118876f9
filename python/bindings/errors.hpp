#pragma once

#include "python.hpp"
#include <semantrix/error.hpp>

/// One exception class for each `ErrorCode`, made from the C++ names, so that the two cannot drift.
namespace semantrix::python {

/// `CacheError` and its subclasses, as attributes of the module.
void bind_errors(nb::module_& module);

/// An exception that stands for the error, with its attributes.
[[nodiscard]] PyObject* error_to_python(const Error& error);

/// Raises it; always null, for the caller to give on.
PyObject* raise(const Error& error);

}  // namespace semantrix::python
