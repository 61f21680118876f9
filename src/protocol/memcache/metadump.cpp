#include "protocol/memcache/metadump.hpp"

#include "protocol/memcache/error_reply.hpp"
#include "protocol/memcache/line.hpp"

#include <charconv>
#include <utility>

namespace semantrix::memcache {

namespace {

// 250 bytes of a key, each as %XX, and half a dozen numbers.
constexpr std::size_t longest_line = 4096;
constexpr std::size_t longest_key = 250;

Error malformed(std::string_view what) {
  return {ErrorCode::protocol_error,
          "the server's list of its keys is malformed: " + std::string(what),
          "check that the endpoint is a Memcached server"};
}

/// What a server without the crawler answers is known to mean just that here.
Error to_dump_error(std::string_view line) {
  Error error = to_error(line);
  if (error.code() != ErrorCode::not_supported) return error;
  ErrorInfo info = error.info();
  info.message = "the server does not list its keys, which keys, size and clear need";
  info.remedy =
      "choose another 'key_prefix' instead of clearing this one, or use a server that allows "
      "'lru_crawler metadump'";
  return Error(std::move(info));
}

int digit_of(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool decode(std::string_view text, std::string& key) {
  key.clear();
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      key += text[at];
      continue;
    }
    if (text.size() - at < 3) return false;
    const int high = digit_of(text[at + 1]);
    const int low = digit_of(text[at + 2]);
    if (high < 0 || low < 0) return false;
    key += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return !key.empty() && key.size() <= longest_key;
}

/// "-1": never.
bool parse_expiry(std::string_view text, std::optional<std::chrono::sys_seconds>& expires) {
  expires.reset();
  if (text == "-1") return true;
  const std::optional<std::uint64_t> seconds = parse_number(text);
  if (!seconds || *seconds > std::uint64_t{1} << 40U) return false;
  expires = std::chrono::sys_seconds(std::chrono::seconds(*seconds));
  return true;
}

}  // namespace

MetadumpReader::State MetadumpReader::read(std::string_view input) {
  if (state_ == State::failed || state_ == State::end) return state_;
  consumed_ = 0;
  const Line found = find_line(input, 0, looked_at_, longest_line, Ending::any_lf);
  switch (found.state) {
    case Line::State::malformed:
      return fail(malformed(found.fault));
    case Line::State::unfinished:
      looked_at_ = found.end;
      return state_ = State::need_more;
    case Line::State::whole:
      break;
  }
  looked_at_ = 0;
  consumed_ = found.end;
  return line(input.substr(0, found.size));
}

MetadumpReader::State MetadumpReader::line(std::string_view line) {
  if (line.starts_with("key=")) {
    if (!parse_entry(line)) return fail(malformed("an entry cannot be read"));
    return state_ = State::entry;
  }
  // The second: the crawler has not begun, since there is nothing to look at.
  if (line == "END" || line.starts_with("NOTSTARTED")) return state_ = State::end;
  if (!is_error(line)) return fail(malformed("a line is no entry"));
  is_old_server_ = classify_error(line) == ErrorKind::bad_class;
  return fail(to_dump_error(line));
}

bool MetadumpReader::parse_entry(std::string_view line) {
  bool has_key = false;
  bool has_expiry = false;
  entry_.bytes = 0;
  for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) continue;  // A field of a newer server.
    const std::string_view name = word.substr(0, equals);
    const std::string_view text = word.substr(equals + 1);
    if (name == "key" && !has_key) {
      if (!decode(text, entry_.key)) return false;
      has_key = true;
    } else if (name == "exp") {
      if (!parse_expiry(text, entry_.expires)) return false;
      has_expiry = true;
    } else if (name == "size") {
      entry_.bytes = parse_number(text).value_or(0);
    }
  }
  return has_key && has_expiry;
}

MetadumpReader::State MetadumpReader::fail(Error why) {
  error_ = std::move(why);
  return state_ = State::failed;
}

}  // namespace semantrix::memcache
