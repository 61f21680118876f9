#include "errors.hpp"
#include "text.hpp"

#include <array>
#include <string>

namespace semantrix::python {
namespace {

constexpr std::size_t code_count = static_cast<std::size_t>(ErrorCode::internal) + 1;

// Never released: an error may be raised until the process ends.
std::array<PyObject*, code_count> classes{};

/// "connect_failed" is `ConnectFailedError`.
std::string class_name(std::string_view code) {
  std::string name;
  bool capital = true;
  for (const char letter : code) {
    if (letter == '_') {
      capital = true;
    } else {
      name += capital ? static_cast<char>(letter - 'a' + 'A') : letter;
      capital = false;
    }
  }
  return name.ends_with("Error") ? name : name + "Error";
}

/// What Python itself raises in such a case, so that general handlers catch ours as well.
PyObject* builtin_base(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::missing_configuration:
    case ErrorCode::too_large:
      return PyExc_ValueError;
    case ErrorCode::timeout:
      return PyExc_TimeoutError;
    case ErrorCode::resolve_failed:
    case ErrorCode::connect_failed:
    case ErrorCode::tls_failed:
    case ErrorCode::connection_lost:
      return PyExc_ConnectionError;
    case ErrorCode::no_credentials:
    case ErrorCode::authentication_failed:
    case ErrorCode::permission_denied:
      return PyExc_PermissionError;
    case ErrorCode::io_error:
      return PyExc_OSError;
    case ErrorCode::not_supported:
      return PyExc_NotImplementedError;
    default:
      return nullptr;
  }
}

nb::object text(std::string_view bytes) {
  return take(PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "replace"));
}

nb::object new_class(nb::handle base, ErrorCode code) {
  const std::string name = "semantrix.errors." + class_name(to_string(code));
  nb::object bases = nb::borrow(base);
  if (PyObject* builtin = builtin_base(code)) bases = nb::make_tuple(base, nb::handle(builtin));
  nb::object made = take(PyErr_NewException(name.c_str(), bases.ptr(), nullptr));
  if (!made.is_valid()) throw nb::python_error();
  made.attr("code") = text(to_string(code));
  return made;
}

void set_attributes(nb::handle exception, const ErrorInfo& info) {
  exception.attr("message") = text(info.message);
  exception.attr("remedy") = text(info.remedy);
  exception.attr("store") = text(info.store);
  exception.attr("server_message") = text(info.server_message);
  exception.attr("key_digest") = info.key_digest;
  exception.attr("retryable") = info.retryable;
  exception.attr("attempts") = info.attempts;
  exception.attr("phase") = text(to_string(info.phase));
}

}  // namespace

void bind_errors(nb::module_& module) {
  nb::object base = take(PyErr_NewExceptionWithDoc(
      "semantrix.errors.CacheError",
      "A call of a store that failed; a miss never does.\n\n"
      "Attributes: code (its kind), message, remedy, store, server_message (the server's words),\n"
      "key_digest (a hash; 0: no key), retryable (the same call may succeed later), attempts,\n"
      "phase ('none', 'queued', 'connecting', 'sent', 'received': from 'sent' on nobody knows\n"
      "whether a write was done).",
      nullptr, nullptr));
  if (!base.is_valid()) throw nb::python_error();
  module.attr("CacheError") = base;
  nb::list names;
  names.append("CacheError");
  for (std::size_t i = 0; i < code_count; ++i) {
    const auto code = static_cast<ErrorCode>(i);
    nb::object made = new_class(base, code);
    const std::string name = class_name(to_string(code));
    module.attr(name.c_str()) = made;
    names.append(name.c_str());
    classes[i] = made.release().ptr();
  }
  module.attr("error_names") = names;
}

PyObject* error_to_python(const Error& error) {
  const auto index = static_cast<std::size_t>(error.code());
  const nb::object message = text(error.to_string());
  if (!message.is_valid()) return nullptr;
  nb::object exception = take(PyObject_CallOneArg(classes[index], message.ptr()));
  if (!exception.is_valid()) return nullptr;
  try {
    set_attributes(exception, error.info());
  } catch (nb::python_error& failed) {
    failed.restore();
    return nullptr;
  }
  return exception.release().ptr();
}

PyObject* raise(const Error& error) {
  const nb::object exception = take(error_to_python(error));
  if (exception.is_valid()) {
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
  }
  return nullptr;
}

}  // namespace semantrix::python
