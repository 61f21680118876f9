#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace semantrix::stress {

/// A key of 32 bytes, as long as the digest of a prompt; the id alone tells keys apart.
class Key {
 public:
  explicit Key(std::uint32_t id) noexcept {
    bytes_.fill('k');
    std::memcpy(bytes_.data() + bytes_.size() - sizeof id, &id, sizeof id);
  }
  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.data(), bytes_.size()}; }

 private:
  std::array<char, 32> bytes_;
};

/// The least bytes of a value: room for the stamps below.
inline constexpr std::uint32_t least_value = 12;

/// Makes values that name their key: id and length in front, id again at the end, so that a value
/// of another key, a cut one and one of two halves are all told from the right one. One a thread.
class Payload {
 public:
  /// The value of `id`, of `size` bytes or `least_value`; valid until the next call.
  std::string_view of(std::uint32_t id, std::uint32_t size) {
    size = std::max(size, least_value);
    if (bytes_.size() < size) bytes_.resize(size, 'v');
    std::memcpy(bytes_.data(), &id, sizeof id);
    std::memcpy(bytes_.data() + sizeof id, &size, sizeof size);
    std::memcpy(bytes_.data() + size - sizeof id, &id, sizeof id);
    return std::string_view(bytes_).substr(0, size);
  }

 private:
  std::string bytes_;
};

/// Whether the bytes are a whole value of this key. A few nanoseconds, whatever the length.
inline bool belongs_to(std::string_view value, std::uint32_t id) noexcept {
  if (value.size() < least_value) return false;
  std::uint32_t front = 0;
  std::uint32_t size = 0;
  std::uint32_t back = 0;
  std::memcpy(&front, value.data(), sizeof front);
  std::memcpy(&size, value.data() + sizeof front, sizeof size);
  std::memcpy(&back, value.data() + value.size() - sizeof back, sizeof back);
  return front == id && back == id && size == value.size();
}

}  // namespace semantrix::stress
