#include "tags.hpp"

#include "text.hpp"

namespace semantrix::python {

bool Tags::read(PyObject* tags) {
  if (tags == nullptr || tags == Py_None) return true;
  if (PyUnicode_Check(tags) || PyBytes_Check(tags)) {
    PyErr_SetString(PyExc_TypeError, "tags is a list of str, not one str");
    return false;
  }
  const nb::object list = take(PySequence_Fast(tags, "tags is a list of str"));
  if (!list.is_valid()) return false;
  const Py_ssize_t count = PySequence_Fast_GET_SIZE(list.ptr());
  for (Py_ssize_t i = 0; i < count; ++i) {
    Bytes tag;
    if (!read_key(PySequence_Fast_GET_ITEM(list.ptr(), i), tag)) return false;
    tags_.emplace_back(tag.view);
  }
  views_.assign(tags_.begin(), tags_.end());
  return true;
}

}  // namespace semantrix::python
