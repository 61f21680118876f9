#include "protocol/resp/slot.hpp"

#include <array>
#include <cstddef>

namespace semantrix::resp {

namespace {

using Table = std::array<std::uint16_t, 256>;

// tables[n][b] is the sum over the byte b and n zeros behind it: the sum over eight bytes is put
// together from eight look-ups that do not wait for one another.
constexpr std::size_t stride = 8;

constexpr std::array<Table, stride> make_tables() {
  std::array<Table, stride> tables = {};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t sum = byte << 8U;
    for (int bit = 0; bit < 8; ++bit) sum = sum << 1U ^ ((sum & 0x8000U) != 0 ? 0x1021U : 0U);
    tables[0][byte] = static_cast<std::uint16_t>(sum);
  }
  for (std::size_t zeros = 1; zeros < stride; ++zeros) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t sum = tables[zeros - 1][byte];
      tables[zeros][byte] =
          static_cast<std::uint16_t>((sum << 8U & 0xFFFFU) ^ tables[0][sum >> 8U]);
    }
  }
  return tables;
}

constexpr std::array<Table, stride> tables = make_tables();

std::uint32_t byte_at(std::string_view bytes, std::size_t index) noexcept {
  return static_cast<unsigned char>(bytes[index]);
}

}  // namespace

std::uint16_t crc16(std::string_view bytes, std::uint16_t before) noexcept {
  std::uint32_t sum = before;
  for (; bytes.size() >= stride; bytes.remove_prefix(stride)) {
    std::uint32_t next =
        tables[7][byte_at(bytes, 0) ^ sum >> 8U] ^ tables[6][byte_at(bytes, 1) ^ (sum & 0xFFU)];
    for (std::size_t i = 2; i < stride; ++i) next ^= tables[stride - 1 - i][byte_at(bytes, i)];
    sum = next;
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum = (sum << 8U & 0xFFFFU) ^ tables[0][sum >> 8U ^ byte_at(bytes, i)];
  }
  return static_cast<std::uint16_t>(sum);
}

std::string_view hash_tag(std::string_view key) noexcept {
  const std::size_t open = key.find('{');
  if (open == std::string_view::npos) return key;
  const std::size_t close = key.find('}', open + 1);
  if (close == std::string_view::npos || close == open + 1) return key;
  return key.substr(open + 1, close - open - 1);
}

}  // namespace semantrix::resp
