#include "protocol/memcache/command.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace semantrix::memcache {

namespace {

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 20> digits = {};
  const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out += std::string_view(digits.data(), end);
}

/// " T30"
template <class Number>
void append_flag(std::string& out, char name, Number number) {
  out += ' ';
  out += name;
  append_number(out, number);
}

/// " O7" and the line's end.
void end_meta(std::string& out, Opaque opaque) {
  if (opaque) append_flag(out, 'O', *opaque);
  out += "\r\n";
}

void append_words(std::string& out, std::string_view verb, const WireKey& key) {
  out += verb;
  out += key.text();
}

/// The server splits the two at spaces and looks for the line's end.
bool may_log_in_with(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f;
  });
}

}  // namespace

void append_get(std::string& out, Dialect dialect, const WireKey& key, Opaque opaque) {
  if (dialect == Dialect::classic) return append_get_many(out, std::span(&key, 1));
  append_words(out, "mg ", key);
  out += " v";
  end_meta(out, opaque);
}

std::size_t fitting_keys(std::span<const WireKey> keys) noexcept {
  std::size_t line = std::string_view("get\r\n").size();
  std::size_t count = 0;
  for (const WireKey& key : keys.first(std::min(keys.size(), most_keys))) {
    line += 1 + key.text().size();
    if (count > 0 && line > most_line_bytes) break;
    ++count;
  }
  return count;
}

void append_get_many(std::string& out, std::span<const WireKey> keys) {
  out += "get";
  for (const WireKey& key : keys) append_words(out, " ", key);
  out += "\r\n";
}

void append_get_entry(std::string& out, const WireKey& key, Opaque opaque) {
  append_words(out, "mg ", key);
  out += " t v f";
  end_meta(out, opaque);
}

void append_get_ttl(std::string& out, const WireKey& key, Opaque opaque) {
  append_words(out, "mg ", key);
  out += " t";
  end_meta(out, opaque);
}

void append_get_state(std::string& out, Dialect dialect, const WireKey& key, Opaque opaque) {
  if (dialect == Dialect::classic) return append_get(out, dialect, key);
  append_words(out, "mg ", key);
  out += " t f";
  end_meta(out, opaque);
}

void append_set_header(std::string& out, Dialect dialect, const WireKey& key, std::size_t bytes,
                       const Set& set) {
  if (dialect == Dialect::meta) {
    append_words(out, "ms ", key);
    out += ' ';
    append_number(out, bytes);
    if (set.seconds != 0) append_flag(out, 'T', set.seconds);
    if (set.flags != 0) append_flag(out, 'F', set.flags);
    return end_meta(out, set.opaque);
  }
  append_words(out, "set ", key);
  out += ' ';
  append_number(out, set.flags);
  out += ' ';
  append_number(out, set.seconds);
  out += ' ';
  append_number(out, bytes);
  out += "\r\n";
}

void append_set(std::string& out, Dialect dialect, const WireKey& key, std::string_view value,
                const Set& set) {
  append_set_header(out, dialect, key, value.size(), set);
  out += value;
  out += end_of_data;
}

void append_delete(std::string& out, Dialect dialect, const WireKey& key, Opaque opaque) {
  append_words(out, dialect == Dialect::meta ? "md " : "delete ", key);
  if (dialect == Dialect::meta) return end_meta(out, opaque);
  out += "\r\n";
}

void append_touch(std::string& out, Dialect dialect, const WireKey& key, std::int64_t seconds,
                  Opaque opaque) {
  if (dialect == Dialect::meta) {
    append_words(out, "mg ", key);
    append_flag(out, 'T', seconds);
    return end_meta(out, opaque);
  }
  append_words(out, "touch ", key);
  out += ' ';
  append_number(out, seconds);
  out += "\r\n";
}

void append_no_op(std::string& out, Dialect dialect) {
  out += dialect == Dialect::meta ? std::string_view("mn\r\n") : version_request;
}

Result<void> append_login(std::string& out, std::string_view user, std::string_view password) {
  if (!may_log_in_with(user) || !may_log_in_with(password)) {
    return Error(ErrorCode::invalid_argument,
                 "Memcached takes no user or password that is empty or has white space or control "
                 "characters",
                 "choose others");
  }
  out += "set login 0 0 ";
  append_number(out, user.size() + 1 + password.size());
  out += "\r\n";
  out += user;
  out += ' ';
  out += password;
  out += "\r\n";
  return {};
}

}  // namespace semantrix::memcache
