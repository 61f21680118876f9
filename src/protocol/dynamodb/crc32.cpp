#include "protocol/dynamodb/crc32.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cstring>

namespace semantrix::dynamodb {
namespace {

using Table = std::array<std::uint32_t, 256>;

/// tables[n][b]: the byte b, with n zero bytes after it.
constexpr auto tables = [] {
  constexpr std::uint32_t polynomial = 0xEDB88320;
  std::array<Table, 8> made{};
  for (std::uint32_t i = 0; i != 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit != 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? polynomial : 0);
    made[0][i] = crc;
  }
  for (std::size_t n = 1; n != made.size(); ++n) {
    for (std::size_t i = 0; i != 256; ++i) {
      made[n][i] = (made[n - 1][i] >> 8U) ^ made[0][made[n - 1][i] & 255U];
    }
  }
  return made;
}();

static_assert(std::endian::native == std::endian::little);

}  // namespace

std::uint32_t crc32(std::string_view bytes) noexcept {
  std::uint32_t crc = ~std::uint32_t{0};
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    std::memcpy(&low, bytes.data(), 4);
    std::memcpy(&high, bytes.data() + 4, 4);
    low ^= crc;
    crc = tables[7][low & 255U] ^ tables[6][(low >> 8U) & 255U] ^ tables[5][(low >> 16U) & 255U] ^
          tables[4][low >> 24U] ^ tables[3][high & 255U] ^ tables[2][(high >> 8U) & 255U] ^
          tables[1][(high >> 16U) & 255U] ^ tables[0][high >> 24U];
  }
  for (const char c : bytes) {
    crc = (crc >> 8U) ^ tables[0][(crc ^ static_cast<unsigned char>(c)) & 255U];
  }
  return ~crc;
}

bool matches_crc32(std::string_view header, std::string_view body) noexcept {
  if (header.empty()) return true;
  std::uint32_t told = 0;
  const auto read = std::from_chars(header.data(), header.data() + header.size(), told);
  return read.ec == std::errc() && read.ptr == header.data() + header.size() && told == crc32(body);
}

}  // namespace semantrix::dynamodb
