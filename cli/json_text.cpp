#include "cli/json_text.hpp"

#include "base/utf8.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <iterator>

namespace semantrix::cli {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

unsigned byte_at(std::string_view bytes, std::size_t at) noexcept {
  return static_cast<unsigned char>(bytes[at]);
}

constexpr std::array<int, 256> make_digits() {
  std::array<int, 256> digits{};
  digits.fill(-1);
  for (std::size_t at = 0; at < alphabet.size(); ++at) {
    digits[static_cast<unsigned char>(alphabet[at])] = static_cast<int>(at);
  }
  return digits;
}
constexpr std::array<int, 256> digit_of = make_digits();

}  // namespace

std::string encode_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t left = bytes.size() - at;
    const unsigned group = (byte_at(bytes, at) << 16U) |
                           (left > 1 ? byte_at(bytes, at + 1) << 8U : 0U) |
                           (left > 2 ? byte_at(bytes, at + 2) : 0U);
    text += alphabet[group >> 18U];
    text += alphabet[(group >> 12U) & 63U];
    text += left > 1 ? alphabet[(group >> 6U) & 63U] : '=';
    text += left > 2 ? alphabet[group & 63U] : '=';
  }
  return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  const std::size_t digits = text.size() - padding;
  unsigned group = 0;
  for (std::size_t at = 0; at < digits; ++at) {
    const int digit = digit_of[static_cast<unsigned char>(text[at])];
    if (digit < 0) return std::nullopt;
    group = (group << 6U) | static_cast<unsigned>(digit);
    // The k-th digit of a quartet completes the (k-1)-th byte.
    if (at % 4 != 0) bytes += static_cast<char>((group >> (6U - 2U * (at % 4))) & 0xFFU);
  }
  return bytes;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain_from = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out += text.substr(plain_from, at - plain_from);
    plain_from = at + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    }
  }
  out += text.substr(plain_from);
  out += '"';
}

void JsonLine::begin(std::string_view name, std::string_view suffix) {
  if (!text_.empty()) text_ += ',';
  fmt::format_to(std::back_inserter(text_), "\"{}{}\":", name, suffix);
}

JsonLine& JsonLine::text(std::string_view name, std::string_view value) {
  begin(name);
  append_json_string(text_, value);
  return *this;
}

JsonLine& JsonLine::number(std::string_view name, std::uint64_t value) {
  begin(name);
  fmt::format_to(std::back_inserter(text_), "{}", value);
  return *this;
}

JsonLine& JsonLine::number(std::string_view name, double value) {
  if (!std::isfinite(value)) return null(name);
  begin(name);
  fmt::format_to(std::back_inserter(text_), "{}", value);
  return *this;
}

JsonLine& JsonLine::boolean(std::string_view name, bool value) {
  return raw(name, value ? "true" : "false");
}

JsonLine& JsonLine::null(std::string_view name) { return raw(name, "null"); }

JsonLine& JsonLine::raw(std::string_view name, std::string_view value) {
  begin(name);
  text_ += value;
  return *this;
}

JsonLine& JsonLine::bytes(std::string_view name, std::string_view value, bool binary) {
  const bool plain = !binary && is_utf8(value);
  begin(name, plain ? "" : "_b64");
  append_json_string(text_, plain ? value : std::string_view(encode_base64(value)));
  return *this;
}

}  // namespace semantrix::cli
