#include "protocol/sigv4/encode.hpp"

#include <cstddef>

namespace semantrix::sigv4 {
namespace {

constexpr bool is_unreserved(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += digits[byte >> 4U];
  out += digits[byte & 0xFU];
}

/// -1 for what is no hexadecimal digit.
constexpr int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_number(std::string& out, unsigned number, int digits) {
  std::string text(static_cast<std::size_t>(digits), '0');
  for (auto at = text.rbegin(); at != text.rend(); ++at, number /= 10) {
    *at = static_cast<char>('0' + number % 10);
  }
  out += text;
}

}  // namespace

void append_encoded(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      append_escape(out, c);
    }
  }
}

std::string encoded(std::string_view text) {
  std::string out;
  append_encoded(out, text);
  return out;
}

std::string encoded_path(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (is_unreserved(c) || c == '/') {
      out += c;
    } else {
      append_escape(out, c);
    }
  }
  return out;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                         hex_value(text[i + 2]) >= 0;
    if (!escaped) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
    i += 2;
  }
  return out;
}

std::string timestamp(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string out;
  out.reserve(16);
  append_number(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  append_number(out, static_cast<unsigned>(date.month()), 2);
  append_number(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  append_number(out, static_cast<unsigned>(clock.hours().count()), 2);
  append_number(out, static_cast<unsigned>(clock.minutes().count()), 2);
  append_number(out, static_cast<unsigned>(clock.seconds().count()), 2);
  out += 'Z';
  return out;
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace semantrix::sigv4
