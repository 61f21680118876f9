#include "loop_queue.hpp"
#include "verb.hpp"

#include <new>

// The awaitable that every verb of a store gives. It stands for a coroutine without being one:
// asyncio runs anything with send, throw and close. The verb begins at the first send; an answer
// that is ready ends it there and then. Else a future of the loop is handed to whoever awaits, and
// the second send finds the call ended.
namespace semantrix::python {
namespace {

enum class State : std::uint8_t { fresh, waiting, over };

struct Awaitable {
  PyObject_HEAD const Verb* verb;
  const StoreHandle* handle;  // of owner
  PyObject* owner;
  Arguments arguments;
  PyObject* future;
  std::shared_ptr<Call> call;
  State state;
};

PyTypeObject* awaitable_type = nullptr;

Awaitable& self_of(PyObject* object) { return *reinterpret_cast<Awaitable*>(object); }

void drop_arguments(Awaitable& self) {
  for (PyObject*& argument : self.arguments) Py_CLEAR(argument);
}

/// Nobody waits any more.
void abandon(Awaitable& self) {
  self.state = State::over;
  if (self.call) {
    self.call->future = nullptr;
    self.call->cancel();
    self.call.reset();
  }
  Py_CLEAR(self.future);
}

/// Gives the loop a future to wait for.
PySendResult suspend(Awaitable& self, std::shared_ptr<Call> call, PyObject** result) {
  static PyObject* blocking = PyUnicode_InternFromString("_asyncio_future_blocking");
  std::shared_ptr<LoopQueue> queue = LoopQueue::of_running_loop();
  if (!queue) return PYGEN_ERROR;
  nb::object future = take(LoopQueue::new_future());
  if (!future.is_valid() || PyObject_SetAttr(future.ptr(), blocking, Py_True) != 0) {
    return PYGEN_ERROR;
  }
  call->future = future.ptr();
  self.call = std::move(call);
  self.future = future.inc_ref().ptr();
  self.state = State::waiting;
  PyObject_GC_Track(reinterpret_cast<PyObject*>(&self));
  self.call->start(std::move(queue));
  *result = future.release().ptr();
  return PYGEN_NEXT;
}

PySendResult begin(Awaitable& self, PyObject** result) {
  self.state = State::over;
  Started started = self.verb->start(*self.handle, self.arguments);
  drop_arguments(self);
  if (started.call) return suspend(self, std::move(started.call), result);
  *result = started.answer;
  return started.answer == nullptr ? PYGEN_ERROR : PYGEN_RETURN;
}

PySendResult resume(Awaitable& self, PyObject** result) {
  const nb::object done = take(PyObject_CallMethod(self.future, "done", nullptr));
  if (!done.is_valid()) return PYGEN_ERROR;
  if (done.ptr() != Py_True) {
    PyErr_SetString(PyExc_RuntimeError, "a call of a store was resumed before it has ended");
    return PYGEN_ERROR;
  }
  const std::shared_ptr<Call> call = std::move(self.call);
  call->future = nullptr;
  Py_CLEAR(self.future);
  self.state = State::over;
  *result = call->answer();
  return *result == nullptr ? PYGEN_ERROR : PYGEN_RETURN;
}

PySendResult send(PyObject* object, PyObject* /*sent*/, PyObject** result) {
  Awaitable& self = self_of(object);
  *result = nullptr;
  switch (self.state) {
    case State::fresh:
      return begin(self, result);
    case State::waiting:
      return resume(self, result);
    case State::over:
      break;
  }
  PyErr_SetString(PyExc_RuntimeError, "cannot reuse already awaited coroutine");
  return PYGEN_ERROR;
}

/// As a generator returns: by StopIteration, which None does without.
PyObject* stop_with(PyObject* value) {
  const nb::object owned = take(value);
  if (value == Py_None) return nullptr;
  if (!PyTuple_Check(value) && !PyExceptionInstance_Check(value)) {
    PyErr_SetObject(PyExc_StopIteration, value);
    return nullptr;
  }
  const nb::object stop = take(PyObject_CallOneArg(PyExc_StopIteration, value));
  if (stop.is_valid()) PyErr_SetObject(PyExc_StopIteration, stop.ptr());
  return nullptr;
}

PyObject* next(PyObject* object) {
  PyObject* result = nullptr;
  const PySendResult sent = send(object, Py_None, &result);
  return sent == PYGEN_RETURN ? stop_with(result) : result;
}

PyObject* send_method(PyObject* object, PyObject* value) {
  PyObject* result = nullptr;
  if (send(object, value, &result) != PYGEN_RETURN) return result;
  if (result == Py_None) {
    Py_DECREF(result);
    PyErr_SetNone(PyExc_StopIteration);
    return nullptr;
  }
  return stop_with(result);
}

/// Raises what was thrown in: an exception, or a class with perhaps a value.
void restore_thrown(PyObject* type, PyObject* value) {
  if (PyExceptionInstance_Check(type)) {
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(type)), type);
  } else if (PyExceptionClass_Check(type)) {
    PyErr_SetObject(type, value);
  } else {
    PyErr_SetString(PyExc_TypeError, "only exceptions can be thrown into a call");
  }
}

PyObject* throw_method(PyObject* object, PyObject* const* arguments, Py_ssize_t count) {
  if (count < 1 || count > 3) {
    PyErr_SetString(PyExc_TypeError, "throw() takes one to three arguments");
    return nullptr;
  }
  abandon(self_of(object));
  drop_arguments(self_of(object));
  restore_thrown(arguments[0], count > 1 ? arguments[1] : nullptr);
  return nullptr;
}

PyObject* close_method(PyObject* object, PyObject* /*unused*/) {
  abandon(self_of(object));
  drop_arguments(self_of(object));
  Py_RETURN_NONE;
}

PyObject* itself(PyObject* object) {
  Py_INCREF(object);
  return object;
}

PyObject* name_of(PyObject* object, void* /*unused*/) {
  return PyUnicode_FromString(self_of(object).verb->name);
}

int traverse(PyObject* object, visitproc visit, void* arg) {
  Awaitable& self = self_of(object);
  Py_VISIT(Py_TYPE(object));
  Py_VISIT(self.owner);
  Py_VISIT(self.future);
  for (PyObject* argument : self.arguments) Py_VISIT(argument);
  return 0;
}

int clear(PyObject* object) {
  Awaitable& self = self_of(object);
  if (self.state == State::waiting) abandon(self);
  drop_arguments(self);
  return 0;
}

/// Without it a forgotten `await` of an `add` would go unnoticed.
void warn_never_awaited(Awaitable& self) {
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  if (PyErr_WarnFormat(PyExc_RuntimeWarning, 1, "coroutine '%s' was never awaited",
                       self.verb->name) != 0) {
    PyErr_WriteUnraisable(nullptr);
  }
  PyErr_Restore(type, value, trace);
}

void dealloc(PyObject* object) {
  Awaitable& self = self_of(object);
  if (PyObject_GC_IsTracked(object) != 0) PyObject_GC_UnTrack(object);
  if (self.state == State::fresh) warn_never_awaited(self);
  if (self.state == State::waiting) abandon(self);
  drop_arguments(self);
  Py_CLEAR(self.owner);
  self.call.~shared_ptr();
  PyTypeObject* type = Py_TYPE(object);
  PyObject_GC_Del(object);
  Py_DECREF(type);
}

PyMethodDef methods[] = {
    {"send", send_method, METH_O, "Begins or resumes the call."},
    {"throw", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(throw_method)),
     METH_FASTCALL, "Cancels the call and raises the exception."},
    {"close", close_method, METH_NOARGS, "Cancels the call."},
    {nullptr, nullptr, 0, nullptr}};

PyGetSetDef attributes[] = {{"__name__", name_of, nullptr, "The verb.", nullptr},
                            {"__qualname__", name_of, nullptr, "The verb.", nullptr},
                            {nullptr, nullptr, nullptr, nullptr, nullptr}};

template <class Function>
void* slot(Function* function) {
  return reinterpret_cast<void*>(function);
}

PyType_Slot slots[] = {{Py_tp_doc, const_cast<char*>("A call of a store that can be awaited.")},
                       {Py_tp_dealloc, slot(dealloc)},
                       {Py_tp_traverse, slot(traverse)},
                       {Py_tp_clear, slot(clear)},
                       {Py_tp_iter, slot(itself)},
                       {Py_tp_iternext, slot(next)},
                       {Py_tp_methods, methods},
                       {Py_tp_getset, attributes},
                       {Py_am_await, slot(itself)},
#if PY_VERSION_HEX >= 0x030A0000
                       {Py_am_send, slot(send)},
#endif
                       {0, nullptr}};

PyType_Spec spec{"semantrix._core.StoreCall", sizeof(Awaitable), 0,
                 Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};

}  // namespace

PyObject* new_awaitable(const Verb& verb, PyObject* owner, const StoreHandle& handle,
                        const Arguments& arguments) {
  auto* self = PyObject_GC_New(Awaitable, awaitable_type);
  if (self == nullptr) return nullptr;
  self->verb = &verb;
  self->handle = &handle;
  Py_INCREF(owner);
  self->owner = owner;
  self->arguments = arguments;
  for (PyObject* argument : arguments) Py_XINCREF(argument);
  self->future = nullptr;
  new (&self->call) std::shared_ptr<Call>();
  self->state = State::fresh;
  // Only a call under way can be part of a cycle: the loop's future knows who awaits it.
  return reinterpret_cast<PyObject*>(self);
}

void bind_awaitable(nb::module_& module) {
  awaitable_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
  if (awaitable_type == nullptr) throw nb::python_error();
  module.attr("StoreCall") = nb::handle(reinterpret_cast<PyObject*>(awaitable_type));
}

}  // namespace semantrix::python
