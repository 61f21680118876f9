#pragma once

#include "errors.hpp"
#include "python.hpp"
#include <semantrix/cache_store.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What verbs answer, as Python sees it: `None`, `bool`, `int`, `str` or `bytes`, `list`, `dict`,
/// and the classes of semantrix/types.py.
namespace semantrix::python {

[[nodiscard]] PyObject* to_python(bool answer);
[[nodiscard]] PyObject* to_python(std::size_t count);
[[nodiscard]] PyObject* to_python(const std::optional<Value>& value);
[[nodiscard]] PyObject* to_python(const std::vector<std::optional<Value>>& values);
[[nodiscard]] PyObject* to_python(const std::vector<std::string>& keys);
[[nodiscard]] PyObject* to_python(const std::optional<Entry>& entry);
[[nodiscard]] PyObject* to_python(const BatchOutcome& outcome);
[[nodiscard]] PyObject* to_python(const Stats& stats);
[[nodiscard]] PyObject* to_python(const Description& description);
[[nodiscard]] PyObject* to_python(const Capability& capability);

/// The answer, or raises the error.
template <class T>
[[nodiscard]] PyObject* answer_to_python(const Result<T>& result) {
  if (!result) [[unlikely]]
    return raise(result.error());
  return to_python(*result);
}
[[nodiscard]] inline PyObject* answer_to_python(const Result<void>& result) {
  if (!result) [[unlikely]]
    return raise(result.error());
  Py_RETURN_NONE;
}

}  // namespace semantrix::python
