#pragma once

// Python.h comes first, as it asks.
#include <nanobind/nanobind.h>

#include <utility>

/// What every binding needs of CPython.
///
/// Functions that give a `PyObject*` give a new reference, or null with a Python error set; those
/// that give `bool` say whether it went well, with a Python error set where not. All of them are
/// called with the GIL held.
namespace semantrix::python {

namespace nb = nanobind;

#if PY_VERSION_HEX < 0x030A0000
// As later versions have it.
enum PySendResult { PYGEN_RETURN = 0, PYGEN_ERROR = -1, PYGEN_NEXT = 1 };
#endif

/// Copies longer than this, and whatever may wait, are made without the GIL.
inline constexpr std::size_t long_copy_bytes = 16 * 1024;

/// Takes over a new reference, which may be null.
[[nodiscard]] inline nb::object take(PyObject* reference) noexcept { return nb::steal(reference); }

/// Runs `work` without the GIL if `long_enough`; it must not throw.
template <class Work>
decltype(auto) without_gil_if(bool long_enough, Work work) {
  if (!long_enough) return work();
  const nb::gil_scoped_release released;
  return work();
}

}  // namespace semantrix::python
