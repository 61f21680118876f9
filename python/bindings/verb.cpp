#include "verb.hpp"

#include "base/suggest.hpp"

#include <algorithm>
#include <string>

namespace semantrix::python {
namespace {

bool refuse_count(const Verb& verb, Py_ssize_t count) {
  PyErr_Format(PyExc_TypeError, "%s() takes at most %zu positional arguments (%zd given)",
               verb.name, verb.positional, count);
  return false;
}

bool place_named(const Verb& verb, PyObject* name, PyObject* value, Arguments& arguments) {
  const char* text = PyUnicode_AsUTF8(name);
  if (text == nullptr) return false;
  const auto found = std::find(verb.parameters.begin(), verb.parameters.end(), text);
  if (found == verb.parameters.end()) {
    const std::string message = unknown_name("option", text, verb.parameters);
    PyErr_Format(PyExc_TypeError, "%s(): %s", verb.name, message.c_str());
    return false;
  }
  PyObject*& place = arguments[static_cast<std::size_t>(found - verb.parameters.begin())];
  if (place != nullptr) {
    PyErr_Format(PyExc_TypeError, "%s() got '%s' twice", verb.name, text);
    return false;
  }
  place = value;
  return true;
}

}  // namespace

bool sort_named_arguments(const Verb& verb, PyObject* const* given, Py_ssize_t count,
                          PyObject* names, Arguments& arguments) {
  if (static_cast<std::size_t>(count) > verb.positional) return refuse_count(verb, count);
  std::copy_n(given, count, arguments.begin());
  const Py_ssize_t named = names == nullptr ? 0 : PyTuple_GET_SIZE(names);
  for (Py_ssize_t i = 0; i < named; ++i) {
    if (!place_named(verb, PyTuple_GET_ITEM(names, i), given[count + i], arguments)) return false;
  }
  for (std::size_t i = 0; i < verb.required; ++i) {
    if (arguments[i] == nullptr) {
      PyErr_Format(PyExc_TypeError, "%s() needs '%s'", verb.name, verb.parameters[i].data());
      return false;
    }
  }
  return true;
}

PyObject* run_blocking(const Verb& verb, const StoreHandle& handle, const Arguments& arguments) {
  Started started = verb.start(handle, arguments);
  if (!started.call) return started.answer;
  started.call->start(nullptr);
  if (started.call->wait()) return started.call->answer();
  started.call->cancel();
  return nullptr;
}

}  // namespace semantrix::python
