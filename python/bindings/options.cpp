#include "options.hpp"

#include "base/options.hpp"
#include "base/suggest.hpp"
#include "seconds.hpp"
#include "text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace semantrix::python {
namespace {

std::string type_name(PyObject* value) { return Py_TYPE(value)->tp_name; }

Complaint wrong_type(const char* wanted, PyObject* value) {
  return {true, std::string("takes ") + wanted + ", not " + type_name(value)};
}

/// The words of a Python error that was set, which ends here.
Complaint complaint_of_error() {
  const bool is_type = PyErr_ExceptionMatches(PyExc_TypeError) != 0;
  const nb::python_error failed;
  return {is_type, std::string("cannot be used: ") + nb::str(failed.value()).c_str()};
}

Read read_integer(PyObject* value, long long least, long long most, long long& number) {
  if (PyBool_Check(value) || PyIndex_Check(value) == 0) return wrong_type("a whole number", value);
  const nb::object index = take(PyNumber_Index(value));
  if (!index.is_valid()) return complaint_of_error();
  int overflow = 0;
  number = PyLong_AsLongLongAndOverflow(index.ptr(), &overflow);
  const bool too_small = overflow < 0 || (overflow == 0 && number < least);
  const bool too_large = overflow > 0 || (overflow == 0 && number > most);
  if (too_small || too_large) {
    const std::string text = nb::str(index).c_str();
    return Complaint{false, "is " + text + "; it must be " +
                                (too_small ? "at least " + std::to_string(least)
                                           : "at most " + std::to_string(most))};
  }
  return std::nullopt;
}

template <class Integer>
Read read_count(PyObject* value, Integer& count) {
  constexpr auto largest = static_cast<unsigned long long>(std::numeric_limits<Integer>::max());
  constexpr auto most = static_cast<long long>(
      std::min(largest, static_cast<unsigned long long>(std::numeric_limits<long long>::max())));
  long long number = 0;
  if (Read refused = read_integer(value, 0, most, number)) return refused;
  count = static_cast<Integer>(number);
  return std::nullopt;
}

}  // namespace

Read read(PyObject* value, std::string& text) {
  nb::object path = nb::borrow(value);
  if (PyUnicode_Check(value) == 0 && PyObject_HasAttrString(value, "__fspath__") != 0) {
    path = take(PyOS_FSPath(value));
    if (!path.is_valid()) return complaint_of_error();
  }
  if (PyUnicode_Check(path.ptr()) == 0) return wrong_type("a str", value);
  Bytes bytes;
  if (!read_key(path.ptr(), bytes)) return complaint_of_error();
  text = bytes.view;
  return std::nullopt;
}

Read read(PyObject* value, bool& flag) {
  if (PyBool_Check(value) == 0) return wrong_type("True or False", value);
  flag = value == Py_True;
  return std::nullopt;
}

Read read(PyObject* value, std::uint64_t& count) { return read_count(value, count); }
Read read(PyObject* value, std::int64_t& count) { return read_count(value, count); }
Read read(PyObject* value, std::uint32_t& count) { return read_count(value, count); }
Read read(PyObject* value, int& count) { return read_count(value, count); }

Read read(PyObject* value, double& number) {
  if (PyBool_Check(value) || (PyFloat_Check(value) == 0 && PyIndex_Check(value) == 0)) {
    return wrong_type("a number", value);
  }
  number = PyFloat_AsDouble(value);
  if (PyErr_Occurred() != nullptr) return complaint_of_error();
  if (std::isfinite(number) && number >= 0) return std::nullopt;
  return Complaint{
      false, std::string("is ") + nb::str(nb::handle(value)).c_str() + "; it must be at least 0"};
}

Read read(PyObject* value, std::chrono::milliseconds& time) {
  if (read_seconds(value, time)) return std::nullopt;
  return complaint_of_error();
}

Read read(PyObject* value, EvictionPolicy& policy) {
  std::string text;
  if (Read refused = read(value, text)) return refused;
  const Result<EvictionPolicy> parsed = parse_policy(text);
  if (!parsed) return Complaint{false, "cannot be used: " + parsed.error().message()};
  policy = *parsed;
  return std::nullopt;
}

Read read(PyObject* value, OnError& on_error) {
  return read_name<OnError>(
      value, [](std::string_view name) { return parse_on_error(name); }, "raise, miss", on_error);
}

Read read(PyObject* value, ReadFrom& read_from) {
  return read_name<ReadFrom>(
      value, [](std::string_view name) { return parse_read_from(name); },
      "primary, replica, nearest", read_from);
}

std::size_t row_of(std::string_view name, std::span<const std::string_view> names) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw nb::type_error(unknown_name("option", name, names).c_str());
  }
  return static_cast<std::size_t>(found - names.begin());
}

void refuse(std::string_view name, const Complaint& complaint) {
  const std::string message = "option '" + std::string(name) + "' " + complaint.sentence;
  if (complaint.wrong_type) throw nb::type_error(message.c_str());
  throw nb::value_error(message.c_str());
}

}  // namespace semantrix::python
