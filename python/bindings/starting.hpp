#pragma once

#include "answers.hpp"
#include "call.hpp"
#include "verb.hpp"
#include <semantrix/detail/verbs.hpp>

#include <array>
#include <string_view>
#include <utility>

namespace semantrix::python {

template <std::size_t count>
using Names = std::array<std::string_view, count>;

/// The answer of a probe, if it has one, else a call of `begin(store)`, which gives the verb's
/// coroutine. The call keeps the store alive.
template <class T, class Begin>
[[nodiscard]] Started answer_or_call(const StoreHandle& handle, Probe<T> answer, Begin begin) {
  if (answer) [[likely]]
    return answer_to_python(*answer);
  auto kept = [store = handle.store, begin = std::move(begin)]() mutable { return begin(*store); };
  return make_call<T>(std::move(kept),
                      [](const Result<T>& result) { return answer_to_python(result); });
}

/// Failed, with a Python error set.
[[nodiscard]] inline Started failed() { return static_cast<PyObject*>(nullptr); }

/// `flag` of an argument that may be absent.
[[nodiscard]] inline bool read_flag(PyObject* argument, bool& flag) {
  if (argument == nullptr) return true;
  const int truth = PyObject_IsTrue(argument);
  flag = truth == 1;
  return truth >= 0;
}

}  // namespace semantrix::python
