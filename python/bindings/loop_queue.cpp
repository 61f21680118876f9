#include "loop_queue.hpp"

#include "call.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <unordered_map>

namespace semantrix::python {
namespace {

PyObject* attribute(const char* module, const char* name) {
  const nb::object imported = take(PyImport_ImportModule(module));
  return imported.is_valid() ? PyObject_GetAttrString(imported.ptr(), name) : nullptr;
}

/// Asyncio's own function, found once. Never released.
PyObject* running_loop_function() {
  static PyObject* function = nullptr;
  if (function == nullptr) function = attribute("asyncio", "get_running_loop");
  return function;
}

PyObject* interned(const char* text) { return PyUnicode_InternFromString(text); }

using QueuePointer = std::shared_ptr<LoopQueue>;
constexpr const char* capsule_name = "semantrix.loop_queue";

QueuePointer& queue_in(PyObject* capsule) {
  return *static_cast<QueuePointer*>(PyCapsule_GetPointer(capsule, capsule_name));
}

void free_capsule(PyObject* capsule) { delete &queue_in(capsule); }

PyObject* drain_queue(PyObject* capsule, PyObject* /*unused*/) {
  const QueuePointer queue = queue_in(capsule);
  queue->drain();
  if (PyErr_Occurred() != nullptr) return nullptr;
  Py_RETURN_NONE;
}

PyMethodDef drain_definition{"semantrix_calls_ended", drain_queue, METH_NOARGS, nullptr};

}  // namespace

/// The queues of all loops, by the loop's address. Guarded by the GIL.
struct Loops {
  struct Known {
    QueuePointer queue;
    PyObject* weak_reference;  // owned; its callback removes the entry
  };

  static std::unordered_map<PyObject*, Known>& all() {
    static auto* loops = new std::unordered_map<PyObject*, Known>;  // as long as the process
    return *loops;
  }

  /// Called by Python as a loop goes; `capsule` holds its address.
  static PyObject* forget(PyObject* capsule, PyObject* /*weak_reference*/) {
    auto* loop = static_cast<PyObject*>(PyCapsule_GetPointer(capsule, nullptr));
    const auto found = all().find(loop);
    if (found != all().end()) {
      found->second.queue->retired_ = true;
      PyObject* weak_reference = found->second.weak_reference;
      all().erase(found);
      Py_DECREF(weak_reference);
    }
    Py_RETURN_NONE;
  }
};

namespace {

PyMethodDef forget_definition{"semantrix_loop_gone", Loops::forget, METH_O, nullptr};

/// A function whose `self` is the pointer.
nb::object function_of(PyMethodDef& definition, void* pointer, const char* name,
                       PyCapsule_Destructor free) {
  const nb::object capsule = take(PyCapsule_New(pointer, name, free));
  return capsule.is_valid() ? take(PyCFunction_New(&definition, capsule.ptr())) : nb::object();
}

}  // namespace

std::shared_ptr<LoopQueue> LoopQueue::attach(PyObject* loop) {
  const int descriptor = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (descriptor < 0) {
    PyErr_SetFromErrno(PyExc_OSError);
    return nullptr;
  }
  const QueuePointer queue(new LoopQueue(descriptor));
  const nb::object drain =
      function_of(drain_definition, new QueuePointer(queue), capsule_name, free_capsule);
  const nb::object forget = function_of(forget_definition, loop, nullptr, nullptr);
  if (!drain.is_valid() || !forget.is_valid()) return nullptr;
  nb::object weak_reference = take(PyWeakref_NewRef(loop, forget.ptr()));
  if (!weak_reference.is_valid()) return nullptr;
  const nb::object added =
      take(PyObject_CallMethod(loop, "add_reader", "iO", descriptor, drain.ptr()));
  if (!added.is_valid()) return nullptr;
  Loops::all()[loop] = {queue, weak_reference.release().ptr()};
  return queue;
}

std::shared_ptr<LoopQueue> LoopQueue::of_running_loop() {
  // Most threads have one loop.
  thread_local PyObject* last_loop = nullptr;
  thread_local std::weak_ptr<LoopQueue> last_queue;

  PyObject* function = running_loop_function();
  const nb::object loop = take(function == nullptr ? nullptr : PyObject_CallNoArgs(function));
  if (!loop.is_valid()) return nullptr;
  if (loop.ptr() == last_loop) {
    QueuePointer queue = last_queue.lock();
    if (queue && !queue->retired_) return queue;
  }
  const auto known = Loops::all().find(loop.ptr());
  QueuePointer queue = known != Loops::all().end() ? known->second.queue : attach(loop.ptr());
  last_loop = loop.ptr();
  last_queue = queue;
  return queue;
}

PyObject* LoopQueue::new_future() {
  static PyObject* create_future = interned("create_future");
  PyObject* function = running_loop_function();
  const nb::object loop = take(function == nullptr ? nullptr : PyObject_CallNoArgs(function));
  return loop.is_valid() ? PyObject_CallMethodNoArgs(loop.ptr(), create_future) : nullptr;
}

LoopQueue::~LoopQueue() { ::close(descriptor_); }

void LoopQueue::push(std::shared_ptr<Call> call) {
  {
    const std::lock_guard lock(mutex_);
    ended_.push_back(std::move(call));
    if (ended_.size() > 1) return;  // the loop has been woken for the first
  }
  const std::uint64_t one = 1;
  while (::write(descriptor_, &one, sizeof one) < 0 && errno == EINTR) {
  }
}

void LoopQueue::drain() {
  static PyObject* set_result = interned("set_result");
  std::uint64_t woken = 0;
  while (::read(descriptor_, &woken, sizeof woken) < 0 && errno == EINTR) {
  }
  std::vector<std::shared_ptr<Call>> ended;
  {
    const std::lock_guard lock(mutex_);
    ended.swap(ended_);
  }
  for (const std::shared_ptr<Call>& call : ended) {
    if (call->future == nullptr) continue;
    const nb::object future = nb::borrow(call->future);
    const nb::object done = take(PyObject_CallMethodOneArg(future.ptr(), set_result, Py_None));
    // A future that was cancelled in this very turn of the loop takes no result.
    if (!done.is_valid()) PyErr_Clear();
  }
}

}  // namespace semantrix::python
