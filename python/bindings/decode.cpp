#include "decode.hpp"

#include "base/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace semantrix::python {
namespace {

struct Shape {
  bool valid = false;
  Py_ssize_t length = 0;  // characters
  Py_UCS4 highest = 0;    // no character is above it
};

unsigned int byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

/// The first byte of a character tells which range it is in: enough to choose the width.
Shape shape_of(std::string_view text) {
  Shape shape{.valid = is_utf8(text)};
  if (!shape.valid) return shape;
  unsigned int highest = 0;
  for (const char byte : text) {
    const auto bits = static_cast<unsigned char>(byte);
    if ((bits & 0xC0U) == 0x80U) continue;
    ++shape.length;
    if (bits > highest) highest = bits;
  }
  if (highest < 0x80) {
    shape.highest = 0x7F;
  } else if (highest <= 0xC3) {
    shape.highest = 0xFF;
  } else {
    shape.highest = highest < 0xF0 ? 0xFFFF : 0x10FFFF;
  }
  return shape;
}

/// REQUIRES: valid UTF-8 whose characters fit.
template <class Character>
void decode(std::string_view text, Character* out) {
  for (std::size_t at = 0; at < text.size();) {
    const unsigned int first = byte_at(text, at);
    std::uint32_t character = first;
    std::size_t more = 0;
    if (first >= 0xF0) {
      character = first & 0x07U;
      more = 3;
    } else if (first >= 0xE0) {
      character = first & 0x0FU;
      more = 2;
    } else if (first >= 0x80) {
      character = first & 0x1FU;
      more = 1;
    }
    for (std::size_t i = 1; i <= more; ++i) {
      character = character << 6U | (byte_at(text, at + i) & 0x3FU);
    }
    at += 1 + more;
    *out++ = static_cast<Character>(character);
  }
}

void fill(std::string_view text, Py_UCS4 highest, int kind, void* data) {
  if (highest < 0x80) {
    std::memcpy(data, text.data(), text.size());
  } else if (kind == PyUnicode_1BYTE_KIND) {
    decode(text, static_cast<Py_UCS1*>(data));
  } else if (kind == PyUnicode_2BYTE_KIND) {
    decode(text, static_cast<Py_UCS2*>(data));
  } else {
    decode(text, static_cast<Py_UCS4*>(data));
  }
}

}  // namespace

PyObject* decode_long_text(std::string_view text) {
  const Shape shape = without_gil_if(true, [&] { return shape_of(text); });
  if (!shape.valid) return nullptr;
  PyObject* object = PyUnicode_New(shape.length, shape.highest);
  if (object == nullptr) return nullptr;
  const int kind = static_cast<int>(PyUnicode_KIND(object));
  void* data = PyUnicode_DATA(object);
  without_gil_if(true, [&] { fill(text, shape.highest, kind, data); });
  return object;
}

}  // namespace semantrix::python
