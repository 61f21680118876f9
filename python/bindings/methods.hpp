#pragma once

#include "handles.hpp"
#include "verb.hpp"

#include <array>
#include <cstddef>

/// Verbs as methods of a class, called with as little in between as CPython allows: nanobind's own
/// functions cost about as much as a hit.
namespace semantrix::python {

/// The handle of an object; null, with an error set, if a subclass forgot `super().__init__()`.
template <class Handle>
[[nodiscard]] const Handle* handle_of(PyObject* self) {
  if (!nb::inst_ready(self)) {
    PyErr_SetString(PyExc_RuntimeError, "the store's __init__ was not called");
    return nullptr;
  }
  return nb::inst_ptr<Handle>(self);
}

template <const Verb& verb, class Handle>
PyObject* async_method(PyObject* self, PyObject* const* given, Py_ssize_t count, PyObject* names) {
  const Handle* handle = handle_of<Handle>(self);
  Arguments arguments{};
  if (handle == nullptr || !sort_arguments(verb, given, count, names, arguments)) return nullptr;
  return new_awaitable(verb, self, *handle, arguments);
}

template <const Verb& verb, class Handle>
PyObject* sync_method(PyObject* self, PyObject* const* given, Py_ssize_t count, PyObject* names) {
  const Handle* handle = handle_of<Handle>(self);
  Arguments arguments{};
  if (handle == nullptr || !sort_arguments(verb, given, count, names, arguments)) return nullptr;
  return run_blocking(verb, *handle, arguments);
}

using Method = PyObject* (*)(PyObject*, PyObject* const*, Py_ssize_t, PyObject*);

/// A row of a method table. The table must last as long as the class.
[[nodiscard]] inline PyMethodDef method(const Verb& verb, Method function, const char* doc) {
  return {verb.name, reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function)),
          METH_FASTCALL | METH_KEYWORDS, doc};
}

template <std::size_t count>
void add_methods(nb::handle type, std::array<PyMethodDef, count>& table) {
  for (PyMethodDef& row : table) {
    nb::object made = take(PyDescr_NewMethod(reinterpret_cast<PyTypeObject*>(type.ptr()), &row));
    if (!made.is_valid()) throw nb::python_error();
    type.attr(row.ml_name) = made;
  }
}

}  // namespace semantrix::python
