#pragma once

#include "python.hpp"
#include <semantrix/value.hpp>

#include <string_view>

/// Keys and values between Python and bytes.
///
/// Keys: `str` as UTF-8 (what `keys()` gave for a key that is no UTF-8 comes back as the same
/// bytes: "surrogateescape"), or anything with a buffer. Values: `str` as UTF-8, or anything with a
/// buffer, marked binary; what went in as `str` comes out as `str`, the rest as `bytes`.
namespace semantrix::python {

/// The bytes of an argument, valid as long as this and the argument are.
struct Bytes {
  std::string_view view;
  bool binary = false;
  nb::object owner;  // of bytes that had to be made
};

[[nodiscard]] bool read_other_key(PyObject* key, Bytes& bytes);

/// Inline for ASCII, which costs no call.
[[nodiscard]] inline bool read_key(PyObject* key, Bytes& bytes) {
  if (PyUnicode_Check(key) && PyUnicode_IS_COMPACT_ASCII(key)) {
    bytes.view = {static_cast<const char*>(PyUnicode_DATA(key)),
                  static_cast<std::size_t>(PyUnicode_GET_LENGTH(key))};
    return true;
  }
  return read_other_key(key, bytes);
}

[[nodiscard]] bool read_value(PyObject* value, Bytes& bytes);

/// A value of its own. Copies, without the GIL if that takes long.
[[nodiscard]] Value owned_value(const Bytes& bytes);

/// A value that does not outlive `bytes`: for stores that copy before they answer.
[[nodiscard]] inline Value borrowed_value(const Bytes& bytes) noexcept {
  return {nullptr, bytes.view.data(), bytes.view.size(), bytes.binary};
}

/// `str`, or `bytes` if it was that.
[[nodiscard]] PyObject* value_to_python(const Value& value);
[[nodiscard]] PyObject* key_to_python(std::string_view key);
[[nodiscard]] PyObject* text_to_python(std::string_view text);

}  // namespace semantrix::python
