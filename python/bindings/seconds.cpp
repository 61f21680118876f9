#include "seconds.hpp"

#include <datetime.h>

#include <cmath>

namespace semantrix::python {
namespace {

constexpr double longest_seconds = 1'000.0 * 366 * 24 * 3600;

bool has_datetime() {
  if (PyDateTimeAPI == nullptr) PyDateTime_IMPORT;
  return PyDateTimeAPI != nullptr;
}

/// NaN with an error set where it is no time.
double as_seconds(PyObject* seconds) {
  if (PyFloat_Check(seconds)) return PyFloat_AS_DOUBLE(seconds);
  if (PyLong_Check(seconds) && !PyBool_Check(seconds)) return PyLong_AsDouble(seconds);
  if (has_datetime() && PyDelta_Check(seconds)) {
    return PyDateTime_DELTA_GET_DAYS(seconds) * 86400.0 + PyDateTime_DELTA_GET_SECONDS(seconds) +
           PyDateTime_DELTA_GET_MICROSECONDS(seconds) * 1e-6;
  }
  if (PyErr_Occurred() == nullptr) {
    PyErr_Format(PyExc_TypeError, "a time is seconds (int, float) or a timedelta, not %.200s",
                 Py_TYPE(seconds)->tp_name);
  }
  return std::nan("");
}

}  // namespace

bool read_seconds(PyObject* seconds, std::chrono::milliseconds& time) {
  const double value = as_seconds(seconds);
  if (PyErr_Occurred() != nullptr && PyErr_ExceptionMatches(PyExc_OverflowError) == 0) return false;
  if (PyErr_Occurred() != nullptr || !(std::fabs(value) <= longest_seconds)) {
    PyErr_Format(PyExc_ValueError, "a time of %R seconds is not within 1,000 years", seconds);
    return false;
  }
  // What a decimal fraction lacks in binary must not become a millisecond of its own.
  time = std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(value * 1e3 - 1e-6)));
  if (time.count() == 0 && value > 0) time = std::chrono::milliseconds(1);
  return true;
}

bool read_optional_seconds(PyObject* seconds, std::optional<std::chrono::milliseconds>& time) {
  if (seconds == nullptr || seconds == Py_None) return true;
  return read_seconds(seconds, time.emplace());
}

PyObject* seconds_to_python(std::optional<std::chrono::milliseconds> time) {
  if (!time) Py_RETURN_NONE;
  return PyFloat_FromDouble(static_cast<double>(time->count()) / 1e3);
}

}  // namespace semantrix::python
