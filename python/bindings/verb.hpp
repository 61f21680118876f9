#pragma once

#include "call.hpp"
#include "python.hpp"
#include <semantrix/cache_store.hpp>

#include <array>
#include <memory>
#include <span>
#include <string_view>

namespace semantrix::python {

/// What a verb gives at first: the answer, or a call to start and await; neither: an error is set.
struct Started {
  Started(PyObject* ready) : answer(ready) {}
  Started(std::shared_ptr<Call> pending) : call(std::move(pending)) {}

  PyObject* answer = nullptr;
  std::shared_ptr<Call> call;
};

/// What the Python objects of a store share: the blocking twin has the same.
struct StoreHandle {
  std::shared_ptr<CacheStore> store;
  bool slow_probe = false;  // what the store answers at once may take long: not with the GIL
  nb::object twin = {};     // the blocking store, once somebody asked for it
};

inline constexpr std::size_t most_arguments = 4;

/// The arguments of a call by parameter; null where none was given.
using Arguments = std::array<PyObject*, most_arguments>;

/// A verb of a store, for asyncio and blocking alike.
struct Verb {
  const char* name;
  std::span<const std::string_view> parameters;
  std::size_t required;    // parameters that must be given
  std::size_t positional;  // parameters that need not be named
  Started (*start)(const StoreHandle& handle, const Arguments& arguments);
};

[[nodiscard]] bool sort_named_arguments(const Verb& verb, PyObject* const* given, Py_ssize_t count,
                                        PyObject* names, Arguments& arguments);

/// Sorts what a caller gave by parameter; references are borrowed. TypeError, with the nearest name
/// for one that is unknown. Inline for a call that names nothing.
[[nodiscard]] inline bool sort_arguments(const Verb& verb, PyObject* const* given, Py_ssize_t count,
                                         PyObject* names, Arguments& arguments) {
  const auto given_count = static_cast<std::size_t>(count);
  if (names != nullptr || given_count < verb.required || given_count > verb.positional) {
    return sort_named_arguments(verb, given, count, names, arguments);
  }
  for (std::size_t i = 0; i < given_count; ++i) arguments[i] = given[i];
  return true;
}

/// Runs a verb to its end, without the GIL while it waits.
[[nodiscard]] PyObject* run_blocking(const Verb& verb, const StoreHandle& handle,
                                     const Arguments& arguments);

/// An awaitable that runs the verb when it is awaited: as a coroutine does, and like one it may
/// become a task, but what is ready costs no more than a function call. `owner` is the Python
/// object that holds the handle.
[[nodiscard]] PyObject* new_awaitable(const Verb& verb, PyObject* owner, const StoreHandle& handle,
                                      const Arguments& arguments);

/// Makes the awaitable's type. Once.
void bind_awaitable(nb::module_& module);

}  // namespace semantrix::python
