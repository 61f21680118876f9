#include "protocol/dynamodb/base64.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace semantrix::dynamodb {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Two characters for twelve bits.
constexpr auto pairs = [] {
  std::array<std::array<char, 2>, 4096> table{};
  for (std::size_t i = 0; i != table.size(); ++i) table[i] = {alphabet[i >> 6U], alphabet[i & 63U]};
  return table;
}();

constexpr std::uint32_t invalid = 1U << 24U;

/// For each place in a group of four, a character's bits where they belong in the three bytes.
constexpr auto places = [] {
  std::array<std::array<std::uint32_t, 256>, 4> table{};
  for (auto& place : table) place.fill(invalid);
  for (std::uint32_t i = 0; i != alphabet.size(); ++i) {
    const auto c = static_cast<unsigned char>(alphabet[i]);
    for (std::uint32_t place = 0; place != 4; ++place) table[place][c] = i << (18U - 6U * place);
  }
  return table;
}();

std::uint32_t byte(char c) noexcept { return static_cast<unsigned char>(c); }

/// The three bytes of four characters, or more than that.
std::uint32_t group(const char* text) noexcept {
  return places[0][byte(text[0])] | places[1][byte(text[1])] | places[2][byte(text[2])] |
         places[3][byte(text[3])];
}

void put(char* out, std::uint32_t bits, std::size_t count) noexcept {
  for (std::size_t i = 0; i != count; ++i) out[i] = static_cast<char>(bits >> (16U - 8U * i));
}

}  // namespace

void append_base64(std::string& out, std::string_view bytes) {
  const std::size_t at = out.size();
  out.resize(at + (bytes.size() + 2) / 3 * 4, '=');
  char* to = out.data() + at;
  const char* from = bytes.data();
  for (std::size_t left = bytes.size(); left >= 3; left -= 3, from += 3, to += 4) {
    const std::uint32_t bits = byte(from[0]) << 16U | byte(from[1]) << 8U | byte(from[2]);
    std::memcpy(to, pairs[bits >> 12U].data(), 2);
    std::memcpy(to + 2, pairs[bits & 4095U].data(), 2);
  }
  const std::size_t rest = bytes.size() % 3;
  if (rest == 0) return;
  const std::uint32_t bits = byte(from[0]) << 16U | (rest == 2 ? byte(from[1]) << 8U : 0);
  std::memcpy(to, pairs[bits >> 12U].data(), 2);
  if (rest == 2) to[2] = pairs[bits & 4095U][0];
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.empty()) return std::string();
  std::size_t padding = text.back() == '=' ? 1 : 0;
  if (padding == 1 && text[text.size() - 2] == '=') padding = 2;
  std::string out;
  out.resize(text.size() / 4 * 3);
  char* to = out.data();
  const char* from = text.data();
  const char* const last = text.data() + text.size() - 4;
  std::uint32_t seen = 0;
  for (; from != last; from += 4, to += 3) {
    const std::uint32_t bits = group(from);
    seen |= bits;
    put(to, bits, 3);
  }
  std::array<char, 4> tail{last[0], last[1], last[2], last[3]};
  for (std::size_t i = 4 - padding; i != 4; ++i) tail[i] = 'A';
  const std::uint32_t bits = group(tail.data());
  const std::uint32_t unused = padding == 0 ? 0 : (1U << (8U * padding)) - 1;
  if (((seen | bits) & invalid) != 0 || (bits & unused) != 0) return std::nullopt;
  put(to, bits, 3);
  out.resize(out.size() - padding);
  return out;
}

}  // namespace semantrix::dynamodb
