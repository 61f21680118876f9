#include "base/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace semantrix {
namespace {

/// What may follow a first byte: how many bytes in all, and the range of the second, which is what
/// rules out overlong forms, surrogates and what lies beyond U+10FFFF.
struct Sequence {
  std::size_t length;
  unsigned char low;
  unsigned char high;
};

Sequence sequence_of(unsigned char first) noexcept {
  if (first < 0x80) return {1, 0, 0};
  if (first < 0xC2) return {0, 0, 0};
  if (first < 0xE0) return {2, 0x80, 0xBF};
  if (first == 0xE0) return {3, 0xA0, 0xBF};
  if (first == 0xED) return {3, 0x80, 0x9F};
  if (first < 0xF0) return {3, 0x80, 0xBF};
  if (first == 0xF0) return {4, 0x90, 0xBF};
  if (first < 0xF4) return {4, 0x80, 0xBF};
  if (first == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

bool follows(std::string_view bytes, const Sequence& sequence) noexcept {
  if (sequence.length == 0 || bytes.size() < sequence.length) return false;
  if (sequence.length == 1) return true;
  const auto second = static_cast<unsigned char>(bytes[1]);
  if (second < sequence.low || second > sequence.high) return false;
  for (std::size_t i = 2; i < sequence.length; ++i) {
    if ((static_cast<unsigned char>(bytes[i]) & 0xC0U) != 0x80U) return false;
  }
  return true;
}

}  // namespace

bool is_utf8(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    std::uint64_t eight = 0;
    if (bytes.size() >= sizeof eight) {
      std::memcpy(&eight, bytes.data(), sizeof eight);
      if ((eight & 0x8080808080808080U) == 0) {
        bytes.remove_prefix(sizeof eight);
        continue;
      }
    }
    const Sequence sequence = sequence_of(static_cast<unsigned char>(bytes.front()));
    if (!follows(bytes, sequence)) return false;
    bytes.remove_prefix(sequence.length);
  }
  return true;
}

}  // namespace semantrix
