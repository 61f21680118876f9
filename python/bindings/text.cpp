#include "text.hpp"

#include "decode.hpp"

#include <cstring>

namespace semantrix::python {
namespace {

bool view_of_bytes(PyObject* object, Bytes& bytes) {
  bytes.view = {PyBytes_AS_STRING(object), static_cast<std::size_t>(PyBytes_GET_SIZE(object))};
  return true;
}

/// `bytes` as they are, other buffers copied: their owner may change them while nobody looks.
bool read_buffer(PyObject* object, Bytes& bytes) {
  bytes.binary = true;
  if (PyBytes_Check(object)) return view_of_bytes(object, bytes);
  bytes.owner = take(PyBytes_FromObject(object));
  return bytes.owner.is_valid() && view_of_bytes(bytes.owner.ptr(), bytes);
}

PyObject* bytes_to_python(std::string_view bytes) {
  const bool is_long = bytes.size() > long_copy_bytes;
  PyObject* object = PyBytes_FromStringAndSize(is_long ? nullptr : bytes.data(),
                                               static_cast<Py_ssize_t>(bytes.size()));
  if (object == nullptr || !is_long) return object;
  char* target = PyBytes_AS_STRING(object);
  without_gil_if(true, [&] { std::memcpy(target, bytes.data(), bytes.size()); });
  return object;
}

}  // namespace

bool read_other_key(PyObject* key, Bytes& bytes) {
  if (PyUnicode_Check(key)) {
    Py_ssize_t size = 0;
    if (const char* text = PyUnicode_AsUTF8AndSize(key, &size)) {
      bytes.view = {text, static_cast<std::size_t>(size)};
      return true;
    }
    PyErr_Clear();
    bytes.owner = take(PyUnicode_AsEncodedString(key, "utf-8", "surrogateescape"));
    return bytes.owner.is_valid() && view_of_bytes(bytes.owner.ptr(), bytes);
  }
  if (PyObject_CheckBuffer(key)) return read_buffer(key, bytes);
  PyErr_Format(PyExc_TypeError, "a key is str or bytes, not %.200s", Py_TYPE(key)->tp_name);
  return false;
}

bool read_value(PyObject* value, Bytes& bytes) {
  if (PyUnicode_Check(value)) {
    if (PyUnicode_IS_COMPACT_ASCII(value)) {
      bytes.view = {static_cast<const char*>(PyUnicode_DATA(value)),
                    static_cast<std::size_t>(PyUnicode_GET_LENGTH(value))};
      return true;
    }
    // Not PyUnicode_AsUTF8AndSize, which would keep a second copy for as long as the string lives.
    bytes.owner = take(PyUnicode_AsUTF8String(value));
    return bytes.owner.is_valid() && view_of_bytes(bytes.owner.ptr(), bytes);
  }
  if (PyObject_CheckBuffer(value)) return read_buffer(value, bytes);
  PyErr_Format(PyExc_TypeError,
               "a value is str or bytes, not %.200s; make text of it first, with json.dumps say",
               Py_TYPE(value)->tp_name);
  return false;
}

Value owned_value(const Bytes& bytes) {
  Value value =
      without_gil_if(bytes.view.size() > long_copy_bytes, [&] { return Value(bytes.view); });
  return bytes.binary ? std::move(value).as_binary() : value;
}

PyObject* value_to_python(const Value& value) {
  if (value.binary()) return bytes_to_python(value.view());
  if (value.size() > long_copy_bytes) {
    PyObject* text = decode_long_text(value.view());
    if (text != nullptr || PyErr_Occurred() != nullptr) return text;
    return bytes_to_python(value.view());
  }
  if (PyObject* text = text_to_python(value.view())) return text;
  if (PyErr_ExceptionMatches(PyExc_UnicodeDecodeError) == 0) return nullptr;
  PyErr_Clear();
  return bytes_to_python(value.view());
}

PyObject* key_to_python(std::string_view key) {
  return PyUnicode_DecodeUTF8(key.data(), static_cast<Py_ssize_t>(key.size()), "surrogateescape");
}

PyObject* text_to_python(std::string_view text) {
  return PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), nullptr);
}

}  // namespace semantrix::python
