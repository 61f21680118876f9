#include "protocol/dynamodb/json_reader.hpp"

#include <cstdint>
#include <cstring>

namespace semantrix::dynamodb {
namespace {

/// Deeper than any answer of the service, and no danger to anybody's stack.
constexpr std::size_t most_levels = 64;

bool is_space(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20; }

bool ends_plain_text(char c) noexcept { return c == '"' || c == '\\' || is_control(c); }

constexpr std::uint64_t each_byte(std::uint64_t byte) noexcept { return ~0ULL / 255U * byte; }

/// Whether one of eight bytes may end plain text; never false where one does. Borrows between bytes
/// may only make it true once too often.
bool may_end_plain_text(const char* text) noexcept {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text, sizeof bytes);
  const auto below = [](std::uint64_t all, std::uint64_t least) {
    return (all - each_byte(least)) & ~all;
  };
  const std::uint64_t found =
      below(bytes, 0x20) | below(bytes ^ each_byte('"'), 1) | below(bytes ^ each_byte('\\'), 1);
  return (found & each_byte(0x80)) != 0;
}

/// Where a quotation mark, a backslash or a control character stands; the size: nowhere. Values
/// are most of an answer, so eight bytes are looked at together.
std::size_t end_of_plain_text(std::string_view text, std::size_t at) noexcept {
  while (text.size() - at >= 8 && !may_end_plain_text(text.data() + at)) at += 8;
  while (at != text.size() && !ends_plain_text(text[at])) ++at;
  return at;
}

void append_utf8(std::string& out, unsigned code) {
  const auto put = [&out](unsigned bits) { out.push_back(static_cast<char>(bits)); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0U | code >> 6U);
  } else if (code < 0x10000) {
    put(0xE0U | code >> 12U);
    put(0x80U | (code >> 6U & 0x3FU));
  } else {
    put(0xF0U | code >> 18U);
    put(0x80U | (code >> 12U & 0x3FU));
    put(0x80U | (code >> 6U & 0x3FU));
  }
  put(0x80U | (code & 0x3FU));
}

}  // namespace

bool JsonReader::fail() noexcept {
  failed_ = true;
  at_ = text_.size();
  return false;
}

void JsonReader::pass_space() noexcept {
  while (at_ != text_.size() && is_space(text_[at_])) ++at_;
}

char JsonReader::peek() {
  pass_space();
  return at_ == text_.size() ? '\0' : text_[at_];
}

bool JsonReader::at_end() {
  pass_space();
  return !failed_ && at_ == text_.size();
}

bool JsonReader::take(char expected) {
  if (peek() != expected) return fail();
  ++at_;
  return true;
}

bool JsonReader::begin_object() {
  first_ = true;
  return take('{');
}

bool JsonReader::begin_array() {
  first_ = true;
  return take('[');
}

bool JsonReader::next(char close) {
  if (failed_) return false;
  if (peek() == close) {
    ++at_;
    first_ = false;
    return false;
  }
  if (!first_ && !take(',')) return false;
  first_ = false;
  return true;
}

bool JsonReader::next_member(std::string_view& name) {
  return next('}') && string(name) && take(':');
}

bool JsonReader::next_element() { return next(']'); }

bool JsonReader::string(std::string_view& text) {
  if (!take('"')) return false;
  const std::size_t from = at_;
  const std::size_t end = end_of_plain_text(text_, from);
  if (end == text_.size() || is_control(text_[end])) return fail();
  text = text_.substr(from, end - from);
  at_ = end + 1;
  if (text_[end] == '"') return true;
  if (!unescape(from)) return fail();
  text = scratch_;
  return true;
}

bool JsonReader::unescape(std::size_t from) {
  scratch_.clear();
  for (std::size_t at = from; at < text_.size();) {
    const char c = text_[at];
    if (is_control(c)) return false;
    if (c == '"') {
      at_ = at + 1;
      return true;
    }
    if (c != '\\') {
      scratch_.push_back(c);
      ++at;
    } else if (!append_escaped(at)) {
      return false;
    }
  }
  return false;
}

bool JsonReader::append_escaped(std::size_t& at) {
  if (at + 1 >= text_.size()) return false;
  const char c = text_[at + 1];
  at += 2;
  constexpr std::string_view letters = "\"\\/bfnrt";
  constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
  if (const std::size_t which = letters.find(c); which != letters.npos) {
    scratch_.push_back(meant[which]);
    return true;
  }
  unsigned unit = 0;
  if (c != 'u' || !hex(at, unit)) return false;
  const bool high = unit >= 0xD800 && unit < 0xDC00;
  if (!high) {
    if (unit >= 0xDC00 && unit < 0xE000) return false;
    append_utf8(scratch_, unit);
    return true;
  }
  unsigned low = 0;
  if (text_.substr(at, 2) != "\\u") return false;
  at += 2;
  if (!hex(at, low) || low < 0xDC00 || low >= 0xE000) return false;
  append_utf8(scratch_, 0x10000 + ((unit - 0xD800) << 10U) + (low - 0xDC00));
  return true;
}

bool JsonReader::hex(std::size_t& at, unsigned& unit) const noexcept {
  if (text_.size() - at < 4) return false;
  for (const char c : text_.substr(at, 4)) {
    unit <<= 4U;
    if (is_digit(c)) {
      unit += static_cast<unsigned>(c - '0');
    } else if (const char lower = static_cast<char>(c | 0x20); lower >= 'a' && lower <= 'f') {
      unit += static_cast<unsigned>(lower - 'a') + 10;
    } else {
      return false;
    }
  }
  at += 4;
  return true;
}

bool JsonReader::number(std::string_view& text) {
  pass_space();
  const std::size_t from = at_;
  const auto digits = [this] {
    const std::size_t before = at_;
    while (at_ != text_.size() && is_digit(text_[at_])) ++at_;
    return at_ != before;
  };
  const auto has = [this](std::string_view any) {
    return at_ != text_.size() && any.find(text_[at_]) != any.npos;
  };
  if (has("-")) ++at_;
  if (!digits()) return fail();
  if (has(".")) {
    ++at_;
    if (!digits()) return fail();
  }
  if (has("eE")) {
    ++at_;
    if (has("+-")) ++at_;
    if (!digits()) return fail();
  }
  text = text_.substr(from, at_ - from);
  return true;
}

bool JsonReader::skip_word(std::string_view word) {
  if (text_.substr(at_, word.size()) != word) return fail();
  at_ += word.size();
  return true;
}

bool JsonReader::skip_string() {
  std::string_view ignored;
  return string(ignored);
}

bool JsonReader::skip() {
  std::string closers;  // of the values that are open
  std::string_view ignored;
  do {
    bool sound = true;
    switch (peek()) {
      case '{':
        sound = begin_object();
        closers.push_back('}');
        break;
      case '[':
        sound = begin_array();
        closers.push_back(']');
        break;
      case '"':
        sound = skip_string();
        break;
      case 't':
        sound = skip_word("true");
        break;
      case 'f':
        sound = skip_word("false");
        break;
      case 'n':
        sound = skip_word("null");
        break;
      default:
        sound = number(ignored);
    }
    if (!sound || closers.size() > most_levels) return fail();
    while (!closers.empty() && !(closers.back() == '}' ? next_member(ignored) : next_element())) {
      if (failed_) return false;
      closers.pop_back();
    }
  } while (!closers.empty());
  return true;
}

}  // namespace semantrix::dynamodb
