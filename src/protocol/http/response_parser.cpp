#include "protocol/http/response_parser.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace semantrix::http {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trim(std::string_view text) noexcept {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool same(std::string_view text, std::string_view lower_case) noexcept {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](char left, char right) { return lower(left) == right; });
}

/// Whether a comma-separated list names the token.
bool lists(std::string_view list, std::string_view token) noexcept {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (same(trim(list.substr(0, comma)), token)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

/// What RFC 9110 calls a token's characters.
bool is_name(std::string_view text) noexcept {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    const char l = lower(c);
    return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || marks.find(c) != marks.npos;
  });
}

bool has_control(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

bool read_number(std::string_view text, int base, std::uint64_t& number) noexcept {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return !text.empty() && read.ec == std::errc() && read.ptr == text.data() + text.size();
}

}  // namespace

void ResponseParser::reset() { *this = ResponseParser(limits_); }

bool ResponseParser::refuse(std::string_view why) noexcept {
  error_ = why;
  part_ = Part::broken;
  return false;
}

ResponseParser::State ResponseParser::parse(std::string_view bytes, std::size_t& taken) {
  const std::size_t before = bytes.size();
  started_ = started_ || !bytes.empty();
  while (!bytes.empty() && part_ != Part::done && part_ != Part::broken) {
    if (part_ == Part::sized_body || part_ == Part::body_to_end || part_ == Part::chunk) {
      take_body(bytes);
      continue;
    }
    std::string_view found;
    if (!line(bytes, found)) continue;
    take_line(found);
    line_.clear();
  }
  taken = before - bytes.size();
  if (part_ == Part::broken) return State::malformed;
  return part_ == Part::done ? State::complete : State::need_more;
}

ResponseParser::State ResponseParser::end() {
  if (part_ == Part::body_to_end) part_ = Part::done;
  if (part_ == Part::done) return State::complete;
  if (part_ != Part::broken) refuse("it ends in the middle");
  return State::malformed;
}

bool ResponseParser::line(std::string_view& bytes, std::string_view& found) {
  const std::size_t feed = bytes.find('\n');
  const std::size_t length = feed == bytes.npos ? bytes.size() : feed + 1;
  head_bytes_ += length;
  if (head_bytes_ > limits_.head_bytes) return refuse("its head exceeds the limit");
  found = bytes.substr(0, length);
  bytes.remove_prefix(length);
  if (feed == found.npos || !line_.empty()) {
    line_.append(found);
    found = line_;
  }
  if (feed == found.npos) return false;
  found.remove_suffix(1);
  if (found.ends_with('\r')) found.remove_suffix(1);
  return true;
}

bool ResponseParser::take_line(std::string_view line) {
  switch (part_) {
    case Part::head:
      if (response_.status == 0) return take_status(line);
      return line.empty() ? finish_head() : take_header(line);
    case Part::chunk_size:
      return take_chunk_size(line);
    case Part::chunk_end:
      return take_chunk_end(line);
    default:
      if (line.empty()) part_ = Part::done;
      return true;
  }
}

bool ResponseParser::take_status(std::string_view line) {
  constexpr std::string_view version = "HTTP/1.";
  constexpr std::size_t code_at = version.size() + 2;
  std::uint64_t status = 0;
  const bool sound = line.starts_with(version) && line.size() >= code_at + 3 &&
                     (line[version.size()] == '1' || line[version.size()] == '0') &&
                     line[code_at - 1] == ' ' && read_number(line.substr(code_at, 3), 10, status) &&
                     (line.size() == code_at + 3 || line[code_at + 3] == ' ');
  if (!sound || status < 100) return refuse("its first line is no status of HTTP/1.1");
  response_.status = static_cast<int>(status);
  keeps_alive_ = line[version.size()] == '1';
  return true;
}

bool ResponseParser::take_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == line.npos || !is_name(line.substr(0, colon))) {
    return refuse("a header has no name");
  }
  Header header{std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))};
  std::transform(header.name.begin(), header.name.end(), header.name.begin(), lower);
  if (has_control(header.value)) return refuse("a header holds control characters");
  bool sound = true;
  if (header.name == "content-length") {
    sound = take_length(header.value);
  } else if (header.name == "transfer-encoding") {
    sound = take_encoding(header.value);
  } else if (header.name == "connection") {
    if (lists(header.value, "keep-alive")) keeps_alive_ = true;
    if (lists(header.value, "close")) keeps_alive_ = false;
  }
  if (sound) response_.headers.push_back(std::move(header));
  return sound;
}

bool ResponseParser::take_length(std::string_view value) {
  std::uint64_t length = 0;
  if (!read_number(value, 10, length)) return refuse("its length is no number");
  if (has_length_ && length != left_) return refuse("it has two lengths");
  has_length_ = true;
  left_ = length;
  return true;
}

bool ResponseParser::take_encoding(std::string_view value) {
  if (chunked_ || !same(value, "chunked")) return refuse("it has an encoding that is not known");
  chunked_ = true;
  return true;
}

bool ResponseParser::finish_head() {
  constexpr int no_content = 204;
  constexpr int not_modified = 304;
  const int status = response_.status;
  if (status < 200) {
    if (status == 101) return refuse("it changes the protocol");
    reset();
    started_ = true;
    return true;
  }
  head_bytes_ = 0;
  if (status == no_content || status == not_modified) {
    part_ = Part::done;
    return true;
  }
  if (chunked_) {
    // A length beside it is what an attack on readers looks like: the connection ends here.
    if (has_length_) keeps_alive_ = false;
    part_ = Part::chunk_size;
    return true;
  }
  if (!has_length_) {
    keeps_alive_ = false;
    part_ = Part::body_to_end;
    return true;
  }
  if (left_ > limits_.body_bytes) return refuse("its body exceeds the limit");
  response_.body.reserve(left_);
  part_ = left_ == 0 ? Part::done : Part::sized_body;
  return true;
}

bool ResponseParser::take_chunk_size(std::string_view line) {
  const std::string_view size = trim(line.substr(0, line.find(';')));
  if (!read_number(size, 16, left_)) return refuse("a chunk has no size");
  if (left_ > limits_.body_bytes - response_.body.size()) {
    return refuse("its body exceeds the limit");
  }
  head_bytes_ = 0;
  part_ = left_ == 0 ? Part::trailer : Part::chunk;
  return true;
}

bool ResponseParser::take_chunk_end(std::string_view line) {
  if (!line.empty()) return refuse("a chunk is longer than its size");
  part_ = Part::chunk_size;
  return true;
}

void ResponseParser::take_body(std::string_view& bytes) {
  const bool counted = part_ != Part::body_to_end;
  const std::size_t size = counted ? std::min<std::uint64_t>(bytes.size(), left_) : bytes.size();
  if (size > limits_.body_bytes - response_.body.size()) {
    refuse("its body exceeds the limit");
    return;
  }
  response_.body.append(bytes.substr(0, size));
  bytes.remove_prefix(size);
  if (!counted) return;
  left_ -= size;
  if (left_ != 0) return;
  part_ = part_ == Part::chunk ? Part::chunk_end : Part::done;
}

}  // namespace semantrix::http
